"""Figures of tagged documents, for notebooks and reports: what they are about, over time, and what they cite.

    from nlp import plots
    plots.profile(nlp.tag("brief.pdf"))

Each takes a tagged document, a list of them, or a frame (to_frame(), or a file of tag_documents read by pandas); draws
on `ax`, or on a figure of its own that fits; and returns the Axes. Passages are counted, each once per label. Colours
are the official ones of the goals; numbers, names and values stand beside them, so that a figure can be read in grey
too. Where there is nothing to draw the figure says so. Raises MissingExtra without matplotlib (and networkx), FrameError
for what holds no tagged passages.
"""

from nlp.plots.graph import citation_graph, citation_network
from nlp.plots.profiles import heatmap, profile, timeline
from nlp.plots.reliability import calibration

__all__ = ["calibration", "citation_graph", "citation_network", "heatmap", "profile", "timeline"]

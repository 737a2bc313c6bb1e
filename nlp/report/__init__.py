"""A tagged document as one page that stands by itself: its pages as pictures on the left, its passages on the right.

Opened by double click; nothing is fetched and nothing is sent: what it needs is in the file, and its policy forbids the
rest. Whatever text a document holds is shown as text. Many documents get a report each and an index. jinja2 is loaded
by the first call.
"""

from nlp.report.index import write_html
from nlp.report.single import report

__all__ = ["report", "write_html"]

"""The teacher: multilingual-e5-small, tuned on the annotations, to label passages that nobody has judged.

It is too slow and too heavy to ship; the linear model learns from its labels (nlp.distil). Needs the extra `teacher`.
"""

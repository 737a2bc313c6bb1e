"""A small typesetter for specimen documents whose exact structure is known.

pieces → typeset (lines) → flow (pages) → a renderer (PDF) and `truth` (JSON).
"""

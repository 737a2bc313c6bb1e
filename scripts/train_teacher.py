"""Tune a teacher per fold and let it label the pool that a recipe names (nlp/distil.py). Needs the extra `teacher`."""

from nlp.console import script
from nlp.console.teach import train_teacher

if __name__ == "__main__":
    script(train_teacher)

"""Check annotations: lines, codes, duplicates, splits. The same as `doelwijzer check`."""

from nlp.console import script
from nlp.console.check import check_corpus

if __name__ == "__main__":
    script(check_corpus)

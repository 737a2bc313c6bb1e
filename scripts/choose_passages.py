"""Choose what to annotate next, with the reason for each passage. The same as `doelwijzer choose`."""

from nlp.console import script
from nlp.console.choose import choose_passages

if __name__ == "__main__":
    script(choose_passages)

"""Find labels that may be wrong, for a second look. The same as `doelwijzer suspects`."""

from nlp.console import script
from nlp.console.suspects import suspect_labels

if __name__ == "__main__":
    script(suspect_labels)

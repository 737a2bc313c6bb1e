"""Say how far annotators agree and settle what they differ on. The same as `doelwijzer agree`."""

from nlp.console import script
from nlp.console.agree import compare_annotators

if __name__ == "__main__":
    script(compare_annotators)

"""Read one document into blocks, as JSON. The same as `doelwijzer read`."""

from nlp.console import read_document, script

if __name__ == "__main__":
    script(read_document)

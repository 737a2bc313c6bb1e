"""Annotate passages in Label Studio, or by doccano and CSV files. The same as `doelwijzer annotate`."""

from nlp.console.annotate import annotate

if __name__ == "__main__":
    annotate()

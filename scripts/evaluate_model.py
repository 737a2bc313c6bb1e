"""Measure a model on gold, against another model and beside its peers. The same as `doelwijzer evaluate`."""

from nlp.console import script
from nlp.console.evaluate import evaluate_model

if __name__ == "__main__":
    script(evaluate_model)

"""Train a model anew after new annotations and say what changed. The same as `doelwijzer renew`."""

from nlp.console import script
from nlp.console.renew import renew_model

if __name__ == "__main__":
    script(renew_model)

"""Train a model from a recipe. The same as `doelwijzer train`."""

from nlp.console import script, train_model

if __name__ == "__main__":
    script(train_model)

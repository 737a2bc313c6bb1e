"""Make the suggestions of SDG targets: `python scripts/train_targets.py [RECIPE] [--out FOLDER]`."""

import argparse
from pathlib import Path

from nlp.targets.learn import learn, read_recipe

MODELS = Path(__file__).parent.parent / "models"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", nargs="?", type=Path, default=MODELS / "recipes" / "targets.toml")
    parser.add_argument("--out", type=Path, help="default models/NAME of the recipe")
    given = parser.parse_args()
    recipe = read_recipe(given.recipe)
    folder = given.out or MODELS / recipe.name
    found = learn(recipe, folder, say=print)["figures"]["all"]
    print(f"right first {found['top1']:.3f}, precision {found['precision']:.3f}, recall {found['recall']:.3f}")
    print(f"Wrote {folder}")


if __name__ == "__main__":
    main()

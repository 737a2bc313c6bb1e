"""How good and how fast suggestions of SDG targets are: `python tests/benchmarks/targets.py [--quick]`.

Figures are measured anew, on folds that keep documents together, beside the likeness to the words of the targets alone.
Times are processor time of one core, on passages of 100 words.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from classifying import CORPUS, passages

from nlp.tagger import BATCH, Tagger, load_tagger
from nlp.targets import load_suggester
from nlp.targets.learn import gather, metrics, out_of_fold, read_recipe, settle

MODELS = Path(__file__).parent.parent.parent / "models"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only speed and size")
    parser.add_argument("--passages", type=int, default=2000)
    given = parser.parse_args()
    begin = time.process_time()
    suggester = load_suggester()
    stored = sum(path.stat().st_size for path in (MODELS / "targets").iterdir()) / 1e6
    print(f"{suggester}: {stored:.1f} MB on disk, loaded in {time.process_time() - begin:.2f} s")
    texts = list(passages(CORPUS))[: given.passages]
    for name, tagger in (("without targets", load_tagger()), ("with targets", load_tagger(targets=True))):
        print(f"{name:20}{len(texts) / seconds(tagger, texts):8.0f} passages a second, with evidence")
    if not given.quick:
        measure()


def seconds(tagger: Tagger, texts: list[str]) -> float:
    for _ in range(2):  # the second time the words are known
        begin = time.process_time()
        for start in range(0, len(texts), BATCH):
            tagger.predict(texts[start : start + BATCH])
    return time.process_time() - begin


def measure() -> None:
    recipe = read_recipe(MODELS / "recipes" / "targets.toml")
    examples = gather(recipe)
    logits = out_of_fold(recipe, examples)
    found = metrics(recipe, examples, logits, settle(recipe, logits, examples))
    print(f"{'':20}{'top 1':>8}{'top 3':>8}{'suggested':>11}{'precision':>11}{'recall':>8}")
    for name, row in (("baseline", found["baseline"]["all"]), ("suggestions", found["figures"]["all"])):
        shares = (row["top1"], row["top3"], row["suggested"], row["precision"], row["recall"])
        print("{:20}{:8.3f}{:8.3f}{:11d}{:11.3f}{:8.3f}".format(name, *shares))


if __name__ == "__main__":
    main()

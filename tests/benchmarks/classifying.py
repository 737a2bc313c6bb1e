"""How fast passages are classified, beside plain scikit-learn: `python tests/benchmarks/classifying.py [--model NAME]`.

Passages of 100 words, cut from the project's own corpus or from --texts. All times are processor time of one core.
Memory is that of a fresh process without scikit-learn, as it is in use: the highest resident size the system saw.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from nlp.classify import Classifier
from nlp.features import WORD
from nlp.models import find_model, load_model
from nlp.tagger import BATCH, load_tagger

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / "corpus" / "annotations" / "original.jsonl"
WORDS = 100
FIRST = "Bedrijven moeten kinderarbeid in hun keten voorkomen (Kamerstuk 26 485, nr. 337)."
Work = Callable[[Sequence[str]], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="current", help="name or folder")
    parser.add_argument("--texts", type=Path, default=CORPUS, help="JSON lines with a field text")
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    texts = list(passages(given.texts))[: given.passages]
    if given.peak:
        tagger = load_tagger(given.model)
        for start in range(0, len(texts), BATCH):  # what the caller keeps is not the classifier's
            tagger.predict(texts[start : start + BATCH])
        print(resident())
        return

    folder = find_model(given.model)
    stored = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{load_model(folder)}: {stored:.1f} MB on disk; {len(texts)} passages of {WORDS} words")
    wall, processor, once = first_call(given.model)
    print(f"{'import and first call':44}{wall:8.2f} s, of processor time {processor:.2f} s")
    print(f"{'resident at most, with the first call':44}{once:8.0f} MB")
    print(f"{'resident at most, tagging them all':44}{peak(given.model, given.texts, given.passages):8.0f} MB")
    print(f"{'passages per second':44}{'new words':>10}{'again':>10}")
    classifier, plain = load_model(folder).classifier, plain_pipeline(load_model(folder).classifier)
    works: dict[str, Callable[[], Work]] = {
        "nlp.predict with evidence": lambda: load_tagger(folder).predict,
        "nlp.predict without": lambda: load_tagger(folder, evidence=False).predict,
        "classifier with evidence": lambda: classifier.tag,
        "classifier without": lambda: partial(classifier.tag, evidence=False),
        "classifier, scores alone": lambda: classifier.scores,
        "scikit-learn's own, scores alone": lambda: partial(plain_scores, plain),
    }
    for name, work in works.items():
        classifier.encoder.learnt(list(classifier.encoder.vocabulary_), classifier.encoder.idf_)  # forgets its words
        new, *again = (len(texts) / seconds(work(), texts) for _ in range(3))
        print(f"{name:44}{new:10.0f}{max(again):10.0f}")
    ours = np.hstack(list(classifier.scores(texts).values()))
    apart = np.abs(ours - plain_scores(plain, texts)).mean()
    print(f"the scores of both are {apart:.4f} apart: scikit-learn cuts words at white space, punctuation included")


def passages(path: Path) -> Iterator[str]:
    """All text of a file in pieces of 100 words."""
    with path.open(encoding="utf-8") as lines:
        words = [word for line in lines for word in json.loads(line)["text"].split()]
    for start in range(0, len(words) - WORDS + 1, WORDS):
        yield " ".join(words[start : start + WORDS])


def seconds(work: Work, texts: Sequence[str]) -> float:
    begin = time.process_time()
    work(texts)
    return time.process_time() - begin


def first_call(model: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and megabytes, in a fresh interpreter; the quickest of three."""
    code = (
        "import sys, time; t, p = time.perf_counter(), time.process_time(); import nlp;"
        f"nlp.load({model!r}).predict({FIRST!r}); print(time.perf_counter() - t, time.process_time() - p);"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import classifying; print(classifying.resident())"
    )
    runs = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        for _ in range(3)
    )
    wall, processor, once = min(tuple(map(float, run.stdout.split())) for run in runs)
    return wall, processor, once


def resident() -> float:
    """Megabytes this process took at most. Linux; not getrusage, which a child inherits from its parent at birth."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def peak(model: str, texts: Path, count: int) -> float:
    """Megabytes that a fresh process takes at most to tag all passages, Python, libraries and texts included."""
    command = [sys.executable, __file__, "--peak", "--model", model, "--texts", str(texts), "--passages", str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def plain_pipeline(classifier: Classifier) -> Pipeline:
    """The same features and weights in scikit-learn's own parts, as one would write it without this project."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, Pipeline
    from sklearn.preprocessing import Normalizer

    encoder = classifier.encoder
    names = list(encoder.vocabulary_)
    words = [i for i, name in enumerate(names) if name.startswith("=")]
    grams = [i for i, name in enumerate(names) if not name.startswith("=")]
    plain = {"preprocessor": lower, "sublinear_tf": True, "norm": None}
    by_word = TfidfVectorizer(
        token_pattern=WORD.pattern, ngram_range=(1, 2), vocabulary=[names[i][1:] for i in words], **plain
    )
    by_gram = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=encoder.ngrams,
        vocabulary=[names[i].replace("<", " ").replace(">", " ") for i in grams],
        **plain,
    )
    by_word.idf_, by_gram.idf_ = encoder.idf_[words], encoder.idf_[grams]
    linear = LogisticRegression()
    weights = np.hstack([head.weights for head in classifier.heads])
    linear.coef_ = np.ascontiguousarray(weights[[*words, *grams]].T)
    linear.intercept_ = np.concatenate([head.intercept for head in classifier.heads])
    linear.classes_ = np.arange(len(linear.intercept_))
    features = FeatureUnion([("words", by_word), ("grams", by_gram)])
    return Pipeline([("features", features), ("length", Normalizer()), ("linear", linear)])


def lower(text: str) -> str:
    return re.sub(r"\d{3,}", lambda m: "0" * len(m.group()), text.lower().replace("’", "'"))


def plain_scores(pipeline: Pipeline, texts: Sequence[str]) -> NDArray[np.float64]:
    return np.asarray(expit(pipeline.decision_function(texts)))


if __name__ == "__main__":
    main()

"""The SDG Classification Benchmark (github.com/SDGClassification/benchmark): 1,251 English snippets, one SDG asked of each.

For testing only: nothing may be trained, tuned or chosen on it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.errors import DoelwijzerError, MissingExtra
from nlp.evaluation.figures import Bools, ratios

Ints = NDArray[np.int64]
OTHER_FILE = "SDGCLASSIFICATION_BENCHMARK_CSV"  # the package reads its snippets from here when it is set
LIMITS = (
    "One SDG is asked of each snippet, so labels given besides it are never counted against a system; snippets without "
    "the SDG are near it in topic."
)


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One system over all snippets together; macro_f1 and worst_f1 (of SDG worst_sdg) over the SDGs. All 0..1."""

    system: str
    accuracy: float
    precision: float
    recall: float
    micro_f1: float
    macro_f1: float
    worst_f1: float
    worst_sdg: int


@dataclass(frozen=True, slots=True)
class BenchmarkSdg:
    """The snippets that were asked about one SDG."""

    sdg: int
    snippets: int
    accuracy: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """condition: what the figures hold for, to be printed wherever they are."""

    row: BenchmarkRow
    sdgs: tuple[BenchmarkSdg, ...]
    condition: str


# As published with the benchmark (commit d2037e0, 22 February 2026), F1 worked out from its stats.csv files.
PEERS = (
    BenchmarkRow("AFD SDG Prospector (DistilRoBERTa)", 0.882, 0.922, 0.830, 0.874, 0.865, 0.72, 17),
    BenchmarkRow("GPT-4o, zero-shot", 0.872, 0.808, 0.971, 0.882, 0.879, 0.77, 1),
    BenchmarkRow("DeepSeek v3", 0.870, 0.811, 0.959, 0.879, 0.876, 0.76, 1),
    BenchmarkRow("Llama 3 70B", 0.859, 0.808, 0.935, 0.867, 0.863, 0.75, 1),
    BenchmarkRow("Claude 4 Sonnet", 0.847, 0.771, 0.982, 0.864, 0.861, 0.71, 1),
    BenchmarkRow("text2sdg ensemble", 0.833, 0.840, 0.817, 0.828, 0.820, 0.69, 17),
    BenchmarkRow("Global Goals Directory", 0.815, 0.878, 0.724, 0.794, 0.785, 0.65, 11),
    BenchmarkRow("Aurora mBERT", 0.795, 0.794, 0.789, 0.792, 0.785, 0.67, 3),
    BenchmarkRow("JRC SDG Mapper", 0.775, 0.928, 0.589, 0.721, 0.711, 0.55, 10),
    BenchmarkRow("OSDG v1", 0.707, 0.800, 0.541, 0.645, 0.602, 0.06, 17),
)


def run_benchmark(predict: Callable[[Sequence[str]], Sequence[Sequence[str]]], system: str) -> Benchmark:
    """Ask `predict` for the SDG codes ("1" … "17") of every snippet.

    Raises MissingExtra without sdgclassification-benchmark, DoelwijzerError when its other file cannot be read.
    """
    texts, asked, gold = _snippets()
    given = np.array([str(sdg) in codes for sdg, codes in zip(asked, predict(texts), strict=True)], dtype=bool)
    sdgs = tuple(_sdg(int(sdg), given[asked == sdg], gold[asked == sdg]) for sdg in np.unique(asked))
    worst = min(sdgs, key=lambda row: row.f1)
    accuracy, precision, recall, f1 = _figures(given, gold)
    macro = float(np.mean([row.f1 for row in sdgs]))
    row = BenchmarkRow(system, accuracy, precision, recall, f1, macro, worst.f1, worst.sdg)
    return Benchmark(row, sdgs, _condition())


def _snippets() -> tuple[list[str], Ints, Bools]:
    try:
        from sdgclassification.benchmark import load_benchmark_df
    except ImportError:
        raise MissingExtra("sdgclassification-benchmark", "benchmark") from None
    try:
        frame = load_benchmark_df()
        return frame["text"].tolist(), frame["sdg"].to_numpy(dtype=np.int64), frame["label"].to_numpy(dtype=bool)
    except (OSError, ValueError, KeyError) as error:
        raise DoelwijzerError(
            f"{os.environ.get(OTHER_FILE)}: not a benchmark file ({error}).",
            hint=f"It needs the columns id, text, sdg, label; or unset {OTHER_FILE}.",
        ) from None


def _sdg(sdg: int, given: Bools, gold: Bools) -> BenchmarkSdg:
    return BenchmarkSdg(sdg, len(gold), *_figures(given, gold))


def _figures(given: Bools, gold: Bools) -> tuple[float, float, float, float]:
    """Accuracy, precision, recall, F1."""
    right = (given & gold).sum()
    parts = np.array([(given == gold).sum(), right, right, 2 * right])
    accuracy, precision, recall, f1 = ratios(
        parts, np.array([len(gold), given.sum(), gold.sum(), given.sum() + gold.sum()])
    ).tolist()
    return accuracy, precision, recall, f1


def _condition() -> str:
    other = os.environ.get(OTHER_FILE)
    if other:
        return f"Snippets from {Path(other).name} in place of the benchmark's own: not the published test. {LIMITS}"
    return f"The texts are English and the model learnt from Dutch alone; most peers were made for English. {LIMITS}"

"""Figures of the citation finder: how well it finds, how fast, and whether time doubles with the text.

python tests/benchmarks/citations.py [--shared ../shared]
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from nlp.citations import find_citations

ROOT = Path(__file__).parent.parent.parent
HARD = [
    "Kamerstukken II 2019/20, ", "1234567890", "26 485, ", "nr. ", "nrs. 1, 2, 3, ", "(", " ", "\n", "-\n", "<b ",
    "Kamerstuk ", "TK ", "idem, ",
    "https://", "kst-", "35300-", "Handelingen ", "Kamerstuk 26485, nr. 3, ", "Kamerstukken 31945, 36512, ",
    "nr. 1 (26485",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Figures of the citation finder.")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder with the sets (../shared)")
    folder = parser.parse_args().shared / "citations"
    print(f"import and first text    {first_text():.0f} ms")
    score_sets(folder)
    speed(folder / "speed_5mb.txt")
    doubling()


def first_text() -> float:
    """Milliseconds of processor time to import the module and read one short text, in a fresh interpreter; the best of five."""
    code = (
        "import time, nlp; t = time.process_time(); from nlp.citations import find_citations;"
        "find_citations('Kamerstuk 26485, nr. 232'); print(time.process_time() - t)"
    )
    runs = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        for _ in range(5)
    )
    return 1000 * min(float(run.stdout) for run in runs)


def score_sets(folder: Path) -> None:
    scorer = load_scorer(folder / "score.py")
    for name, path in (
        ("own examples", ROOT / "tests/data/citations/own.jsonl"),
        ("public.jsonl", folder / "public.jsonl"),
    ):
        result = scorer.evaluate_function(
            scorer.load(str(path)), lambda text: [asdict(c) for c in find_citations(text)]
        )
        print(
            f"{name:<24} identifier F1 {result['identifier']['f1']:.3f}, fields F1 {result['fields']['f1']:.3f},"
            f" {result['negatives_with_a_false_hit']} of {result['negatives']} negatives hit,"
            f" exact span {result['exact_span']:.3f}, same url {result['same_url']:.3f}"
        )


def load_scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    seconds, found = min((processor_time(text) for _ in range(3)), key=lambda run: run[0])
    print(f"{path.name:<24} {len(text.encode()) / seconds / 1e6:.2f} MB/s on one core, {found} citations")


def doubling() -> None:
    print("time for 200,000 and 400,000 characters of one piece:")
    for piece in HARD:
        once, twice = (processor_time(piece * (size // len(piece)))[0] for size in (200_000, 400_000))
        print(f"  {piece!r:<32} {once:7.3f} s {twice:7.3f} s   x {twice / max(once, 1e-6):.1f}")


def processor_time(text: str) -> tuple[float, int]:
    start = time.process_time()
    found = len(find_citations(text))
    return time.process_time() - start, found


if __name__ == "__main__":
    main()

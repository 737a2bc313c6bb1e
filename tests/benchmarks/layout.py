"""How well documents are read: the figures of ../shared/pdf/score.py, by layout.

python tests/benchmarks/layout.py ../shared/pdf/public [FOLDER...] [--engine pdfium]

Each folder holds NAME.pdf with its exact truth NAME.json, as ../shared/pdf/public or what scripts/make_documents.py makes.
"""

import argparse
import importlib.util
import json
import sys
from collections import defaultdict
from pathlib import Path

import nlp

SCORER = Path(__file__).resolve().parents[3] / "shared" / "pdf" / "score.py"
FIGURES = ("para_f1", "head_f1", "word_r", "word_p", "furn_leak", "fn_r", "fn_leak", "hyph_rate", "tau")


def load_scorer():
    if not SCORER.is_file():
        sys.exit(f"{SCORER}: the scorer is not here; it is not part of the repository.")
    spec = importlib.util.spec_from_file_location("score", SCORER)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer.score_doc


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--engine", default="pdfplumber")
    options = parser.parse_args()
    score = load_scorer()
    for folder in options.folders:
        found = defaultdict(list)
        for path in sorted(folder.glob("*.pdf")):
            truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            blocks = nlp.read(path, engine=options.engine).blocks
            figures = score([{"kind": b.kind, "text": b.text, "page": b.page} for b in blocks], truth)
            for name in (truth["layout"], "all"):
                found[name].append(figures)
        print(f"{folder}, {options.engine}")
        print(f"{'layout':12} {'n':>4}", *(f"{name:>9}" for name in FIGURES))
        for name in sorted(found, key=lambda layout: (layout == "all", layout)):
            print(f"{name:12} {len(found[name]):4}", *(_mean(found[name], figure) for figure in FIGURES))


def _mean(rows, figure):
    values = [row[figure] for row in rows if row.get(figure) is not None]
    return f"{sum(values) / len(values):9.4f}" if values else f"{'–':>9}"


if __name__ == "__main__":
    main()

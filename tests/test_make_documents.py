"""Specimen documents: the same bytes on every run, and a truth that is printed on the pages."""

import hashlib
import importlib.util
import json
import sys
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import make_documents  # noqa: E402
from documents.wording import read_texts  # noqa: E402
from make_sample_letter import SAMPLES, make_letter  # noqa: E402


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def letters(text):
    """Letters and digits only: readers differ in how they give hyphens and white space."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def printed(path):
    """All letters on each page, in the order they were drawn."""
    pdf = pypdfium2.PdfDocument(path)
    return [letters(page.get_textpage().get_text_bounded()) for page in pdf]


def lost_words(truth, pages):
    """Words of blocks that are not on their pages, and furniture that is on none."""
    lost = [word for line in truth["furniture"] for word in line.split() if letters(word) not in "".join(pages)]
    for block in truth["blocks"]:
        there = "".join(pages[block["page_start"] - 1 : block["page_end"]])
        lost += [word for word in block["text"].split() if not stands(letters(word), there)]
    return lost


def stands(word, there):
    """Whole, or in two parts when a page or column ends in it."""
    return word in there or any(word[:n] in there and word[n:] in there for n in range(2, len(word) - 1))


@pytest.fixture(scope="module")
def letter(tmp_path_factory):
    return make_letter(SAMPLES / "kamerbrief_imvo.md", tmp_path_factory.mktemp("letter"))


def test_the_sample_letter_has_the_same_bytes_on_every_run(letter, tmp_path):
    assert sha256(make_letter(SAMPLES / "kamerbrief_imvo.md", tmp_path)) == sha256(letter)


def test_the_committed_sample_letter_is_up_to_date(letter):
    made = letter.with_name("kamerbrief_imvo.truth.json").read_text(encoding="utf-8")
    assert (SAMPLES / "kamerbrief_imvo.truth.json").read_text(encoding="utf-8") == made
    assert printed(SAMPLES / "kamerbrief_imvo.pdf") == printed(letter)


def test_the_sample_letter_holds_what_a_kamerbrief_holds():
    truth = json.loads((SAMPLES / "kamerbrief_imvo.truth.json").read_text(encoding="utf-8"))
    kinds = {block["kind"] for block in truth["blocks"]}
    assert 4 <= truth["pages"] <= 6
    assert kinds == {"paragraph", "heading", "list_item", "table", "caption", "footnote"}
    assert [b["label"] for b in truth["blocks"] if b["kind"] == "footnote"] == ["1", "2", "3", "4", "5", "6"]
    assert "Pagina 3 van 5" in truth["furniture"]


def test_every_word_of_the_truth_is_printed_on_its_pages():
    truth = json.loads((SAMPLES / "kamerbrief_imvo.truth.json").read_text(encoding="utf-8"))
    assert lost_words(truth, printed(SAMPLES / "kamerbrief_imvo.pdf")) == []


@pytest.fixture(scope="module")
def texts():
    return read_texts(make_documents.TEXTS)


def test_a_document_is_the_same_whatever_is_made_beside_it(tmp_path, capsys):
    for folder, count in (("some", 1), ("more", 2)):
        make_documents.main(["--out", str(tmp_path / folder), "--count", str(count), "--seed", "7"])
    some = sorted((tmp_path / "some").iterdir())
    assert [sha256(path) for path in some] == [sha256(tmp_path / "more" / path.name) for path in some]
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_every_seed_gives_another_document(tmp_path, texts):
    made = [make_documents.make_document(tmp_path, texts, "motie", 0, seed) for seed in range(3)]
    truths = [json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8")) for pdf in made]
    assert len({json.dumps(truth["blocks"]) for truth in truths}) == 3


SPECIMENS = [(layout, renderer) for layout in make_documents.LAYOUTS for renderer in ("reportlab", "fpdf2")]
SPECIMENS.append(("report", "weasyprint"))


@pytest.mark.parametrize(("layout", "renderer"), SPECIMENS)
def test_the_truth_is_printed_where_it_says(layout, renderer, tmp_path, texts):
    if renderer not in make_documents.RENDERERS:
        pytest.skip(f"{renderer} is not installed or lacks its system libraries")
    pdf = make_documents.make_document(tmp_path, texts, layout, 1, renderer=renderer)
    truth = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
    assert lost_words(truth, printed(pdf)) == []
    assert truth["pages"] == len(printed(pdf))


def test_the_scorer_gives_the_truth_itself_full_marks(tmp_path, texts):
    folder = ROOT.parent / "shared" / "pdf"
    if not (folder / "score.py").exists():
        pytest.skip("the scorer of PDF readers is not at hand")
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    pdf = make_documents.make_document(tmp_path, texts, "aanhangsel", 2)
    truth = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
    read = [{"kind": b["kind"], "text": b["text"], "page": b["page_start"]} for b in truth["blocks"]]
    figures = score.score_doc(read, truth)
    assert (figures["para_f1"], figures["word_r"], figures["furn_leak"], figures["page_acc"]) == (1, 1, 0, 1)

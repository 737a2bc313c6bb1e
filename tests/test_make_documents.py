"""Specimen documents: the same bytes on every run, and a truth that is printed on the pages."""

import hashlib
import json
import sys
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import make_documents  # noqa: E402
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
    lost = [line for line in truth["furniture"] if letters(line) not in "".join(pages)]
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


def test_a_document_is_the_same_whatever_is_made_beside_it(tmp_path):
    for folder, count in (("some", 3), ("more", 6)):
        make_documents.main(["--out", str(tmp_path / folder), "--count", str(count), "--seed", "7"])
    some = sorted((tmp_path / "some").iterdir())
    assert [sha256(path) for path in some] == [sha256(tmp_path / "more" / path.name) for path in some]


@pytest.mark.parametrize("layout", make_documents.LAYOUTS)
@pytest.mark.parametrize("renderer", make_documents.RENDERERS)
def test_the_truth_is_printed_where_it_says(layout, renderer, tmp_path):
    make_documents.main(["--out", str(tmp_path), "--count", "2", "--layout", layout, "--renderer", renderer])
    for pdf in tmp_path.glob("*.pdf"):
        truth = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
        assert lost_words(truth, printed(pdf)) == []

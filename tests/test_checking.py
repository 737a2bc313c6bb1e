"""A corpus with troubles: each is named with file, line and next step, and only what needs no judgement is mended."""

import json
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.checking import check, corpus_files
from nlp.checking.near import near_pairs
from nlp.checking.repair import repair
from nlp.checking.texts import meant
from nlp.corpus import read_annotations
from nlp.errors import CorpusError
from nlp.records import passage_id
from tests.conftest import ROOT

TODAY = date(2026, 11, 28)
GOOD = {
    "passage": "p1", "text": "De Kamer spreekt over het klimaat.", "labels": {"sdg": ["13"], "imvo": []},
    "annotator": "lb", "date": "2026-11-27", "guideline": "1.2", "group": "kst-1",
}  # fmt: skip
MOTIE = (
    "De Kamer, gehoord de beraadslaging, constaterende dat drie op de tien scholen in Zeeland geen volledig bevoegde "
    "leraar wiskunde kunnen vinden; overwegende dat een reiskostenvergoeding elders vacatures vervulde; verzoekt de "
    "regering te onderzoeken of die vergoeding landelijk kan, en gaat over tot de orde van de dag."
)


def written(folder, *rows, name="a.jsonl"):
    """A file with one line per row; a row that is text or bytes stands there as it is."""
    raws = [
        row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode() for row in rows
    ]
    file = folder / name
    file.write_bytes(b"\n".join(raws) + b"\n")
    return file


def found(*paths, **how):
    return check(paths, today=TODAY, **how).findings


def kinds(findings):
    return [finding.kind for finding in findings]


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


def test_a_good_line_has_no_findings(tmp_path):
    report = check([written(tmp_path, GOOD)], today=TODAY)
    assert (report.files, report.lines, report.errors, report.findings) == (1, 1, 0, ())


LINES = [
    # the line                                                 kind                what is said of it, and what next
    ('{"passage": "p"', "unreadable-line", "a.jsonl:1: not JSON"),
    ("[1]", "unreadable-line", "not a JSON object"),
    (b'{"text": "caf\xe9"}', "unreadable-line", "byte 14 of the line is not UTF-8. Save the file in UTF-8."),
    (b'{"text": "\x00\x00"}', "unreadable-line", "Byte 11 is NUL"),
    ('{"a": 1}{"a": 2}', "unreadable-line", "Two objects on one line"),
    (json.dumps(GOOD)[:-1] + ', "text": "anders"}', "key-twice", "'text' stands twice"),
    (without("text"), "no-text", "no text. Remove the line"),
    (GOOD | {"text": "  "}, "no-text", "no text"),
    (GOOD | {"text": 7}, "no-text", "no text"),
    (GOOD | {"text": "een \x00 teken"}, "control-character", "(U+0000) at character 4"),
    (GOOD | {"text": "half \ud83d teken"}, "half-character", "(U+D83D) at character 5"),
    (GOOD | {"text": "ge\ufffd\ufffdnde tekst"}, "lost-character", "a character was lost"),
    (GOOD | {"text": "de coÃ¶rdinatie"}, "wrong-encoding", "Did you mean 'ö'?"),
    (GOOD | {"text": "12 miljoen â‚¬"}, "wrong-encoding", "Did you mean '€'?"),
    (GOOD | {"text": "zoâ€™n"}, "wrong-encoding", "Did you mean '’'?"),
    (without("labels"), "no-labels", 'no labels. Write "labels"'),
    (GOOD | {"labels": ["13"]}, "no-labels", "labels are no object"),
    (GOOD | {"labels": {"sdg": "13"}}, "no-codes", "sdg is not a list of codes"),
    (GOOD | {"labels": {"sdg": [13]}}, "no-codes", "Write codes as strings"),
    (GOOD | {"labels": {"sgd": ["13"]}}, "unknown-scheme", "unknown scheme 'sgd'. Did you mean 'sdg'?"),
    (GOOD | {"labels": {"sdg": ["18"]}}, "unknown-code", "unknown sdg code '18'"),
    (GOOD | {"labels": {"sdg": ["8.7"]}}, "unknown-code", "It is a code of sdg-target; put it there."),
    (GOOD | {"labels": {"sdg": ["kinderarbeid"]}}, "unknown-code", "It is a code of imvo; put it there."),
    (GOOD | {"labels": {"imvo": ["kinderarbied"]}}, "unknown-code", "Did you mean 'kinderarbeid'?"),
    (GOOD | {"labels": {"imvo": ["Leefbaar loon en inkomen"]}}, "unknown-code", "Did you mean 'leefbaar-loon'?"),
    (GOOD | {"labels": {"imvo": ["geen"]}}, "unknown-code", "Write [] when none apply."),
    (GOOD | {"labels": {"sdg": ["13"], "sdg-target": ["8.7"]}}, "target-without-goal", 'Add "8" to sdg'),
    (GOOD | {"labels": {"sdg-target": ["8.7"]}}, "target-without-goal", "target 8.7 without its goal 8"),
    (GOOD | {"annotator": "lies@voorbeeld.nl"}, "e-mail", "Use initials or a role"),
    (GOOD | {"date": "28-11-2026"}, "no-date", "Write year, month and day: 2026-11-28."),
    (GOOD | {"date": "2026-02-30"}, "no-date", "is no day"),
    (GOOD | {"date": "2026-11-29T08:00:00"}, "future", "Today is 2026-11-28"),
    (GOOD | {"date": "1998-05-01"}, "before", "Is it the document's date?"),
    (GOOD | {"guideline": "1.20"}, "unknown-guideline", "Did you mean '1.2'?"),
    (GOOD | {"guideline": 1.2}, "no-string", 'Use quotes: "guideline": "1.2".'),
    (GOOD | {"doubt": "ja"}, "no-truth", "neither true nor false"),
    (GOOD | {"split": "devtest"}, "unknown-split", "Did you mean 'dev-test'?"),
    (GOOD | {"start": 10, "end": 12}, "offset", "start and end are 2 apart, the text has 34 characters"),
    (GOOD | {"start": -1, "end": 33}, "offset", "are no offsets"),
    (GOOD | {"evidence": [{"start": 26, "end": 40}]}, "offset", "are not in the text of 34 characters"),
    (GOOD | {"evidence": [{"start": 26, "end": 33, "text": "de zee"}]}, "offset", "are 'klimaat', not 'de zee'"),
    (GOOD | {"passage": passage_id("kst-1", "iets anders")}, "changed-text", "the text is not the one"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "said"), LINES)
def test_what_is_wrong_with_a_line_is_said_with_the_next_step(tmp_path, line, kind, said):
    (finding,) = (f for f in found(written(tmp_path, line)) if f.error)
    assert finding.kind == kind
    assert said in str(finding)
    assert str(finding).startswith(f"{tmp_path / 'a.jsonl'}:1: ")
    assert len(str(finding).splitlines()) == 1
    assert finding.hint.strip()


WARNINGS = [
    (without("passage"), "no-passage"),
    (without("annotator"), "no-annotator"),
    (without("guideline"), "no-guideline"),
    (without("group"), "no-group"),
    (GOOD | {"labels": {}}, "not-judged"),
    (GOOD | {"anotator": "mk"}, "unknown-field"),
    (GOOD | {"text": "afbreek\xadstreepje"}, "unseen-character"),
    (GOOD | {"text": "\uf0b7 een punt"}, "private-character"),
    (GOOD | {"text": "met een spatie "}, "spaces"),
    (GOOD | {"annotator": "lb "}, "spaces"),
    (GOOD | {"text": unicodedata.normalize("NFD", "coördinatie")}, "not-nfc"),
    (GOOD | {"labels": {"sdg": ["13", "2"]}}, "order"),
    (GOOD | {"labels": {"sdg": ["2", "2"]}}, "code-twice"),
]


@pytest.mark.parametrize(("line", "kind"), WARNINGS)
def test_what_is_worth_a_look_is_a_warning(tmp_path, line, kind):
    (finding,) = found(written(tmp_path, line))
    assert (finding.kind, finding.error) == (kind, False)
    assert ": warning: " in str(finding)


@pytest.mark.parametrize(
    "line",
    [
        GOOD | {"text": "CAFÉ’S en BELGIË” zijn goed, en zo ook € 12 – ½ ’s-Gravenhage"},
        GOOD | {"labels": {"sdg": ["8"], "sdg-target": ["8.2", "8.10", "8.a"], "imvo": ["due-diligence", "klimaat"]}},
        GOOD | {"id": "x", "ref": "kst-1", "by": "lb", "title": "Brief", "batch": 3, "task": 12},
        GOOD | {"date": "2026-11-27T23:59:59+01:00", "annotator": "curator:lb", "doubt": True, "split": "dev-test"},
        GOOD | {"start": 100, "end": 134, "evidence": [{"start": 26, "end": 33, "text": "klimaat"}]},
        GOOD | {"passage": passage_id("kst-1", GOOD["text"])},
    ],
)
def test_what_is_fine_is_left_in_peace(tmp_path, line):
    assert found(written(tmp_path, line)) == ()


# ---- lines beside each other

BESIDE = [
    ("the same line again", [GOOD, GOOD], "line-twice", "the same as line 1"),
    ("another text under one name", [GOOD, GOOD | {"text": "Heel iets anders."}], "other-text", "has another text at"),
    ("another document", [GOOD, GOOD | {"group": "kst-2", "annotator": "mk"}], "other-document", "is of 'kst-2' here"),
    (
        "one text judged in two ways",
        [GOOD, GOOD | {"passage": "p2", "labels": {"sdg": [], "imvo": []}}],
        "contradiction", "lb gives this text sdg none, and 13 at",
    ),
    (
        "one text on both sides",
        [GOOD, GOOD | {"passage": "p2", "group": "kst-2", "split": "dev-test", "text": GOOD["text"].upper()}],
        "split-leak", "the same text is of split train at",
    ),
    (
        "one document on both sides",
        [GOOD, GOOD | {"passage": "p2", "text": "Iets anders.", "split": "dev-test"}],
        "document-split", "document 'kst-1' is of split train at",
    ),
    (
        "nearly one text on both sides",
        [GOOD | {"text": MOTIE}, GOOD | {"passage": "p2", "group": "kst-2", "split": "test", "text": "[12:03] " + MOTIE}],
        "near-leak", "nearly the same text (100%)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "kind", "said"), [row[1:] for row in BESIDE], ids=[row[0] for row in BESIDE])
def test_lines_are_held_against_each_other(tmp_path, rows, kind, said):
    (finding,) = (f for f in found(written(tmp_path, *rows)) if f.error)
    assert (finding.kind, finding.line) == (kind, 2)
    assert said in finding.trouble


def test_files_are_held_against_each_other(tmp_path):
    (tmp_path / "deel").mkdir()
    written(tmp_path, GOOD, name="ronde1-lb.jsonl")
    written(tmp_path / "deel", GOOD, name="ronde1-lb.jsonl")
    (finding,) = found(tmp_path)
    assert finding.file.endswith("ronde1-lb.jsonl")
    assert "deel/ronde1-lb.jsonl:1. Keep one of them" in str(finding)
    assert not finding.mendable


def test_two_annotators_and_a_second_thought_are_no_trouble(tmp_path):
    again = GOOD | {"labels": {"sdg": [], "imvo": []}, "date": "2026-11-28"}
    other = GOOD | {"labels": {"sdg": ["7"], "imvo": []}, "annotator": "mk"}
    back = GOOD | {"date": "2026-11-28"}
    assert found(written(tmp_path, GOOD, again, other, back)) == ()


def test_a_second_thought_without_a_date_is_asked_about(tmp_path):
    again = GOOD | {"labels": {"sdg": [], "imvo": []}}
    before = again | {"date": "2026-11-20"}
    assert kinds(found(written(tmp_path, without("date"), again | {"date": None}))) == ["judged-again"]
    assert kinds(found(written(tmp_path, GOOD, before))) == ["judged-again"]


def test_two_spellings_of_one_annotator_are_told(tmp_path):
    rows = [GOOD | {"passage": f"p{n}", "text": f"Tekst {n}."} for n in range(3)]
    (finding,) = found(written(tmp_path, *rows, GOOD | {"passage": "p9", "text": "Tekst 9.", "annotator": "L.B."}))
    assert (finding.kind, finding.line) == ("annotator-spelling", 4)
    assert finding.hint == "Write 'lb' if it is the same person."


def test_a_document_may_repeat_itself(tmp_path):
    file = written(tmp_path, GOOD | {"text": MOTIE}, GOOD | {"passage": "p2", "text": "Voorzitter. " + MOTIE})
    assert found(file) == ()


def test_near_texts_in_one_split_are_a_warning_and_can_be_left_out(tmp_path):
    file = written(
        tmp_path, GOOD | {"text": MOTIE}, GOOD | {"passage": "p2", "group": "k", "text": MOTIE + " Bisschop"}
    )
    assert kinds(found(file)) == ["near-text"]
    assert found(file, near=False) == ()


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=20, max_size=30), st.integers(0, 5))
def test_all_near_pairs_are_found_and_no_others(words, changed):
    one = [f"woord{n}{k}" for k, n in enumerate(words)]
    other = one[:-changed] + [f"anders{k}" for k in range(changed)] if changed else one
    far = [f"ver{k}" for k in range(25)]
    pairs = {
        (i, j): alike for i, j, alike in near_pairs([" ".join(t) for t in (one, far, other)], likeness=0.0) if alike
    }
    runs = len(one) - 3
    assert pairs == {(0, 2): pytest.approx((runs - changed) / runs)}


# ---- files


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ["empty-file"]),
        (b"\n\n", ["empty-file"]),
        (json.dumps(GOOD).encode(), ["no-line-end"]),
        (b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\n", ["byte-order-mark"]),
        (json.dumps(GOOD).encode() + b"\r\n", ["line-ends"]),
        (json.dumps(GOOD).encode() + b"\n\n", ["blank-line"]),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path, content, said):
    (tmp_path / "a.jsonl").write_bytes(content)
    report = check([tmp_path], today=TODAY)
    assert (kinds(report.findings), report.errors) == (said, 0)


def test_a_path_that_is_not_there_is_said():
    with pytest.raises(CorpusError, match="no such file or folder"):
        check(["nergens"])


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_give_findings_and_no_error(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("bytes") / "a.jsonl"
    file.write_bytes(content)
    for finding in found(file):
        assert str(finding).isprintable()
    list(repair([file]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ANYTHING = st.fixed_dictionaries({}, optional=dict.fromkeys([*GOOD, "split", "doubt", "start", "end", "id"], JSON))


@settings(max_examples=40)
@given(st.lists(ANYTHING | ANYTHING.map(lambda row: GOOD | row), max_size=4))
def test_any_objects_give_findings_and_no_error(tmp_path_factory, rows):
    file = written(tmp_path_factory.mktemp("rows"), *rows)
    found(file)
    list(repair([file]))
    assert list(repair([file])) == []  # once mended, nothing is left to mend


# ---- mending


def test_what_is_mended_is_said_and_the_rest_keeps_its_bytes(tmp_path):
    untouched = json.dumps(GOOD | {"passage": "p0", "text": "Eerste."}, separators=(",", ":")).encode()
    compact = json.dumps(GOOD | {"labels": {"sdg": ["13", "2", "13"]}}, separators=(",", ":"))
    accents = GOOD | {"passage": "p2", "text": unicodedata.normalize("NFD", " coördinatie "), "annotator": "lb "}
    wrong = GOOD | {"passage": "p3", "text": "de coÃ¶rdinatie", "labels": {"sdg": ["18"]}}
    file = tmp_path / "a.jsonl"
    rows = [
        untouched,
        compact.encode(),
        b"",
        json.dumps(accents).encode(),
        compact.encode(),
        json.dumps(wrong).encode(),
    ]
    file.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(rows))
    done = [line.removeprefix(f"{file}:") for line in repair([file])]
    assert done == [
        "1: byte order mark removed",
        "1: line ends made those of the other files",
        "2: sdg put in order",
        "4: spaces around the text removed",
        "4: spaces around the annotator removed",
        "4: accents joined to their letters",
        "5: sdg put in order",
        "6: end of the last line added",
        "5: removed, the same as line 2",
        "3: blank line removed",
    ]
    lines = file.read_bytes().split(b"\n")
    assert lines[0] == untouched
    assert lines[1] == compact.replace('["13","2","13"]', '["2","13"]').encode()
    assert json.loads(lines[2])["text"] == "coördinatie"
    assert lines[3] == json.dumps(wrong).encode()  # needs a judgement
    assert lines[4:] == [b""]
    assert list(repair([file])) == []
    assert not any(finding.mendable for finding in found(file))
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_offsets_keep_a_text_from_being_mended(tmp_path):
    file = written(tmp_path, GOOD | {"text": "klimaat ", "evidence": [{"start": 0, "end": 7, "text": "klimaat"}]})
    before = file.read_bytes()
    (finding,) = found(file)
    assert (finding.kind, finding.mendable) == ("spaces", False)
    assert list(repair([file])) == []
    assert file.read_bytes() == before


def test_going_back_to_an_earlier_judgement_is_no_double(tmp_path):
    other = GOOD | {"labels": {"sdg": [], "imvo": []}}
    file = written(tmp_path, GOOD, other, GOOD)
    assert list(repair([file])) == []
    assert len(list(read_annotations(file))) == 3


def test_a_broken_line_is_kept_for_a_person(tmp_path):
    file = written(tmp_path, GOOD, '{"passage": "half', json.dumps(GOOD)[:-1] + ', "text": " x "}')
    before = file.read_bytes()
    assert list(repair([file])) == []
    assert file.read_bytes() == before


# ---- the corpus itself


def test_the_corpus_of_the_project_has_no_errors():
    report = check([ROOT / "corpus"])
    assert [str(finding) for finding in report.findings if finding.error] == []
    assert report.lines >= 3585


def test_every_file_below_a_folder_is_looked_at():
    names = {path.name for path in corpus_files([ROOT / "corpus"])}
    assert {"original.jsonl", "formules.jsonl", "grensgevallen.jsonl"} <= names
    assert all(path.parent.name in ("corpus", "annotations") for path in corpus_files([ROOT / "corpus"]))


def test_moties_read_out_in_a_debate_are_found_again_across_the_splits(shared):
    """Four of them stand on both sides of the split of the shared collection."""
    leaks = [f for f in found(shared / "annotation" / "passages.jsonl") if f.error]
    assert sorted((f.kind, f.line) for f in leaks) == [("near-leak", n) for n in (1677, 2507, 3336, 5815)]


@pytest.mark.parametrize(("misread", "right"), [("Ã«", "ë"), ("â€œ", "“"), ("É’", None), ("Ã", None)])
def test_bytes_read_in_the_wrong_encoding(misread, right):
    assert meant(misread) == right


def test_the_script_says_what_it_found_and_what_it_changed(tmp_path):
    file = written(
        tmp_path, GOOD | {"labels": {"sdg": ["13", "2"]}}, GOOD | {"passage": "q", "text": "Ja.", "split": "tset"}
    )

    def run(*arguments):
        command = [sys.executable, "scripts/check_corpus.py", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)

    done = run(file, "--json", tmp_path / "found.json")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{file}:1: warning: the codes of sdg are out of order: 13, 2. --fix puts them in order.",
        f"{file}:2: unknown split 'tset'. Did you mean 'test'?",
    ]
    assert done.stderr == "2 lines in 1 file: 1 error, 1 warning. --fix can mend 1 of them.\n"
    assert [row["kind"] for row in json.loads(Path(tmp_path / "found.json").read_text())] == ["order", "unknown-split"]
    fixed = run(file, "--fix")
    assert fixed.stdout.splitlines()[0] == f"{file}:1: sdg put in order"
    assert fixed.returncode == 1  # the split is still wrong
    file.write_text(file.read_text().replace("tset", "test"))
    assert run(file).returncode == 1  # a document on both sides
    assert run(tmp_path / "weg.jsonl").returncode == 2

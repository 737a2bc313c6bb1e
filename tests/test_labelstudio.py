"""What goes to Label Studio and comes back, without its server: see tests/server for that."""

import json
import os
import re
import socket
import stat
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from nlp.corpus import read_annotations
from nlp.errors import DoelwijzerError
from nlp.exchange import Candidate
from nlp.labelstudio import server, traffic
from nlp.labelstudio.client import Client, ServerError
from nlp.labelstudio.exchange import Contradiction, digest, moment, sendable, to_annotation, to_task
from nlp.labelstudio.interface import TAKEN, labelling_interface
from nlp.records import Annotation
from nlp.schemes import load_scheme

SCHEMES = [load_scheme("sdg"), load_scheme("imvo")]
CUE = {"start": 13, "end": 25, "text": "kinderarbeid", "weight": 2.5}
TAGS = (
    {"scheme": "sdg", "code": "8", "label": "Waardig werk", "score": 0.91, "source": "model", "evidence": [CUE]},
    {"scheme": "sdg", "code": "8.7", "label": "Dwangarbeid", "score": 1.0, "source": "mention", "evidence": []},
)
CANDIDATE = Candidate(
    "kst-1-ab", "Aanpak <van> kinderarbeid", "2. Ketens & werk", (3, 4), "kst-26485-337", "Brief <IMVO>", "2021-07-09",
    "brieven/brief.pdf", TAGS, "current-0.1.0", "regel en model zijn het oneens", "dossier-26485", "dev-test",
)  # fmt: skip


# --- the labelling page -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page():
    return ElementTree.fromstring(labelling_interface(SCHEMES))


def choices(page, name):
    return page.find(f".//Choices[@name='{name}']").findall(".//Choice")


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
def test_every_goal_and_theme_can_be_chosen_and_none_too(page, scheme):
    found = choices(page, scheme.id)
    assert found[0].get("alias") == "geen"
    assert {choice.get("alias") for choice in found[1:]} == {concept.code for concept in scheme.top}
    assert all(scheme[choice.get("alias")].label_nl in choice.get("value") for choice in found[1:])
    assert all(choice.get("hint") == scheme[choice.get("alias")].hint for choice in found[1:])


def test_every_choice_has_a_key_of_its_own_and_shows_it(page):
    found = page.findall(".//Choice")
    keys = [choice.get("hotkey") for choice in found]
    assert len(set(keys)) == len(keys)
    assert None not in keys
    assert not TAKEN & set(keys)
    assert all(re.search(r"<kbd>(⇧?[A-Z0-9])</kbd>", choice.get("html")) for choice in found)
    assert [choice.get("hotkey") for choice in choices(page, "sdg")][1:] == [
        *"1234567890", *(f"shift+{digit}" for digit in range(1, 8)),
    ]  # fmt: skip


def test_keys_stay_when_a_theme_is_added(page):
    imvo = SCHEMES[1]
    more = replace(imvo, concepts=(*imvo.concepts, replace(imvo.concepts[-1], code="nieuw", label_nl="Nieuw thema")))
    now = ElementTree.fromstring(labelling_interface([SCHEMES[0], more]))
    keys = {choice.get("alias"): choice.get("hotkey") for choice in choices(now, "imvo")}
    assert keys.pop("nieuw")
    assert keys == {choice.get("alias"): choice.get("hotkey") for choice in choices(page, "imvo")}


def test_groups_have_their_titles(page):
    assert [head.get("value") for head in page.findall(".//Header")] == [group.label_nl for group in SCHEMES[1].groups]


def test_a_scheme_of_ones_own_gets_a_page(tmp_path):
    path = tmp_path / "regio.yaml"
    concepts = "".join(f'  - {{code: "c{n}", label: {{nl: "Regio {n} <&>", en: "Region"}}}}\n' for n in range(60))
    path.write_text(
        f'id: regio\ntitle: {{nl: "R", en: "R"}}\nversion: "1"\nuri: "https://example.org/r"\nconcepts:\n{concepts}',
        encoding="utf-8",
    )
    found = choices(ElementTree.fromstring(labelling_interface([load_scheme(path)])), "regio")
    keys = [choice.get("hotkey") for choice in found if choice.get("hotkey")]
    assert len(found) == 61  # more than there are keys: the rest is for the mouse
    assert len(keys) == len(set(keys)) > 40


# --- there --------------------------------------------------------------------------------------------------------


def test_a_task_shows_the_passage_its_place_and_the_suggestion_with_its_evidence():
    task = to_task(CANDIDATE, SCHEMES, guideline="1.2")
    shown = task["data"]["shown"]
    assert '<a href="https://zoek.officielebekendmakingen.nl/kst-26485-337.html"' in shown
    assert "Brief &lt;IMVO&gt;</a> · 2021-07-09 · p. 3, 4" in shown
    assert "2. Ketens &amp; werk" in shown
    assert "Aanpak &lt;van&gt; <mark>kinderarbeid</mark>" in shown
    assert "SDG 8 Waardig werk (0,91): kinderarbeid" in shown
    assert "Gekozen omdat: regel en model zijn het oneens" in shown
    (prediction,) = task["predictions"]
    values = {part["from_name"]: part["value"]["choices"] for part in prediction["result"]}
    assert values == {"imvo": ["geen"], "sdg": ["8"]}  # a target is no choice on the page
    assert (prediction["model_version"], prediction["score"]) == ("current-0.1.0", 0.91)


def test_a_blind_task_gives_nothing_away():
    task = to_task(CANDIDATE, SCHEMES, blind=True)
    assert "predictions" not in task
    for word in ("<mark>", "0,91", "oneens", "current", "Waardig"):
        assert word not in json.dumps(task, ensure_ascii=False)


@pytest.mark.parametrize(
    ("source", "document", "said"),
    [
        ("https://example.org/a?b=1&c=2", None, '<a href="https://example.org/a?b=1&amp;c=2"'),
        ('javascript:alert("x")', 'x"onclick="', "Document"),
        ("/home/iemand/brief.pdf", "abc", "brief.pdf"),
        (None, None, "Document onbekend"),
    ],
)
def test_the_place_of_a_passage_is_told_without_more(source, document, said):
    shown = to_task(Candidate("a", "Tekst", document=document, source=source), SCHEMES)["data"]["shown"]
    assert said in shown.replace("x&quot;onclick=&quot;", "Document")
    assert "/home" not in shown
    assert 'href="javascript' not in shown
    assert '"onclick' not in shown


def test_half_a_character_does_not_reach_the_server():
    task = to_task(Candidate("a", "Een \ud83d halve, een \U0001f600 hele"), SCHEMES)
    assert task["data"]["text"] == "Een \ufffd halve, een \U0001f600 hele"
    json.dumps(task, ensure_ascii=False).encode()
    assert sendable("gewoon") == "gewoon"


# --- back ---------------------------------------------------------------------------------------------------------


def part(name, **value):
    return {"from_name": name, "to_name": "passage", "type": "choices", "value": value}


def answer(*parts, at="2026-11-28T06:00:28.016711Z", by=2, cancelled=False):
    return {"result": list(parts), "updated_at": at, "completed_by": by, "was_cancelled": cancelled}


def asked(*answers, candidate=CANDIDATE, number=1, draft=False):
    task = to_task(candidate, SCHEMES, guideline="1.2")
    return task | {"id": number, "annotations": list(answers), "draft_exists": draft}


def test_an_answer_becomes_an_annotation():
    given = answer(
        part("sdg", choices=["17", "8"]), part("imvo", choices=["geen"]), part("oordeel", choices=["twijfel"]),
        part("notitie", text=["keten ", "of niet"]),
    )  # fmt: skip
    assert to_annotation(asked(given), given, "els", SCHEMES) == Annotation(
        "kst-1-ab", "Aanpak <van> kinderarbeid", {"sdg": ["8", "17"], "imvo": []}, "els", date="2026-11-28T06:00:28.016Z",
        note="keten of niet", guideline="1.2", group="dossier-26485", split="dev-test", source="brief.pdf", doubt=True,
    )  # fmt: skip


def test_a_scheme_without_an_answer_was_not_judged():
    given = answer(part("sdg", choices=["geen"]))
    assert to_annotation(asked(given), given, "els", SCHEMES).labels == {"sdg": []}


@pytest.mark.parametrize("codes", [["geen", "8"], ["99"]])
def test_an_answer_that_contradicts_itself_is_refused(codes):
    given = answer(part("sdg", choices=codes))
    with pytest.raises(Contradiction):
        to_annotation(asked(given), given, "els", SCHEMES)


def test_times_are_in_utc():
    assert moment("2026-11-28T07:00:28.016711+01:00") == "2026-11-28T06:00:28.016Z"


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"email": "els@localhost", "first_name": "", "last_name": ""}, "els"),
        ({"email": "els@biblio.example", "first_name": "Els", "last_name": "de Vries"}, "els_de_vries"),
        ({"email": "e.devries@biblio.example", "first_name": "", "last_name": ""}, "annotator7"),
        ({"email": "x@biblio.example", "first_name": "x@biblio.example", "last_name": ""}, "x"),
    ],
)
def test_an_annotator_is_never_an_e_mail_address(user, name):
    assert traffic.annotator_names([user | {"id": 7}]) == {7: name}


def test_two_annotators_of_one_name_are_told_apart():
    users = [{"id": n, "email": f"{n}@x.example", "first_name": "Els", "last_name": ""} for n in (3, 4)]
    assert traffic.annotator_names(users) == {3: "els", 4: "els4"}


# --- pulling ------------------------------------------------------------------------------------------------------

NAMES = {2: "els", 3: "bram"}
EIGHT, NONE = part("sdg", choices=["8"]), part("sdg", choices=["geen"])
OTHER = replace(CANDIDATE, passage="kst-1-cd", text="Een andere passage")


def take(folder, *tasks):
    return traffic.take(tasks, NAMES, "proef-1", folder, SCHEMES)


def lines(folder, name="els"):
    return list(read_annotations(folder / f"proef-1-{name}.jsonl"))


def test_each_annotator_has_a_file_and_pulling_again_changes_nothing(tmp_path):
    task = asked(answer(EIGHT), answer(NONE, by=3))
    done = take(tmp_path, task)
    assert {path.name: count for path, count in done.added.items()} == {"proef-1-bram.jsonl": 1, "proef-1-els.jsonl": 1}
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = take(tmp_path, task)
    assert (again.added, again.known, again.notices) == ({}, 2, [])
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_judgement_that_was_changed_is_added_and_the_former_stays(tmp_path):
    take(tmp_path, asked(answer(EIGHT)))
    take(tmp_path, asked(answer(NONE, at="2026-11-29T06:00:00Z")))
    assert [line.labels for line in lines(tmp_path)] == [{"sdg": ["8"]}, {"sdg": []}]


def test_saving_the_same_again_adds_nothing(tmp_path):
    take(tmp_path, asked(answer(EIGHT)))
    assert take(tmp_path, asked(answer(EIGHT, at="2026-11-29T06:00:00Z"))).added == {}


def test_of_two_answers_of_one_annotator_the_last_counts(tmp_path):
    take(tmp_path, asked(answer(NONE, at="2026-11-29T06:00:00Z"), answer(EIGHT)))
    assert [line.labels for line in lines(tmp_path)] == [{"sdg": []}]


def test_what_was_deleted_in_label_studio_stays_and_is_told(tmp_path):
    take(tmp_path, asked(answer(EIGHT)), asked(answer(NONE), candidate=OTHER))
    done = take(tmp_path, asked())
    assert len(lines(tmp_path)) == 2
    assert [notice.partition(": ")[2] for notice in done.notices] == [
        "kst-1-ab has no answer in Label Studio any more; its line stays.",
        "kst-1-cd is no longer in Label Studio; its line stays.",
    ]


def test_what_was_deleted_from_the_file_comes_back_and_is_told(tmp_path):
    tasks = asked(answer(EIGHT)), asked(answer(NONE, at="2026-11-29T06:00:00Z"), candidate=OTHER)
    take(tmp_path, *tasks)
    path = tmp_path / "proef-1-els.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[1])
    (notice,) = take(tmp_path, *tasks).notices
    assert "kst-1-ab stood in it no longer; put back" in notice
    assert {line.passage for line in lines(tmp_path)} == {"kst-1-ab", "kst-1-cd"}


def test_what_was_changed_in_the_file_stays_and_is_told(tmp_path):
    take(tmp_path, asked(answer(EIGHT)))
    path = tmp_path / "proef-1-els.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('["8"]', '["9"]'), encoding="utf-8")
    done = take(tmp_path, asked(answer(EIGHT)))
    assert [line.labels for line in lines(tmp_path)] == [{"sdg": ["9"]}]
    assert "changed in the file" in done.notices[0]


def test_a_text_that_was_changed_in_label_studio_is_told(tmp_path):
    task = asked(answer(EIGHT))
    task["data"]["text"] = "Iets anders"
    (notice,) = take(tmp_path, task).notices
    assert "its text was changed" in notice
    assert lines(tmp_path)[0].text == "Iets anders"
    assert task["meta"]["digest"] == digest(CANDIDATE.text)


def test_a_contradiction_waits_until_it_is_put_right(tmp_path):
    done = take(tmp_path, asked(answer(part("sdg", choices=["geen", "8"])), number=31))
    assert "'geen' stands beside 8. Left out until it is put right in Label Studio, task 31." in done.notices[0]
    assert not list(tmp_path.iterdir())


def test_an_answer_that_says_nothing_is_told(tmp_path):
    done = take(tmp_path, asked(answer(part("sdg", choices=[])), number=7))
    assert done.notices == ["kst-1-ab, els: submitted without any answer, task 7."]
    assert not list(tmp_path.iterdir())


def test_what_is_no_answer_is_counted_and_a_note_told(tmp_path):
    skipped = answer(part("notitie", text=["twee alinea's door elkaar"]), cancelled=True)
    done = take(tmp_path, asked(draft=True), asked(skipped, answer(cancelled=True, by=3), candidate=OTHER))
    assert (done.waiting, done.drafts, done.added) == (2, 1, {})
    assert done.skipped == ["kst-1-cd, els: twee alinea's door elkaar", "kst-1-cd, bram"]


def test_a_last_line_without_end_is_ended_first(tmp_path):
    take(tmp_path, asked(answer(EIGHT)))
    path = tmp_path / "proef-1-els.jsonl"
    path.write_bytes(path.read_bytes().rstrip())
    take(tmp_path, asked(answer(EIGHT)), asked(answer(NONE), candidate=OTHER))
    assert len(lines(tmp_path)) == 2


@pytest.mark.parametrize("name", ["", "ab", "Hoofd", "a/b", "../x", "met spatie", "-x-", "x" * 51])
def test_a_batch_is_part_of_a_file_name(name):
    with pytest.raises(DoelwijzerError):
        traffic.check_batch(name)
    assert traffic.check_batch("kamer-2026-11") == "kamer-2026-11"


# --- the server's folder ------------------------------------------------------------------------------------------


def test_passwords_are_generated_and_kept_for_the_owner_only(tmp_path):
    one, two = server.Settings(), server.Settings()
    assert one.token != two.token
    assert one.passwords != two.passwords
    assert re.fullmatch(r"[a-z2-9]{6}(-[a-z2-9]{6}){2}", one.passwords["beheer"])
    folder = tmp_path / "ls"
    before = os.umask(0)
    try:
        server.save_settings(one, folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "settings.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert server.load_settings(folder) == one


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"port": "x", "token": "", "passwords": {}}'])
def test_a_folder_without_good_settings_is_told(content, tmp_path):
    if content is not None:
        (tmp_path / "settings.json").write_text(content, encoding="utf-8")
    with pytest.raises(DoelwijzerError) as error:
        server.load_settings(tmp_path)
    assert error.value.hint


def test_an_installed_label_studio_can_be_named(tmp_path, monkeypatch):
    program = tmp_path / "label-studio"
    monkeypatch.setenv(server.PROGRAM, str(program))
    with pytest.raises(DoelwijzerError, match="no such program"):
        server.find_program(tmp_path)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o700)
    assert server.find_program(tmp_path) == program


def test_a_program_that_stops_is_told_with_the_end_of_its_log(tmp_path):
    program = tmp_path / "label-studio"
    program.write_text("#!/bin/sh\necho kapot >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o700)
    settings = server.Settings(port=server.free_port(8500))
    with pytest.raises(ServerError, match="stopped with code 3: kapot"), server.running(program, tmp_path, settings):
        pass


def test_a_server_that_does_not_answer_is_told():
    client = Client(f"http://127.0.0.1:{server.free_port(8600)}", "x")
    assert not client.is_up()
    with pytest.raises(ServerError, match=r"does not answer at http://127\.0\.0\.1:86\d\d .*nothing is doubled"):
        client.projects()


def test_an_annotators_name_is_checked_before_anything_is_asked(tmp_path):
    with pytest.raises(DoelwijzerError, match="no name for an annotator"):
        server.add_accounts(["els@biblio.example"], server.Settings(), tmp_path, lambda *_: None)


def test_a_port_in_use_is_passed_over():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert server.free_port(port) != port

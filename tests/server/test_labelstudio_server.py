"""Our command against the real Label Studio: nothing lost, nothing doubled, nothing open to others."""

import json
import os
import re
import signal
import stat
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from nlp.corpus import read_annotations
from nlp.exchange import read_candidates
from nlp.labelstudio import traffic
from nlp.schemes import load_scheme
from nlp.write import write
from tests.station import Station, result

pytest_plugins = ("tests.server.running",)

SCHEMES = [load_scheme("sdg"), load_scheme("imvo")]


@pytest.fixture(scope="module")
def tags(tagged_sample, tmp_path_factory):
    """The sample letter as `doelwijzer tag` writes it."""
    path = tmp_path_factory.mktemp("tags") / "tags.jsonl"
    write([tagged_sample], path)
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two hundred passages."""
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    rows = ({"passage": {"id": f"p{n}", "text": f"Passage {n}"}, "document": {"id": f"d{n % 7}"}} for n in range(200))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def passages(tasks):
    return sorted(task["data"]["passage"] for task in tasks)


def pull(station, batch, folder):
    return traffic.pull(station.client, batch, folder, SCHEMES)


def labels(folder, name):
    return [line.labels for line in read_annotations(folder / name)]


# --- who can get in -----------------------------------------------------------------------------------------------


def test_start_says_how_to_log_in_once_and_keeps_it_for_the_owner(station):
    for name, password in station.settings.passwords.items():
        assert station.said.count(f"Log in as {name}@localhost with password {password}") == 1
    assert stat.S_IMODE((station.folder / "settings.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(station.folder.stat().st_mode) == 0o700
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in station.folder.rglob("*.sqlite3")}
    assert modes
    assert not [path for path, mode in modes.items() if mode & 0o077]


def test_passwords_are_on_no_command_line(station):
    secrets = [*station.settings.passwords.values(), station.settings.token]
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().decode(errors="replace")
        except OSError:
            continue
        assert not [secret for secret in secrets if secret in line]


def test_only_this_machine_can_reach_it(station):
    """Every listening socket on the port is bound to 127.0.0.1."""
    port = f"{station.settings.port:04X}"
    heard = [
        row.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for row in Path(table).read_text().splitlines()[1:]
        if row.split()[3] == "0A" and row.split()[1].endswith(":" + port)
    ]
    assert heard == [f"0100007F:{port}"]


def test_nobody_signs_up_without_an_invitation(station):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    address = station.client.address + "/user/signup/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', opener.open(address).read().decode())[1]
    body = f"email=x%40localhost&password=abcdefgh12&csrfmiddlewaretoken={token}".encode()
    with pytest.raises(urllib.error.HTTPError) as error:
        opener.open(urllib.request.Request(address, body, {"Referer": address}))
    assert error.value.code == 403


def test_another_host_name_is_refused(station):
    request = urllib.request.Request(station.client.address + "/user/login/", headers={"Host": "elders.example"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    assert error.value.code == 400


def test_start_again_says_that_it_runs(station):
    done = station.run("start", "--annotator", "els")
    assert done.returncode == 0
    assert "running already" in done.stdout
    assert "password" not in done.stdout.replace("Passwords are kept", "")


# --- there and back -----------------------------------------------------------------------------------------------


def test_the_project_is_ready_before_anything_is_sent(station):
    project = station.client.projects()["passages"]
    assert "Kinderarbeid" in project["label_config"]
    assert project["description"] == traffic.MARK


def test_pushing_twice_does_not_double(station, tags):
    for sent, known in ((1, 0), (0, 1)):
        done = station.run("push", tags, "--batch", "twee-keer")
        assert done.returncode == 0, done.stderr
        count = len(list(read_candidates(tags)))
        assert f"{sent * count} passages sent to batch twee-keer; {known * count} were there already." in done.stdout
        assert passages(station.tasks("twee-keer")) == sorted(each.passage for each in read_candidates(tags))
    assert all(len(task["predictions"]) == 1 for task in station.tasks("twee-keer"))
    assert {task["meta"]["guideline"] for task in station.tasks("twee-keer")} == {"1.2"}


def test_blind_gives_no_suggestion(station, tags):
    assert station.run("push", tags, "--batch", "blind", "--blind").returncode == 0
    tasks = station.tasks("blind")
    assert not [task for task in tasks if task["predictions"] or "Voorstel" in task["data"]["shown"]]


def test_two_annotators_a_restart_and_two_pulls(station, tags, tmp_path):
    station.run("push", tags, "--batch", "samen", "--annotators", 2)
    first, second, third = station.tasks("samen")[:3]
    els, bram = station.annotator("els"), station.annotator("bram")
    els.answer(first, sdg=["8"], imvo=["kinderarbeid"])
    bram.answer(first, sdg=["8"], imvo=["geen"])
    changed = els.answer(second, sdg=["13"])
    station.stop()
    assert pull_fails(station, tmp_path)
    station.start()
    els, bram = station.annotator("els"), station.annotator("bram")
    els.change(changed, sdg=["7", "13"], oordeel=["twijfel"])
    bram.answer(third, sdg=["geen", "1"])

    done = station.run("pull", "--batch", "samen", "--out", tmp_path)
    assert done.returncode == 1  # bram contradicts himself
    assert "'geen' stands beside 1" in done.stderr
    assert labels(tmp_path, "samen-els.jsonl") == [{"sdg": ["8"], "imvo": ["kinderarbeid"]}, {"sdg": ["7", "13"]}]
    assert labels(tmp_path, "samen-bram.jsonl") == [{"sdg": ["8"], "imvo": []}]
    assert [line.doubt for line in read_annotations(tmp_path / "samen-els.jsonl")] == [False, True]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = pull(station, "samen", tmp_path)
    assert (again.added, again.known) == ({}, 3)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def pull_fails(station, folder):
    done = station.run("pull", "--out", folder)
    assert "Traceback" not in done.stderr
    assert "does not answer" in done.stderr
    return done.returncode == 1 and not list(folder.iterdir())


def test_what_is_deleted_on_the_server_stays_in_the_file(station, tags, tmp_path):
    station.run("push", tags, "--batch", "weg")
    first, second, third = station.tasks("weg")[:3]
    els = station.annotator("els")
    els.answer(first, sdg=["8"])
    gone = els.answer(second, sdg=["geen"])
    assert pull(station, "weg", tmp_path).notices == []
    station.client.delete_task(first["id"])
    els.send("DELETE", f"/api/annotations/{gone['id']}/", {})
    els.answer(third, sdg=["1"])
    done = pull(station, "weg", tmp_path)
    assert len(done.notices) == 2
    assert labels(tmp_path, "weg-els.jsonl") == [{"sdg": ["8"]}, {"sdg": []}, {"sdg": ["1"]}]
    assert station.run("push", tags, "--batch", "weg").stdout.startswith("1 passages sent")  # the one deleted


def test_a_passage_that_differs_is_told_and_stays(station, tmp_path):
    path = tmp_path / "x.jsonl"
    for text in ("Eerste tekst", "Tweede tekst"):
        path.write_text(json.dumps({"passage": {"id": "a", "text": text}}) + "\n", encoding="utf-8")
        done = station.run("push", path, "--batch", "anders")
    assert "a: its text differs from the one in Label Studio, which stays." in done.stderr
    assert [task["data"]["text"] for task in station.tasks("anders")] == ["Eerste tekst"]


def test_any_text_comes_through(station, tmp_path):
    texts = [
        "Half \ud83d teken",
        "<script>alert(1)</script> & meer",
        "Regel\neen\ttwee",
        "😀 é ‮om‬",
        "x" * 20000,
        "nul \x00",
    ]
    path = tmp_path / "x.jsonl"
    rows = ({"passage": {"id": f"p{n}", "text": text}} for n, text in enumerate(texts))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert station.run("push", path, "--batch", "tekens").returncode == 0
    assert station.run("push", path, "--batch", "tekens").stdout.startswith("0 passages sent")
    back = {task["data"]["passage"]: task["data"]["text"] for task in station.tasks("tekens")}
    assert list(back.values()) == [text.replace("\ud83d", "\ufffd").replace("\0", "\ufffd") for text in texts]


def test_skipped_and_begun_are_counted_not_pulled(station, tags, tmp_path):
    station.run("push", tags, "--batch", "half")
    first, second = station.tasks("half")[:2]
    els = station.annotator("els")
    els.send(
        "POST", f"/api/tasks/{first['id']}/annotations/", {"result": result({"sdg": ["8"]}), "was_cancelled": True}
    )
    els.send("POST", f"/api/tasks/{second['id']}/drafts", {"result": result({"sdg": ["8"]})})
    done = pull(station, "half", tmp_path)
    assert (len(done.skipped), done.drafts, done.added) == (1, 1, {})


# --- trouble ------------------------------------------------------------------------------------------------------


def pushing(station, path, batch):
    """A push that has sent something and has more to send."""
    process = subprocess.Popen(
        station.command("push", path, "--batch", batch), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr.readline().startswith("50 of 200")
    return process


def server_process(station):
    """The Label Studio that listens on the port."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        words = file.read_bytes().split(b"\0")
        if b"--internal-host" in words and str(station.settings.port).encode() in words:
            return int(file.parent.name)
    return None


def test_the_server_dies_during_a_push(station, many):
    process = pushing(station, many, "afgebroken")
    os.kill(server_process(station), signal.SIGKILL)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "nothing is doubled" in said
    station.process.wait(60)  # start tells that the server is gone, and ends
    assert "Label Studio stopped" in station.log.read_text()
    station.start()
    assert station.run("push", many, "--batch", "afgebroken").returncode == 0
    assert passages(station.tasks("afgebroken")) == sorted(f"p{n}" for n in range(200))


def test_the_push_itself_is_killed(station, many):
    process = pushing(station, many, "gestopt")
    process.kill()
    process.communicate()
    done = station.run("push", many, "--batch", "gestopt")
    assert done.returncode == 0, done.stderr
    assert passages(station.tasks("gestopt")) == sorted(f"p{n}" for n in range(200))


def test_an_answer_that_got_lost_leaves_no_double(station, many):
    """The server took a chunk, the client never heard so and sent it again: the double goes, work in it stays."""
    station.run("push", many, "--batch", "dubbel")
    tasks = station.tasks("dubbel")
    project = station.client.projects()["dubbel"]["id"]
    station.client.add_tasks(project, [{"data": task["data"], "meta": task["meta"]} for task in tasks[:50]])
    worked = station.tasks("dubbel")[-1]
    station.annotator("els").answer(worked, sdg=["8"])
    done = station.run("push", many, "--batch", "dubbel")
    assert "50 doubles" in done.stderr
    left = station.tasks("dubbel")
    assert passages(left) == sorted(f"p{n}" for n in range(200))
    assert worked["id"] in {task["id"] for task in left}


def test_a_folder_where_nothing_runs_is_told(tmp_path, many):
    done = Station(tmp_path / "leeg").run("push", many)
    assert done.returncode == 2
    assert "There is no Label Studio in" in done.stderr
    assert "Traceback" not in done.stderr

"""Passages to the server and annotations back, as often as one likes: nothing is lost, nothing is doubled.

Each batch is a project of its own. A passage is known by its id; what is on the server already is not sent again, what is
in the file already is not written again, and what differs between the two sides is told, never overwritten.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlp.corpus import line_of, read_annotations
from nlp.errors import DoelwijzerError, OutputError, UnknownName
from nlp.exchange import Candidate
from nlp.files import write_whole
from nlp.labelstudio.client import Client
from nlp.labelstudio.exchange import Contradiction, digest, moment, note_of, sendable, to_annotation, to_task
from nlp.labelstudio.interface import labelling_interface
from nlp.records import Annotation
from nlp.schemes import Scheme

CHUNK = 50  # passages sent at a time: what a broken connection can leave unsure
MARK = "Doelwijzer"  # by which our projects are known
WELCOME = (
    "Lees de passage, kies per schema wat erin aan de orde is, of <b>Geen</b>. Laat een schema leeg als je het niet beoordeelt. "
    "De toets staat voor elk label; houd de muis op een label voor de uitleg. Versturen: Ctrl+Enter."
)
TABLE = {  # what the list of tasks shows: not our page, and nothing that says little to a librarian
    "title": "Passages",
    "type": "list",
    "target": "tasks",
    "hiddenColumns": {
        "explore": [f"tasks:{name}" for name in (
            "data.shown", "data.passage", "inner_id", "annotations_results", "annotations_ids", "predictions_score",
            "predictions_model_versions", "predictions_results", "file_upload", "storage_filename", "created_at", "updated_at",
            "updated_by", "avg_lead_time", "draft_exists",
        )],
        "labeling": [],
    },
    "columnsWidth": {"tasks:data.text": 700},
}  # fmt: skip
Say = Callable[[str], None]


@dataclass(slots=True)
class Pushed:
    """What a push did; `changed` and `absent` are ids of passages that differ from, or are not in, what was sent."""

    new: int = 0
    known: int = 0
    changed: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    doubles: int = 0  # taken away again: left by a push that was broken off


@dataclass(slots=True)
class Pulled:
    """What a pull did: lines added per file, and what needs a look."""

    added: dict[Path, int] = field(default_factory=dict)
    known: int = 0
    waiting: int = 0  # passages without any answer
    drafts: int = 0  # begun, not submitted
    skipped: list[str] = field(default_factory=list)  # passage and annotator, with the note if there is one
    notices: list[str] = field(default_factory=list)


def check_batch(batch: str) -> str:
    """The name, if it may be part of a file name. Raises DoelwijzerError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,49}", batch):
        raise DoelwijzerError(
            f"{batch!r} is no name for a batch.", hint="Three to fifty small letters, digits, - and _: kamer-2026-11."
        )
    return batch


def ensure_project(client: Client, batch: str, schemes: Sequence[Scheme], annotators: int | None = None) -> int:
    """The id of the project of a batch, made where it is missing and brought up to date where it is older."""
    wanted: dict[str, Any] = {"label_config": labelling_interface(schemes)}
    if annotators:
        wanted["maximum_annotations"] = annotators
    project = client.projects().get(check_batch(batch))
    if project is None:
        settings = {
            "description": MARK, "expert_instruction": WELCOME, "show_instruction": False, "enable_empty_annotation": False,
            "show_skip_button": True, "show_collab_predictions": True, "show_annotation_history": False,
        }  # fmt: skip
        number = int(client.create_project(batch, **settings, **wanted)["id"])
        client.create_view(number, TABLE)
        return number
    changes = {name: value for name, value in wanted.items() if project.get(name) != value}
    if changes:
        client.change_project(int(project["id"]), **changes)
    return int(project["id"])


# --- push ---------------------------------------------------------------------------------------------------------


def push(
    client: Client,
    batch: str,
    candidates: Iterable[Candidate],
    schemes: Sequence[Scheme],
    *,
    guideline: str | None = None,
    blind: bool = False,
    annotators: int | None = None,
    say: Say = lambda _: None,
) -> Pushed:
    """Send the passages that are not in the batch yet. Raises ServerError; the same call goes on where it stopped."""
    project = ensure_project(client, batch, schemes, annotators)
    done = Pushed(doubles=_drop_doubles(client, project))
    there = {task["data"]["passage"]: task["data"] for task in _ours(client.tasks(project))}
    wanted = {candidate.passage: candidate for candidate in candidates}
    fresh = [each for name, each in wanted.items() if name not in there]
    done.known = len(wanted) - len(fresh)
    done.changed = [
        name for name, each in wanted.items() if name in there and there[name]["text"] != sendable(each.text)
    ]
    done.absent = [name for name in there if name not in wanted]
    for first in range(0, len(fresh), CHUNK):
        tasks = [to_task(each, schemes, guideline=guideline, blind=blind) for each in fresh[first : first + CHUNK]]
        client.add_tasks(project, tasks)
        done.new += len(tasks)
        say(f"{done.new} of {len(fresh)} passages sent")
    if fresh:
        done.doubles += _drop_doubles(client, project)
    return done


def _ours(tasks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (task for task in tasks if all(isinstance(task["data"].get(key), str) for key in ("passage", "text")))


def _drop_doubles(client: Client, project: int) -> int:
    """Take away tasks that stand there twice, as after an answer that got lost; one with work in it stays."""
    by_passage = defaultdict(list)
    for task in _ours(client.tasks(project)):
        by_passage[task["data"]["passage"]].append(task)
    dropped = 0
    for tasks in by_passage.values():
        worked = [task for task in tasks if task["annotations"] or task["draft_exists"]]
        for task in [task for task in tasks if task not in (worked or tasks[:1])]:
            client.delete_task(int(task["id"]))
            dropped += 1
    return dropped


# --- pull ---------------------------------------------------------------------------------------------------------


def our_batches(client: Client) -> list[str]:
    return sorted(title for title, project in client.projects().items() if project["description"] == MARK)


def pull(client: Client, batch: str, folder: Path, schemes: Sequence[Scheme]) -> Pulled:
    """Add what annotators answered to FOLDER/BATCH-ANNOTATOR.jsonl, each answer once.

    Raises UnknownName for a batch that is not there, ServerError, CorpusError for a broken line, OutputError.
    """
    projects = client.projects()
    if batch not in projects:
        raise UnknownName("batch", batch, projects)
    tasks = client.tasks(int(projects[batch]["id"]))
    return take(tasks, annotator_names(client.users()), batch, folder, schemes)


def take(
    tasks: Iterable[dict[str, Any]], names: dict[int, str], batch: str, folder: Path, schemes: Sequence[Scheme]
) -> Pulled:
    """The same for tasks as the server tells them, with the names of the accounts."""
    tasks, done = list(_ours(tasks)), Pulled()
    passages = {task["data"]["passage"] for task in tasks}
    answers = _latest(tasks, names, done)
    for name in sorted(answers.keys() | _annotators(folder, batch)):
        path, given = folder / f"{batch}-{name}.jsonl", answers.get(name, {})
        lines = read_annotations(path) if path.exists() else ()
        known = {line.passage: line for line in lines if line.annotator == name}
        fresh = list(_fresh(given, known, name, schemes, path, done))
        done.notices += _gone(known, given, passages, path)
        if fresh:
            _append(fresh, path)
            done.added[path] = len(fresh)
    done.notices += [
        f"{task['data']['passage']}: its text was changed in Label Studio since it was sent; lines have the text as judged."
        for task in tasks
        if digest(task["data"]["text"]) != task["meta"].get("digest")
    ]
    return done


def _annotators(folder: Path, batch: str) -> set[str]:
    """Who has a file of this batch; annotators' names have no hyphen."""
    stems = (path.stem.rpartition("-") for path in folder.glob("*.jsonl"))
    return {name for of, _, name in stems if of == batch}


Answer = tuple[dict[str, Any], dict[str, Any]]  # task and its annotation, as the server tells them


def annotator_names(users: Iterable[dict[str, Any]]) -> dict[int, str]:
    """Who is who, by account: the name given, never an e-mail address."""
    names: dict[int, str] = {}
    for user in sorted(users, key=lambda user: int(user["id"])):
        local, _, host = str(user["email"]).partition("@")
        said = f"{user['first_name']} {user['last_name']}".strip() or (local if host == "localhost" else "")
        name = re.sub(r"[^a-z0-9]+", "_", said.partition("@")[0].casefold()).strip("_") or f"annotator{user['id']}"
        names[int(user["id"])] = name if name not in names.values() else f"{name}{user['id']}"
    return names


def _latest(tasks: Iterable[dict[str, Any]], names: dict[int, str], done: Pulled) -> dict[str, dict[str, Answer]]:
    """Per annotator and passage the last answer."""
    found: dict[str, dict[str, Answer]] = defaultdict(dict)
    for task in tasks:
        done.drafts += bool(task["draft_exists"])  # `drafts` has those of the manager only
        done.waiting += all(answer["was_cancelled"] for answer in task["annotations"])
        for answer in task["annotations"]:
            by, passage = answer["completed_by"], task["data"]["passage"]
            name = names.get(by, f"annotator{by}")
            if answer["was_cancelled"]:
                done.skipped.append(": ".join(filter(None, [f"{passage}, {name}", note_of(answer)])))
                continue
            before = found[name].get(passage)
            if before is None or moment(before[1]["updated_at"]) < moment(answer["updated_at"]):
                found[name][passage] = task, answer
    return found


def _fresh(
    answers: dict[str, Answer],
    known: dict[str, Annotation],
    name: str,
    schemes: Sequence[Scheme],
    path: Path,
    done: Pulled,
) -> Iterator[Annotation]:
    """The answers that the file does not have yet, in the order in which they were given."""
    newest = max((line.date or "" for line in known.values()), default="")
    for passage, (task, answer) in sorted(answers.items(), key=lambda item: moment(item[1][1]["updated_at"])):
        try:
            said = to_annotation(task, answer, name, schemes)
        except Contradiction as error:
            done.notices.append(
                f"{passage}, {name}: {error}. Left out until it is put right in Label Studio, task {task['id']}."
            )
            continue
        if not (said.labels or said.doubt or said.note):
            done.notices.append(f"{passage}, {name}: submitted without any answer, task {task['id']}.")
            continue
        line = known.get(passage)
        if line is None and (said.date or "") < newest:
            done.notices.append(f"{path}: {passage} stood in it no longer; put back.")
        if line is None or (_judgement(line) != _judgement(said) and (line.date or "") < (said.date or "")):
            yield said
            continue
        done.known += 1
        if line.date == said.date and _judgement(line) != _judgement(said):
            done.notices.append(
                f"{path}: {passage} was changed in the file since it was pulled; it stays as in the file."
            )


def _judgement(line: Annotation) -> tuple[Any, ...]:
    return {name: sorted(codes) for name, codes in line.labels.items()}, line.note, line.doubt, line.text


def _gone(known: dict[str, Annotation], answers: dict[str, Answer], passages: set[str], path: Path) -> Iterator[str]:
    for passage in known:
        if passage not in passages:
            yield f"{path}: {passage} is no longer in Label Studio; its line stays."
        elif passage not in answers:
            yield f"{path}: {passage} has no answer in Label Studio any more; its line stays."


def _append(lines: Iterable[Annotation], path: Path) -> None:
    """Add lines to a file, all or none. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes() if path.exists() else b""
        parted = b"" if before.endswith(b"\n") or not before else b"\n"
        write_whole(path, before + parted + b"".join(line_of(_row(line)) for line in lines))
    except OSError as error:
        raise OutputError(
            f"{path}: it cannot be written ({error.strerror}).", hint="See to room and rights."
        ) from error


def _row(line: Annotation) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if value is not None and value is not False}

"""A Label Studio of one's own on this machine: its environment, its data folder, its accounts, its process.

It listens on the loopback address only, nobody can sign up without an invitation, its telemetry, crash reports and update
checks are off, and its process is given no way to the network. Passwords are generated and kept, readable by the owner only,
in the data folder.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from nlp.errors import DoelwijzerError, OutputError
from nlp.labelstudio.client import Client, ServerError

REQUIREMENT = "label-studio>=1.23,<2"  # also the extra `annotate` in pyproject.toml
PROGRAM = "DOELWIJZER_LABEL_STUDIO"  # the environment variable that names an installed one
HOST = "127.0.0.1"
PORT = 8080
MANAGER = "beheer"
DOMAIN = "localhost"  # accounts are called NAME@localhost: Label Studio wants an address, we want none of anybody's
WAIT = 900  # seconds: the first start makes the database, on a busy machine slowly

OFF = {  # of what would leave this machine, or let others in
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "FEATURE_FLAGS_OFFLINE": "true",
    "CONVERTER_DOWNLOAD_RESOURCES": "false",
    "CORS_ALLOW_ALL_ORIGINS": "false",
    "ALLOWED_HOSTS": f"{HOST},localhost",
    # Nothing listens on the discard port: whatever the server would still fetch by itself fails at once.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the data folder remembers: settings.json, mode 0600."""

    port: int = PORT
    token: str = field(default_factory=lambda: secrets.token_hex(20))
    passwords: dict[str, str] = field(default_factory=lambda: {MANAGER: new_password()})  # by account

    @property
    def client(self) -> Client:
        return Client(f"http://{HOST}:{self.port}", self.token)


def new_password() -> str:
    """Three groups of six letters and digits that cannot be misread: 90 bits."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(6)) for _ in range(3))


def email_of(name: str) -> str:
    return f"{name}@{DOMAIN}"


def default_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "doelwijzer" / "labelstudio"


# --- settings -----------------------------------------------------------------------------------------------------


def load_settings(folder: Path) -> Settings:
    """Raises DoelwijzerError where none were made or they cannot be read."""
    path = folder / "settings.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Settings(int(found["port"]), str(found["token"]), dict(found["passwords"]))
    except FileNotFoundError:
        hint = "Run `doelwijzer annotate start`, or name its --folder."
        raise DoelwijzerError(f"There is no Label Studio in {folder}.", hint=hint) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DoelwijzerError(
            f"{path}: it cannot be read ({error}).", hint="Restore it, or start with a new --folder."
        ) from None


def save_settings(settings: Settings, folder: Path) -> None:
    """Readable by the owner only, from its first byte on. Raises OutputError."""
    path, part = folder / "settings.json", folder / "settings.json.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(asdict(settings), out, indent=1)
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{folder}: it cannot be written ({error.strerror}).", hint="Give another --folder."
        ) from error


# --- the program --------------------------------------------------------------------------------------------------


def find_program(folder: Path) -> Path | None:
    """The installed `label-studio`: the one named by PROGRAM, of the folder, or beside this Python; None where none is.

    Raises DoelwijzerError when PROGRAM names none.
    """
    named = os.environ.get(PROGRAM)
    if named:
        if not shutil.which(named):
            raise DoelwijzerError(f"{PROGRAM}={named}: no such program.", hint="Name the file label-studio itself.")
        return Path(named).absolute()
    places = (_bin(folder / "env"), Path(sys.executable).parent)
    return next((found for place in places if (found := _program(place, "label-studio")).exists()), None)


def install(folder: Path) -> Path:
    """Make FOLDER/env and install Label Studio there with pip. Asks the package index. Raises DoelwijzerError."""
    env = folder / "env"
    try:
        venv.create(env, with_pip=True, clear=True)
        pip = [
            str(_program(_bin(env), "python")),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            REQUIREMENT,
        ]
        subprocess.run(pip, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(env, ignore_errors=True)
        hint = f"Install it yourself and name it: {PROGRAM}=/path/to/label-studio."
        raise DoelwijzerError(f"Label Studio could not be installed in {env} ({error}).", hint=hint) from None
    return _program(_bin(env), "label-studio")


def _bin(env: Path) -> Path:
    return env / ("Scripts" if os.name == "nt" else "bin")


def _program(place: Path, name: str) -> Path:
    return place / (name + ".exe" if os.name == "nt" else name)


# --- the process --------------------------------------------------------------------------------------------------


@contextmanager
def running(program: Path, folder: Path, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The server, up and answering; ended at the end. Raises ServerError with the end of its log when it does not come up."""
    log = folder / "server.log"
    command = [str(program), "start", "--no-browser", "--internal-host", HOST, "--port", str(settings.port)]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(folder, settings), stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=True, umask=0o077,
        )  # fmt: skip
    try:
        _wait(process, settings.client, log)
        yield process
    finally:
        _end(process)


def _environment(folder: Path, settings: Settings) -> dict[str, str]:
    """Passwords go by the environment: a command line can be read by others."""
    mine = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_USERNAME": email_of(MANAGER),
        "LABEL_STUDIO_PASSWORD": settings.passwords[MANAGER],
        "LABEL_STUDIO_USER_TOKEN": settings.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",  # a token that does not expire between two pulls
        "LOG_LEVEL": "WARNING",
    }
    lower = {name.lower(): value for name, value in OFF.items() if name.endswith("_PROXY")}
    return {**os.environ, **OFF, **lower, **mine}


def _wait(process: subprocess.Popen[bytes], client: Client, log: Path) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if process.poll() is not None:
            raise ServerError(f"Label Studio stopped with code {process.returncode}: {_tail(log)}", hint=f"See {log}.")
        if client.is_up():
            return
        time.sleep(0.5)
    raise ServerError(f"Label Studio did not come up in {WAIT} seconds: {_tail(log)}", hint=f"See {log}.")


def _tail(log: Path) -> str:
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port(wanted: int) -> int:
    """The port itself or the first free one after it. Raises DoelwijzerError."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port
    raise DoelwijzerError(f"No free port from {wanted} on.", hint="Give another --port.")


# --- accounts -----------------------------------------------------------------------------------------------------


def add_accounts(names: list[str], settings: Settings, folder: Path, say: Callable[[str, str], None]) -> Settings:
    """Make accounts for annotators that have none yet; `say` gets name and password of each, once.

    Raises DoelwijzerError, ServerError, OutputError.
    """
    for name in names:
        if not re.fullmatch("[a-z0-9]+", name):
            raise DoelwijzerError(f"{name!r} is no name for an annotator.", hint="Small letters and digits: els, a2.")
    client = settings.client
    there = {user["email"] for user in client.users()}
    for name in names:
        if email_of(name) in there:
            continue
        password = settings.passwords.get(name) or new_password()
        settings = replace(settings, passwords=settings.passwords | {name: password})
        save_settings(settings, folder)  # before the account: a password that nobody kept would lock it for good
        client.add_user(email_of(name), password)
        say(name, password)
    return settings

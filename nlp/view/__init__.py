"""A page on this machine: drop a document or paste a text, see its report, take it along. Nothing is kept."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from nlp.batch.limits import CHILDREN, about_model
from nlp.errors import DoelwijzerError, MissingExtra
from nlp.view.desk import Settings

HOST, PORT = "127.0.0.1", 8501
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SCRIPT = Path(__file__).with_name("page.py")


def serve(
    settings: Settings, host: str = HOST, port: int = PORT, *, browser: bool = True, say: Callable[[str], object] = str
) -> None:
    """Serve the page until Ctrl-C; `browser` opens it where there is a screen. There is no password.

    say: is told the address once it can be served.

    Raises MissingExtra without streamlit, DoelwijzerError when the port is taken, ModelError, WorkerError.
    """
    try:
        from streamlit.web import cli
    except ImportError:
        raise MissingExtra("streamlit", "view") from None
    check_free(host, port)
    try:
        about_model(settings.job)  # a wrong model is told now, and the first user need not wait
        say(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        arguments = ["run", str(SCRIPT), *flags(settings, host, port, browser=browser), "--"]
        cli.main([*arguments, json.dumps(asdict(settings))], standalone_mode=False)
    finally:
        CHILDREN.end()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_free(host: str, port: int) -> None:
    """Raises DoelwijzerError when nothing can be served there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server: it may just have been stopped
            trial.bind(address)
    except OSError as error:
        hint = "Give another --port, or stop what is using this one."
        raise DoelwijzerError(f"{host}:{port} cannot be used ({error.strerror}).", hint=hint) from error


def flags(settings: Settings, host: str, port: int, *, browser: bool) -> list[str]:
    """What streamlit is told. A flag has the last word over its own configuration files and environment variables."""
    options: dict[str, object] = {
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        "server.address": host,
        "server.port": port,
        "server.enableCORS": True,  # that is: pages of other sites may not connect
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.disconnectedSessionTTL": 10,  # seconds until what a closed tab had in memory may go
        "server.fileWatcherType": "none",
        "server.maxUploadSize": settings.megabytes,
        "server.showEmailPrompt": False,
        "theme.base": "light",
        "theme.primaryColor": "#19486a",
        "theme.textColor": "#1b2530",
        "theme.borderColor": "#c6ced6",
    }
    if not browser:
        options["server.headless"] = True
    allowed = LOOPBACK if is_loopback(host) else ()  # no site may pass itself off as this machine
    return [
        *(f"--{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in options.items()),
        *(f"--server.allowedHosts={name}" for name in allowed),
    ]

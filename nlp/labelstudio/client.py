"""Speaks with a Label Studio server on this machine, in plain HTTP: the dozen calls that annotating takes.

The server's own library asks for a hundred packages; these calls need the standard library only.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.errors import OutputError

TIMEOUT = 120  # seconds for one answer
PAGE = 200  # tasks asked for at a time


class ServerError(OutputError):
    """Label Studio cannot be reached, or refuses."""


@dataclass(frozen=True, slots=True)
class Client:
    """`address` without a slash at the end; `token` of the account that manages the projects."""

    address: str
    token: str

    def is_up(self) -> bool:
        try:
            self._call("GET", "/api/projects", query={"page_size": 1}, timeout=10)
        except ServerError:
            return False
        return True

    def projects(self) -> dict[str, dict[str, Any]]:
        """By title; of two with one title, the older."""
        rows = list(self._pages("/api/projects", "results"))
        return {row["title"]: row for row in sorted(rows, key=lambda row: -int(row["id"]))}

    def create_project(self, title: str, **settings: Any) -> dict[str, Any]:
        return self._object("POST", "/api/projects", {"title": title, **settings})

    def change_project(self, project: int, **settings: Any) -> dict[str, Any]:
        return self._object("PATCH", f"/api/projects/{project}", settings)

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        self._call("POST", f"/api/projects/{project}/import", list(tasks))

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """With their data, annotations and drafts, in the order in which they came."""
        query = {"project": project, "fields": "all"}
        return sorted(self._pages("/api/tasks", "tasks", query), key=lambda task: int(task["id"]))

    def delete_task(self, task: int) -> None:
        self._call("DELETE", f"/api/tasks/{task}")

    def users(self) -> list[dict[str, Any]]:
        found = self._call("GET", "/api/users")
        return list(found) if isinstance(found, list) else []

    def create_view(self, project: int, columns: Mapping[str, Any]) -> None:
        self._call("POST", "/api/dm/views", {"project": project, "data": columns})

    def add_user(self, email: str, password: str) -> None:
        """Sign up with the invitation of the organisation, as a person would: such an account manages nothing else.

        Raises ServerError.
        """
        invitation = str(self._object("GET", "/api/invite")["invite_url"])
        cookies = http.cookiejar.CookieJar()
        browser = _opener(urllib.request.HTTPCookieProcessor(cookies))
        page = _ask(browser, urllib.request.Request(self.address + invitation), TIMEOUT).decode()
        form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {"email": email, "password": password, "csrfmiddlewaretoken": form[1] if form else ""}
        request = urllib.request.Request(self.address + invitation, urllib.parse.urlencode(fields).encode())
        request.add_header("Referer", self.address + invitation)
        _ask(browser, request, TIMEOUT)
        if email not in {user["email"] for user in self.users()}:
            raise ServerError(f"Label Studio made no account for {email}.", hint="See its log in the data folder.")

    def _pages(self, path: str, key: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        page, got = 1, 0
        while True:
            found = self._object("GET", path, query={**(query or {}), "page": page, "page_size": PAGE})
            rows = found[key]
            yield from rows
            got += len(rows)
            if not rows or got >= int(found.get("total", found.get("count", 0))):
                return
            page += 1

    def _object(
        self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        found = self._call(method, path, body, query)
        if not isinstance(found, dict):
            raise ServerError(f"{self.address}{path} answered something else than asked.", hint="Is it Label Studio?")
        return found

    def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        timeout: float = TIMEOUT,
    ) -> Any:
        url = self.address + path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        answer = _ask(_opener(), urllib.request.Request(url, data, headers, method=method), timeout)
        try:
            return json.loads(answer) if answer else None
        except ValueError:
            raise ServerError(f"{url} answered no JSON.", hint="Is it Label Studio?") from None


def _opener(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)  # the server is on this machine


def _ask(opener: urllib.request.OpenerDirector, request: urllib.request.Request, timeout: float) -> bytes:
    try:
        with opener.open(request, timeout=timeout) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        said = error.read()[:300].decode(errors="replace")
        hint = "Run `doelwijzer annotate start` with the folder of this server." if error.code in (401, 403) else None
        raise ServerError(f"{request.full_url}: refused with {error.code} ({said}).", hint=hint) from None
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or error
        hint = "Start it with `doelwijzer annotate start`; then give the same command again: nothing is doubled."
        raise ServerError(f"Label Studio does not answer at {_place(request)} ({why}).", hint=hint) from None


def _place(request: urllib.request.Request) -> str:
    parts = urllib.parse.urlsplit(request.full_url)
    return f"{parts.scheme}://{parts.netloc}"

"""A real Label Studio for tests, run by our own command: see tests/server/running.py."""

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from nlp.labelstudio import server

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "annotate_passages.py"
PATIENCE = 900  # seconds: the database is made at the first start


class Station:
    """The command `annotate` on a data folder of its own."""

    def __init__(self, folder):
        self.folder, self.process, self.log = folder, None, folder.with_suffix(".log")

    def command(self, verb, *arguments):
        return [sys.executable, str(SCRIPT), verb, *map(str, arguments), "--folder", str(self.folder)]

    def run(self, verb, *arguments):
        """A verb, to its end."""
        return subprocess.run(self.command(verb, *arguments), capture_output=True, text=True, timeout=PATIENCE)

    def start(self, *arguments):
        """Start and wait until it can be used; what it said."""
        with self.log.open("w") as out:
            self.process = subprocess.Popen(self.command("start", *arguments), stdout=out, stderr=out)
        end = time.monotonic() + PATIENCE
        while "Passwords are kept" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)
        return self.log.read_text()

    def stop(self):
        """As Ctrl-C does."""
        self.process.terminate()
        self.process.wait(60)

    @property
    def settings(self):
        return server.load_settings(self.folder)

    @property
    def client(self):
        return self.settings.client

    def tasks(self, batch):
        return self.client.tasks(self.client.projects()[batch]["id"])

    def annotator(self, name):
        return Annotator(self.client.address, server.email_of(name), self.settings.passwords[name])


class Annotator:
    """Someone who is logged in, without a browser."""

    def __init__(self, address, email, password):
        self.address, self.cookies = address, CookieJar()
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(*handlers)
        page = self.opener.open(f"{address}/user/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        fields = {"email": email, "password": password, "csrfmiddlewaretoken": token}
        request = urllib.request.Request(f"{address}/user/login/", urllib.parse.urlencode(fields).encode())
        request.add_header("Referer", f"{address}/user/login/")
        assert "/user/login" not in self.opener.open(request).url

    def send(self, method, path, body):
        """An API call with the cookies of the session."""
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": self.address}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers, method=method)
        return json.loads(self.opener.open(request).read() or "null")

    def answer(self, task, **choices):
        """Submit choices for a task."""
        return self.send("POST", f"/api/tasks/{task['id']}/annotations/", {"result": result(choices)})

    def change(self, annotation, **choices):
        return self.send("PATCH", f"/api/annotations/{annotation['id']}/", {"result": result(choices)})


def result(choices):
    return [
        {"from_name": name, "to_name": "passage", "type": "choices", "value": {"choices": list(codes)}}
        for name, codes in choices.items()
    ]

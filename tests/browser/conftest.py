"""A real browser, headless. Skips, with the reason, where playwright or chromium is not there."""

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 90_000  # milliseconds, for a machine that has other work as well
HERE = {"", "localhost", "127.0.0.1", "::1"}  # "": file:, data:, blob:, about:


@dataclass
class Tab:
    """A page of the browser, and what it did that a user does not see."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """Addresses beyond this machine that were asked for."""
        return [url for url in self.requests if (urlsplit(url).hostname or "") not in HERE]

    def shoot(self, folder, name):
        """A picture of the page as it is shown, for people."""
        self.page.screenshot(path=folder / f"{name}.png")


@pytest.fixture(scope="module")  # its event loop would be in the way of later tests
def chromium():
    """The browser itself, for tests that need several users; others use `tab`."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright, which `make setup` installs")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("needs the browser chromium (Debian: apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_tab(chromium):
    """A function that opens a tab of a user of its own. In the end no tab may have logged an error or left this machine."""
    tabs, contexts = [], []

    def open_one(**options):
        options = {"locale": "nl-NL", "viewport": {"width": 1280, "height": 900}} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        tab = Tab(context.new_page())
        context.on("request", lambda request: tab.requests.append(request.url))
        context.on("console", lambda said: said.type == "error" and tab.errors.append(said.text))
        context.on("weberror", lambda error: tab.errors.append(str(error.error)))
        contexts.append(context)
        tabs.append(tab)
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert [error for tab in tabs for error in tab.errors] == []
    assert [url for tab in tabs for url in tab.elsewhere] == []


@pytest.fixture
def tab(open_tab):
    """One tab, in Dutch."""
    return open_tab()

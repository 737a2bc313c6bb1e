"""The page on this machine, as a user sees it in a real browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytest.importorskip("streamlit", reason="needs streamlit, which `make setup` installs")

BRIEF = "Bedrijven die cacao inkopen in Ivoorkust moeten kinderarbeid voorkomen (Kamerstuk 26 485, nr. 337)."
HOSTILE = "<img src=x onerror=alert(1)><script>document.title='gekaapt'</script> ![](http://voorbeeld.invalid/x.png)"
ENGLISH = ("Upload", "Drag", "Browse", "per file", "Remove", "Deploy", "sidebar", "Error:", "Press ", "Add files")


@pytest.fixture(scope="module")
def server(tmp_path_factory, chromium):  # noqa: ARG001  # without a browser it need not start
    """The address of a server, and the folder in which it would keep what it keeps."""
    home = tmp_path_factory.mktemp("thuis")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from nlp.console import app; app()", "view", "--no-browser", "--port", str(port)]
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    process = subprocess.Popen([*command, "--max-upload", "1"], env=os.environ | places, cwd=home)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address, home
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _await(address, process):
    for _ in range(600):
        try:
            return urlopen(address).close()
        except URLError:
            assert process.poll() is None
            time.sleep(0.1)
    raise AssertionError("The server did not start within a minute.")


@pytest.fixture
def user(server, open_tab):
    """A function that opens the page as a new user."""

    def arrive(**options):
        tab = open_tab(**options)
        tab.page.goto(server[0])
        tab.page.get_by_text("Kies een bestand").wait_for()
        return tab

    return arrive


def hand_in(tab, name, content):
    tab.page.set_input_files("input[type=file]", {"name": name, "mimeType": "", "buffer": content})


def paste(tab, text):
    tab.page.get_by_role("radio", name="Tekst").or_(tab.page.get_by_text("Tekst", exact=True)).first.click()
    tab.page.get_by_label("Plak hier een tekst").fill(text)
    tab.page.get_by_role("button", name="Bekijk deze tekst").click()


def report(tab):
    return tab.page.frame_locator("iframe").frame_locator("iframe")


def passage(tab, text):
    """The passages in the report that hold a text."""
    return report(tab).locator("article .text").get_by_text(text)


def taken_along(tab, kind):
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("button", name=kind.upper(), exact=True).click()
    return waiting.value


def read(download):
    return download.path().read_text(encoding="utf-8")


def test_a_letter_is_shown_and_taken_along(user, sample, tagged_sample, tmp_path):
    tab = user()
    hand_in(tab, "kamerbrief 2021.pdf", sample.read_bytes())
    report(tab).get_by_role("heading", level=1).wait_for()
    assert tagged_sample.document.title in report(tab).get_by_role("heading", level=1).inner_text()
    assert report(tab).locator("img").count() == len(tagged_sample.document.pages)
    tab.shoot(tmp_path, "rapport")
    lines = taken_along(tab, "jsonl")
    assert lines.suggested_filename == "kamerbrief-2021.jsonl"
    passages = [json.loads(line)["passage"]["id"] for line in read(lines).splitlines()]
    assert passages == [tagging.passage.id for tagging in tagged_sample]
    assert taken_along(tab, "csv").suggested_filename == "kamerbrief-2021.csv"
    page = tab.page.context.new_page()
    page.goto(f"file://{taken_along(tab, 'html').path()}")


def test_the_report_cannot_reach_the_page_around_it(user, sample):
    tab = user()
    hand_in(tab, "brief.pdf", sample.read_bytes())
    report(tab).get_by_role("heading", level=1).wait_for()
    inner = tab.page.frames[-1]
    assert inner.evaluate("window.origin") == "null"
    assert inner.evaluate("() => { try { return parent.document.title } catch { return 'dicht' } }") == "dicht"


def test_a_pasted_text_is_shown(user):
    tab = user()
    paste(tab, BRIEF)
    passage(tab, "kinderarbeid").wait_for()
    assert "kst-26485-337" in read(taken_along(tab, "jsonl"))


def test_markup_in_names_and_texts_is_shown_as_text(user):
    tab = user()
    hand_in(tab, f"{HOSTILE.replace('/', '_')}.pdf", b"geen PDF")
    tab.page.get_by_text("Dit bestand kan niet worden gelezen.").wait_for()
    assert "<img src=x onerror=alert(1)>" in tab.page.locator(".naam").inner_text()
    hand_in(tab, f"{HOSTILE.replace('/', '_')}.txt", f"Tekst: {HOSTILE}".encode())
    passage(tab, "onerror=alert(1)").wait_for()
    assert tab.page.title() == "Doelwijzer"
    assert tab.page.locator("img[src=x]").count() == 0
    assert report(tab).locator("img").count() == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("encrypted_user.pdf", "Dit bestand is beveiligd met een wachtwoord."),
        ("scan_only.pdf", "In dit bestand staat geen tekst"),
        ("truncated.pdf", "Dit bestand is beschadigd."),
        ("pages_5000_empty.pdf", "Dit bestand is te groot of te zwaar."),
        ("decompression_bomb.pdf", "Dit bestand is te groot of te zwaar."),
        ("no_tounicode.pdf", "De letters in dit bestand zijn niet te lezen"),
        ("html_error_page.pdf", "Dit bestand kan niet worden gelezen."),
        ("zero_bytes.pdf", "Dit bestand kan niet worden gelezen."),
    ],
)
def test_a_bad_file_is_told_in_dutch_and_the_page_stays_up(user, shared, name, said):
    tab = user()
    hand_in(tab, name, (shared / "pdf" / "bad" / name).read_bytes())
    tab.page.get_by_role("alert").get_by_text(said).wait_for()
    hand_in(tab, "goed.txt", BRIEF.encode())
    passage(tab, "kinderarbeid").wait_for()


def test_a_file_that_is_too_large_does_not_even_leave_the_browser(user):
    tab = user()
    hand_in(tab, "groot.txt", b"groot " * 200_000)
    tab.page.get_by_text("Niet geplaatst: kies één bestand, van hoogstens 1 MB.").wait_for()
    assert not [url for url in tab.requests if "upload_file" in url]
    tab.page.get_by_role("button", name="Verwijder groot.txt").click()
    tab.page.get_by_text("Niet geplaatst").wait_for(state="hidden")


def test_the_page_speaks_dutch(user, sample):
    tab = user()
    hand_in(tab, "brief.pdf", sample.read_bytes())
    report(tab).get_by_role("heading", level=1).wait_for()
    assert tab.page.evaluate("document.documentElement.lang") == "nl"
    said = tab.page.locator("body").inner_text()
    names = tab.page.eval_on_selector_all("[aria-label], [title]", "all => all.map(e => e.ariaLabel + ' ' + e.title)")
    for word in ENGLISH:
        assert word not in said
        assert not [name for name in names if word in name]


def test_two_users_see_their_own_documents(user):
    one, other = user(), user()
    hand_in(one, "een.txt", b"De klimaatwet schrijft voor dat de uitstoot daalt.")
    hand_in(other, "twee.txt", b"Meisjes gaan even lang naar school als jongens.")
    passage(one, "klimaatwet").wait_for()
    passage(other, "Meisjes").wait_for()
    assert passage(one, "Meisjes").count() == 0
    assert passage(other, "klimaatwet").count() == 0


def test_what_is_taken_back_is_gone_and_nothing_is_kept(server, user):
    tab = user()
    hand_in(tab, "brief.txt", BRIEF.encode())
    passage(tab, "kinderarbeid").wait_for()
    tab.page.get_by_role("button", name="Verwijder brief.txt").click()
    tab.page.get_by_text("Waar gaat dit document over?").wait_for()
    assert tab.page.locator("iframe").count() == 0
    kept = [path for path in server[1].rglob("*") if path.is_file()]
    assert kept == []


def test_on_a_narrow_screen_the_report_has_the_room(user):
    tab = user(viewport={"width": 390, "height": 800})
    tab.page.get_by_text("Open de zijbalk").wait_for()
    tab.page.get_by_role("button", name="Toon de zijbalk").click()
    hand_in(tab, "brief.txt", BRIEF.encode())
    tab.page.get_by_role("button", name="Verberg de zijbalk").click()
    passage(tab, "kinderarbeid").wait_for()
    assert tab.page.locator("iframe").bounding_box()["width"] > 350

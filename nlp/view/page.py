"""The page, in the order in which it is read. Streamlit runs it anew at each step of a user.

Streamlit reads most texts as Markdown, in which a picture would be fetched from elsewhere: what came with a document
goes through `st.html`, escaped, or `st.code`.
"""

from __future__ import annotations

import json
import re
import sys
from html import escape
from pathlib import Path

import streamlit as st

from nlp.schemes import load_scheme
from nlp.view.desk import PASTED, Answer, Settings, tag
from nlp.view.messages import trouble

HERE = Path(__file__).parent
FILE, TEXT = "Bestand", "Tekst"
SIDE = 270  # pixels: on a screen 1280 wide the report then has room for pages beside passages
MIME = {"jsonl": "application/jsonl", "csv": "text/csv", "html": "text/html"}


def main() -> None:
    settings = Settings(**json.loads(sys.argv[1]))
    st.set_page_config("Doelwijzer", page_icon="🧭", layout="wide", initial_sidebar_state=SIDE)
    with st.sidebar:
        st.title("Doelwijzer", anchor=False)
        handed = _handed(settings)
    place = st.empty()  # what stood there goes at once
    if handed is None:
        st.session_state.pop("answer", None)
        with place.container():
            _introduce(settings)
    else:
        with place:
            answer = _answer(settings, *handed)
        with place.container():
            _show(handed[1], answer, settings)
    with st.sidebar:
        st.html(HERE / "page.css")
        st.html(f"<script>{(HERE / 'page.js').read_text('utf-8')}</script>", unsafe_allow_javascript=True)


# --- what comes in ------------------------------------------------------------------------------------------------

Handed = tuple[str, str, bytes]  # what tells it from others, name, content


def _handed(settings: Settings) -> Handed | None:
    """The file or the text that the user hands in."""
    way = st.segmented_control("Wat wilt u bekijken?", [FILE, TEXT], default=FILE, required=True, width="stretch")
    if way == FILE:
        file = st.file_uploader(f"PDF, DOCX, XML, HTML of TXT (hoogstens {settings.megabytes} MB)")
        st.html(f"<p class='te-groot'>Niet geplaatst: kies één bestand, van hoogstens {settings.megabytes} MB.</p>")
        return (file.file_id, file.name, file.getvalue()) if file else None
    with st.form("tekst", border=False):
        text = st.text_area("Plak hier een tekst", height=320).strip()
        st.form_submit_button("Bekijk deze tekst", type="primary")
    return (text, PASTED, text.encode()) if text else None


def _answer(settings: Settings, key: str, name: str, content: bytes) -> Answer:
    """For this session alone; it goes when the user takes the document back or closes the tab."""
    known = st.session_state.get("answer")
    if known and known[0] == key:
        answer: Answer = known[1]
        return answer
    with st.spinner("Bezig met lezen …"):
        answer = tag(settings, name, content)
    st.session_state["answer"] = key, answer
    return answer


# --- what is shown ------------------------------------------------------------------------------------------------


def _introduce(settings: Settings) -> None:
    sdg = load_scheme("sdg")
    goals = "".join(f"<i style='background: {sdg[str(number)].colour}'></i>" for number in range(1, 18))
    st.html(
        f"<section class='uitleg'><p class='doelen' aria-hidden='true'>{goals}</p><h2>Waar gaat dit document over?</h2>"
        "<p class='wijzer'><b>» Open de zijbalk, linksboven, om een document te kiezen.</b></p>"
        "<p>Geef een Kamerbrief, Kamerstuk of andere tekst. Per passage ziet u welke duurzame ontwikkelingsdoelen (SDG’s) "
        "en welke thema’s van internationaal maatschappelijk verantwoord ondernemen (IMVO) erin staan, welke "
        "Kamerstukken zij noemt, en op welke woorden dat berust.</p>"
        "<ul><li>Alles gebeurt op de computer waarop Doelwijzer draait; die stuurt niets het internet op.</li>"
        "<li>Er blijft niets op schijf; wie het tabblad sluit, is het kwijt.</li>"
        f"<li>Een document mag {settings.megabytes} MB groot zijn, {settings.pages} bladzijden lang, en het lezen mag "
        f"{settings.seconds:.0f} seconden duren.</li></ul></section>"
    )


def _show(name: str, answer: Answer, settings: Settings) -> None:
    if not answer.files:
        what, hint = trouble(answer.status, settings)
        st.html(f"<p class='naam'>{escape(name)}</p>")
        st.error(f"**{what}** {hint}")
        with st.expander("Melding voor de beheerder"):
            st.code(f"{answer.status}: {answer.message}", language=None, wrap_lines=True)
        return
    with st.sidebar:
        _take_along(name, answer)
    st.iframe(framed(answer.files["html"].decode()), height=800, alt="Rapport")


def framed(report: str) -> str:
    """A page with the report in a sandbox without an origin: its scripts cannot reach the page around it or its server."""
    may = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals"
    return (
        '<!doctype html><html lang="nl"><meta charset="utf-8">'
        "<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block }</style>"
        f'<iframe title="Rapport" sandbox="{may}" srcdoc="{escape(report)}"></iframe></html>'
    )


def _take_along(name: str, answer: Answer) -> None:
    st.caption("Meenemen als")
    with st.container(horizontal=True):
        for kind, mime in MIME.items():
            st.download_button(kind.upper(), answer.files[kind], f"{_stem(name)}.{kind}", mime, on_click="ignore")


def _stem(name: str) -> str:
    """A name for files to take along, of letters, digits and dashes."""
    return re.sub(r"\W+", "-", Path(name).stem).strip("-")[:80] or "document"


if __name__ == "__main__":
    main()

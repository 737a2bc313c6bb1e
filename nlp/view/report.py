"""The report of a document, and the frame in which it can do no harm."""

from __future__ import annotations

from html import escape

import pandas as pd

from nlp.plain import PlainDocument
from nlp.tagged import rows

# Scripts of the report run without an origin: they cannot reach the page around it, its cookies or its server.
MAY = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals"
# And whatever stands in it, nothing is fetched.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:"


def report_of(tagged: PlainDocument) -> str:
    return pd.DataFrame(list(rows(tagged))).to_html(escape=True)


def framed(report: str) -> str:
    """A page that holds the report in a sandbox."""
    return (
        f'<!doctype html><html lang="nl"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}; frame-src \'self\'">'
        "<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block }</style>"
        f'<iframe title="Rapport" sandbox="{MAY}" srcdoc="{escape(report)}"></iframe></html>'
    )

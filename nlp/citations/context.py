"""What stands before a bare number form tells a citation from a sum of money, an order number or another register."""

from __future__ import annotations

import re

WINDOW = 90  # characters before a number form that are looked at

OF_PARLIAMENT = r"(?<!kamerstuk)(?<!dossier)(?<!vet)(?<!stuk)(?<!voorstel)(?<!ontwerp)(?<!onder)(?<!volg)"
# Registers that number things in the same way: "polis 28165", "bestelnummer: 30196", "(factuur 26485".
NUMBERED_OTHERWISE = (
    rf"\w*(?:[a-z]{OF_PARLIAMENT}-?(?:nummers?|nrs?\.?|code)|polis|order|factuur|offerte|kenmerk|referentie"
    rf"|bestelling|vacature)"
    r"|sectie|kadaster|postbus|telefoon|tel|fax|toestel|kvk|bsn|iban|ref|inv|isbn|issn|doi|iso|nen|din|bnb|ljn|v-n"
    r"|nj|pb|pbeu|kenteken"
)
# Words that do so only where nothing stands between: "model 31 293", but not "naar Duits model (31 293, nr. 3)".
NUMBERED_AT_ONCE = (
    r"rol|catalogus|toegang|perceel|kavel|rekening|octrooi(?:en)?|patent(?:en)?|vergunning|contract|certificaat|zaak"
    r"|inventaris|artikelen|artikel|art|lid|leden|jb|jor|ab|serie|klant|lidmaatschap|model|lot|beschikking|versie"
    r"|release|norm"
    r"|pagina|blz|stoel|zaal|route|lijn|vlucht|trein|bus|type|project|subsidie|aanvraag|hoofdstuk|deel|paragraaf"
    r"|bijlage|seizoen|schooljaar|boekjaar|studiejaar|collegejaar|periode"
)
OTHER_REGISTER = re.compile(
    rf"""\b(?:(?:{NUMBERED_OTHERWISE})(?:\s?(?:nummer|nr|no))?[.:]?(?:\s(?:is|luidt|met|onder))?\s{{0,3}}[:(\[]?
    |(?:{NUMBERED_AT_ONCE})(?:\s?(?:nummer|nr|no))?[.:]?)\s{{0,9}}$""",
    re.IGNORECASE | re.VERBOSE,
)
QUANTITY = re.compile(
    r"\b(?:circa|ca|ruim|bijna|ongeveer|zo'n|slechts|liefst|totaal|totale|gemiddeld|(?:meer|minder|more|less)\sdan"
    r"|aantal|telt|telde|bedraagt|bedroeg|bedragen|kost|kostte"
    r"|som|getal|saldo|about|some|almost)\.?\s{1,9}$",
    re.IGNORECASE,
)
RANKING = re.compile(
    r"\s{1,9}(?:in|van|op|uit|of|on)\s{1,9}(?:(?:de|het|the|dit|die|deze)\s)?(?:omvang|rij|lijst|ranglijst|reeks"
    r"|tabel|wereld|Nederland|Europa|land|top"
    r"|grootte|klassement|rang|serie|list|world)\b",
    re.IGNORECASE,
)
COURT_OR_STANDARD = re.compile(
    r"""\b(?:HR|Hoge\sRaad|CRvB|CBb|ABRvS|ABRS|Rb\.?|Hof|Rechtbank|Gerechtshof|arrest|vonnis)\b
      [^()]{0,60}\d{4},?\s{0,3}(?:nr\.?\s{0,3})?$
    | \b(?:ISO|NEN|NEN-EN|DIN|BNB|LJN|KvK|IBAN|BSN|ISBN|kadastraal|sectie)\b[^()]{0,40}$""",
    re.VERBOSE,
)
AMOUNT = re.compile(r"(?:[€$£]|\b(?:eur|euro|usd|nlg|fl?)\.?)\s{0,3}$", re.IGNORECASE)
NUMBER = re.compile(r"\d[.,/:-]?\s{0,3}$")
BEHIND_A_PAPER = re.compile(
    r"(?:nr\.?|nrs\.?|nummer|no\.?|p\.|blz\.)\s{0,9}\d[\d\s-]{0,9}(?:[,;]\s{1,9}|\s{0,9}\n\s{0,9})$", re.IGNORECASE
)
OF_A_DATE = re.compile(r"\b(?:19|20)\d\d,\s{0,9}$")
MARKER_AT_LINE_START = re.compile(r"(?:^|\n)\s{0,12}\(?\d{1,3}[.)]?\s{1,3}$")
PAPER = re.compile(
    r"""\b(?:motie\w*|amendement\w*|(?:kamer)?brie(?:f|ven)|wets(?:voorstel|ontwerp)\w*|\w*verslag\w*|nota|memorie
    |toelichting|stuk|stukken
    |fiche|toezegging\w*|kabinetsreactie|kamer|minister\w*|staatssecretaris|regering|kamerstuk\w*|\w*dossier
    |initiatief\w*|\w*rapportage
    |agenda|aangenomen|ingediend|verworpen|aangehouden|bill|letter|paper|motion|amendment|memorandum|mvt|mva|nnav?v
    |leden|c\.s
    |begroting\w*|beantwoording|antwoord\w*|krijgt)\b""",
    re.IGNORECASE | re.VERBOSE,
)
MAY_PRECEDE = re.compile(
    r"""(?:^|[\s("'»«-])(?:zie|ook|in|uit|bij|van|op|met|en|of|naar|onder|conform|volgens|vgl\.?|vergelijk|cf\.?|see|aan
    |over|betreffende?
    |inzake|via|door|blijkens|krachtens|ingevolge|overeenkomstig|cfm|zoals|middels|sinds|aldus|namelijk|weten
    |waaronder|dus|evenals|alsmede|respectievelijk|resp\.?|plus|tk|ek|per|and|or|also|to|from|under|c\.s\.?|o\.a\.
    |bijv\.|d\.d\.
    |te|is|was|nu|thans|eerder|voorheen|hierover|hiervoor|hierbij|verder|tevens|moties?|amendement|wetsvoorstel
    |wetsontwerp|stuk|stukken
    |fiche|toelichting|dossier|initiatiefwet|t\.?v\.?v\.?|motion|amendment|letter|bill|paper|[a-z]*(?:rapportage
    |reactie|brief|verslag
    |nota|agenda|memorie))\s{1,24}$""",
    re.IGNORECASE | re.VERBOSE,
)
JOINED_TO_NUMBER = re.compile(r"\d[a-z]?\s{1,9}(?:en|of|and|or|&|alsmede)\s{1,9}$", re.IGNORECASE)
PUNCTUATION = re.compile(r"""(?:^|[(\[{;,:.•·*"'«»<>=|/¹²³⁴-⁹-]|\n)\s{0,24}$""")
PART = re.compile(r"[;:]\s")
CLAUSE = re.compile(r"""[.!?]["')\]]?\s+(?=[A-Z"'(\[])|\n\s*\n""")


def before(text: str, start: int) -> str:
    """The clause before `start`, at most WINDOW characters."""
    return CLAUSE.split(text[max(0, start - WINDOW) : start])[-1]


def is_bare_citation(text: str, start: int, *, strong: bool) -> bool:
    """Whether "26 485, nr. 232" without label is a Kamerstuk; `strong`: a form that only budgets and Councils have."""
    clause = before(text, start)
    if clause[-1:].isalpha() or any(
        sign.search(clause) for sign in (AMOUNT, OTHER_REGISTER, COURT_OR_STANDARD, QUANTITY)
    ):
        return False
    if NUMBER.search(clause):
        return _may_follow_number(text, start, clause, strong=strong)
    if JOINED_TO_NUMBER.search(clause) and not strong:
        # Had the number before it been a paper, it would have been read with it.
        return _names_a_paper(clause)
    return strong or bool(PUNCTUATION.search(clause) or MAY_PRECEDE.search(clause) or _names_a_paper(clause))


def _may_follow_number(text: str, start: int, clause: str, *, strong: bool) -> bool:
    """A footnote number at the beginning of a line, the number of another paper, or a date; not a row of amounts."""
    if MARKER_AT_LINE_START.search(text[max(0, start - 20) : start]) or BEHIND_A_PAPER.search(clause):
        return True
    if strong and clause.rstrip()[-1:] in ",;":
        return True
    return OF_A_DATE.search(clause) is not None and _names_a_paper(clause)


def is_ranking(text: str, end: int) -> bool:
    """Whether "nr. 2" goes on as a place on a list: "nr. 2 van Nederland"."""
    return RANKING.match(text, end) is not None


def names_a_paper(text: str, start: int) -> bool:
    """Whether the clause before `start` is about papers of parliament."""
    return _names_a_paper(before(text, start))


def _names_a_paper(clause: str) -> bool:
    return PAPER.search(PART.split(clause)[-1]) is not None

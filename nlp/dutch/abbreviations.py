"""Dutch abbreviations by what may follow their full stop, and the words that open a sentence. Data only.

Forms stand in lower case without the last full stop; `KINDS` tells the class of each. The classes answer one
question: "… afk. Woord": does a sentence end between the two? Words that are also short for something ("hand.",
"vol.", "no.") stand in NUMBERED or CAPITALISED, never in a class that forbids an end before any word.
"""

from __future__ import annotations

from typing import Final


def _words(words: str) -> tuple[str, ...]:
    return tuple(words.split())


NEVER: Final = _words("""
a.d.h.v aanbev aanh aant aanw adm afb afd afl arg art artt b.g.v beschikk besl bijbl bijl bijv bijz blz bnl bvb ca cf
cfr cie cies circ civ comm concl conf conv d.d d.i d.m.v d.t.v d.w.z dd dep diss dln dmv doc dwz e.g ed eds enq evt
excl exclus exec fasc fig geb gebr gebrs ged gem get gew h.o.d.n hfdst hfst hoofdst hst i.a i.c i.e i.e.z i.g.v i.h.a
i.h.b i.h.g.v i.h.k.v i.i.g i.k.v i.l.v i.o.m i.o.v i.p.v i.r.t i.s.m i.t.t i.v.m igv ihb ihkv ill incl inclus inh inl
inst inw inz ipv ism itt ivm j.o jo jrg jur jurispr kamerst kamervr kst l.c lit litt m.a.w m.b.t m.b.v m.h.o m.i m.i.v
m.m.v m.n m.u.v m.v.v maw mbt mbv miv mmv muv n.a.l.v n.a.v n.b n.m.m nav nb nl nml nr nrs o.a o.b.v o.g.v o.h o.i.v
o.l.v o.m o.o.v o.r.v o.v obv ogv olv omstr onderd ong ontw oorspr op.cit opg opm overw p p.o.v pag pbeg pbeu plm pnt
postb pp publ r.o r.ov rapp rb regl resp richtl rov rubr s.l samenst schr sect spec stb stcrt ste str suppl t.a.v
t.b.v t.e.m t.g.v t.h.v t.l.v t.m t.m.v t.n.v t.o.v t.t.v t.v.v t.w tav tbl tbv tgv tnv toel toep toest tov trb uitg
uitgev uitv uitvbesl uitvreg univ v.l.n.r v.w.b vergel vergj verh verm verord vert vgl vh vj vlg vlgg vlgs vml voorh
voorm vs w.g w.o w.v wetb wijz wnd z.g z.i zg zgn zittingsj zog
""")
"""Something always follows: nr. 337, art. 5, m.b.t. De Nederlandsche Bank, bijv. Frankrijk, Stb. 2019."""

OPEN: Final = _words("""
a.s a.u.b aub c.a c.s derg dergl dgl e.a e.d e.e.a e.o e.t.c e.v enz etc etcet ff i.d i.d.v i.o ib ibid id j.l jl k.o
l.l ll m.d.v m.m n.n.b n.n.g n.o.t.k n.t.b n.v.t nnb ntb nvt o.d o.e.d o.i.d od oid p.d p.h p.j p.jr p.k p.m p.mnd p.p
p.p.p.j p.st p.u p.w r.s.v.p s.v.p svp t.z.t tzt u.d v.o.n v.v z.o.z z.s.m zsm
""")
"""Closes a phrase: before a capital the sentence ends. … van 10 juli jl. Daarin …; bossen, heiden e.d. Natuurbeheer …"""

CAUTIOUS: Final = _words("""
a.h.w a.i a.w b.b.h.h b.d b.o b.v b.v.b.a b.z.n bbl bv c.c c.q c.v chr cm co corp cq f.o.b fl g.g.d gld gr ha hl inc
jr k.v.k kcal kg km kw kwh llc ltd m.e.r m.g.v m.t m.v.t max mg mgd mio ml mld mln mm mnd n.chr n.v o.m.v o.r o.v ov
oz p.i p.o pct plc q.q r.k s.a s.j sr tlv u.s u.s.a v.a v.c v.chr v.d v.n v.o.f v.s vz w.a w.o.b w.w zn
""")
"""May close or not: the sentence ends only before a word that opens sentences. € 3 mln. Dat …; Shell B.V. Nederland"""

ORGANISATIONS: Final = frozenset(_words("b.v b.v.b.a c.v g.g.d n.v s.a u.s u.s.a v.n v.o.f v.s"))
"""Of these (all cautious) the forms in capitals are no initials."""

TITLES: Final = _words("""
b.sc bc burgem dhr dir dr dra drs ds fam gouv griff h.k.h hoogl hr hrn ing ir jhr jkvr jonkh jonkvr lt lt.gen lt.kol
luit m.sc maj med.drs mej mevr mgr mgrs mr mrs ms msgr mw pred prof proff raadsh st stas stasr v.d.h weth wethr z.em
z.exc z.k.h z.m
""")
"""Before a name: mr. drs. J.P.H. Donner, dhr. G. Jansen, stas. Van Ark, St. Eustatius."""

MONTHS: Final = _words("jan feb febr mrt apr jun jul aug sep sept okt nov dec")
"""3 sept. 2015; before a word that opens sentences the sentence ends."""

UNITS: Final = _words("min sec m st")
"""Units behind a number (5 min. Daarna …); otherwise short for something that follows (min. Hoekstra)."""

INITIALS: Final = _words("alb ch chr corn fr gs herm ij jac ph th tj wm")
"""Parts of first names written with more than one letter: A. Th. B. Bijleveld."""

NUMBERED: Final = _words("""
aflev al amend bep bl boek bull col di dl do hand kol lid ma no nos opl par pos punt rek sub tab tel titel vers verz
vn vnr vo vol volg vr wo za zo
""")
"""Ordinary words or letters, short for something only before a number: vol. 3, no. 12, Hand. 2019, do. 4 juni."""

CAPITALISED: Final = _words("""
adv alg amst arb belg best bijz centr cie circ comm conc dep dept europ fac fed fin gen hand ind int intern kap kapt
kol kon maj mil nat ned nederl nrd oostenr opp parl pres prov rott verg vl
""")
"""Short for the first word of a name when written with a capital inside a sentence: de Kon. Marine, Alg. Rekenkamer."""

KINDS: Final[dict[str, str]] = {
    word: kind
    for kind, words in (
        ("numbered", NUMBERED), ("unit", UNITS), ("initial", INITIALS), ("month", MONTHS),
        ("cautious", CAUTIOUS), ("title", TITLES), ("open", OPEN), ("never", NEVER),
    )
    for word in words
}  # fmt: skip

TOP_LEVEL_DOMAINS: Final = frozenset(
    _words("nl com org eu net be de uk fr info gov int edu aw cw sx frl amsterdam pdf")
)
"""A dotted word that ends so is an address or a file, not an abbreviation."""

_ADVERBS = frozenset(
    first + last
    for first in ("Daar", "Hier", "Waar", "Er")
    for last in _words(
        "aan achter af beneden bij binnen boven buiten door heen in langs mede mee na naar naast om omheen omtrent onder "
        "op over tegen tegenover toe tussen uit van vanuit voor"
    )
)

STARTERS: Final = _ADVERBS | frozenset(
    _words("""
Aan Aangezien Achter Achteraf Afgelopen Afgezien Al Aldus Alhoewel Alle Alleen Allen Allereerst Allerlei Alles Als
Alsdan Alsmede Alsnog Altijd Andere Anders Anderzijds Behalve Behoudens Beide Ben Bij Bijgevolg Bijna Bijvoorbeeld
Binnen Binnenkort Blijkbaar Blijkens Boven Bovenal Bovendien Bovenstaande Buiten Circa Conform Daar Daarenboven Daarom
Dan Dank Dankzij Dat De Degene Degenen Den Der Dergelijke Desalniettemin Desgevraagd Desondanks Destijds Deze Dezelfde
Dezer Die Dien Dienen Diens Dient Dikwijls Dit Ditzelfde Doch Doel Door Doordat Doorgaans Drie Dus Echter Een Eenieder
Eens Eerder Eerst Eerste Eerstgenoemde Eh Ehm Eigenlijk Eind Eindelijk Elk Elke En Enerzijds Enige Enkel Enkele Er
Eveneens Evenmin Evenwel Eén Gaat Gedurende Geen Gelet Gelukkig Gezien Graag Haar Had Hadden Heb Hebben Heeft Heel Het
Hetgeen Hetzelfde Hetzij Hierdoor Hij Hoe Hoeveel Hoewel Hun Hè Ieder Iedere Iedereen Iemand Iets Ik Immers In
Inderdaad Indien Ingevolge Inmiddels Integendeel Is Ja Jaarlijks Je Jij Juist Jullie Kan Klopt Komt Kon Konden Kortom
Krachtens Kun Kunnen Kunt Laat Laten Later Maar Mag Medio Meer Meerdere Men Meneer Met Mevrouw Middels Mij Mijn Mijns
Minder Misschien Mits Mocht Mochten Moet Moeten Mogelijk Mogen Momenteel Na Naar Naarmate Naast Nadat Nadien Namelijk
Namens Natuurlijk Nee Neen Nergens Niemand Niet Niets Niettemin Noch Nog Nogmaals Nooit Nou Nu Of Oké Om Omdat Omtrent
Ondanks Onder Onderstaande Ondertussen Ongeacht Ongeveer Ons Onverminderd Onze Ook Op Opdat Opnieuw Over Overal
Overeenkomstig Overigens Per Reeds Rond Ruim Samen Samengevat Samenvattend Sedert Sinds Sindsdien Slechts Sommige Soms
Staat Steeds Straks Te Tegelijk Tegelijkertijd Tegen Tegenover Ten Teneinde Tenslotte Tenzij Ter Terwijl Tevens Thans
Tijdens Toch Toen Tot Totdat Trouwens Tussen Twee Tweede U Uit Uiteindelijk Uiteraard Uiterlijk Uitgaande Uw Vaak Van
Vanaf Vandaag Vandaar Vanuit Vanwege Veel Veelal Vele Velen Verder Verschillende Vervolgens Via Vier Volgens Voor
Vooraf Vooral Vooralsnog Voordat Voorheen Voornoemde Voorts Voorzitter Vorig Vorige Vrijwel Waar Waarom Waaronder
Wanneer Want Waren Was Wat We Weer Wegens Weinig Wel Weliswaar Welk Welke Wellicht Werd Werden Wie Wij Wil Willen Wilt
Worden Wordt Zal Ze Zeer Zeker Zelden Zelf Zelfs Zie Zij Zijn Zo Zoals Zodat Zodoende Zodra Zojuist Zolang Zonder Zou
Zouden Zover Zowel Zulke Zulks Zullen Één
""")
)
"""Capitalised words that as a rule begin a sentence and are no names."""

NAME_PREFIXES: Final = frozenset(_words("Aan Al Bij De Den Der Dien Het In Onder Op Over Te Ten Ter Tot Uit Van Voor"))
"""Starters that also begin a surname: after initials they end no sentence (A. De Vries)."""

LABELS: Final = frozenset(
    _words("""
aflevering artikel beginsel bijlage blok boek box categorie criterium deel divisie domein eenheid fase figuur gebied
graad groep hepatitis hoofdstuk influenza kader kamer kavel klasse kolom kwadrant lid lijn locatie maatregel model
module niveau noot onderdeel optie paragraaf perceel pijler plan post punt rang reeks regio route scenario sectie serie
situatie soort spoor stadium stap strook sub tabel terrein titel tracé type unit variant vitamine voorbeeld zaal zone
""")
)
"""Nouns that bear a letter as their name: scenario B., vitamine C., bijlage A."""

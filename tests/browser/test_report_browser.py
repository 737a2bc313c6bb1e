"""The report as a reader uses it, in a real browser; `open_tab` sees to it that nothing fails and nothing leaves the page."""

import re

import pytest

import nlp
from nlp.records import Document, Evidence, Passage, Tag, Tagging
from nlp.tagged import TaggedDocument
from nlp.write import write
from tests.tiny_pdf import pdf, show

pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def file(tagged_sample, tmp_path_factory):
    """The report of the sample letter."""
    path = tmp_path_factory.mktemp("rapport") / "brief.html"
    path.write_text(tagged_sample.to_html(), encoding="utf-8")
    return path


@pytest.fixture
def page(tab, file):
    tab.page.goto(file.as_uri())
    return tab.page


def shown(page):
    return page.locator("article:not([hidden])")


def marked(page, kind):
    return page.locator(f"article .text mark.{kind}").all_inner_texts()


def test_it_opens_with_all_pages_and_passages(page, tagged_sample):
    assert page.title() == tagged_sample.document.title
    assert page.locator("html").get_attribute("lang") == "nl"
    assert shown(page).count() == len(tagged_sample)
    assert page.locator("#count").inner_text() == f"{len(tagged_sample)} passages"
    sizes = page.locator(".paper img").evaluate_all("all => all.map(i => i.complete && i.naturalWidth)")
    assert len(sizes) == 5
    assert min(sizes) >= 1000


def test_passages_are_drawn_where_they_stand(page, tagged_sample):
    """The rectangle on the screen is the box of the record, at the size of the picture."""
    picture = page.locator(".paper img").first.bounding_box()
    scale = picture["width"] / tagged_sample.document.pages[0].width
    number = next(at for at, t in enumerate(tagged_sample, 1) if t.passage.text.startswith("Met deze brief"))
    drawn = page.locator(f'.mark[data-passage="{number}"] .lines').first.bounding_box()
    boxes = tagged_sample[number - 1].passage.boxes
    assert drawn["x"] - picture["x"] == pytest.approx(scale * min(b.x0 for b in boxes), abs=8)
    assert drawn["y"] - picture["y"] == pytest.approx(scale * min(b.top for b in boxes), abs=8)
    assert drawn["height"] == pytest.approx(scale * (boxes[-1].bottom - boxes[0].top), abs=16)


def test_a_goal_narrows_the_passages_and_what_is_drawn(page, tagged_sample):
    with_eight = [t for t in tagged_sample if "8" in t.codes("sdg")]
    page.get_by_role("button", name=re.compile("^SDG 8 ")).click()
    assert shown(page).count() == len(with_eight)
    assert page.locator("#count").inner_text() == f"{len(with_eight)} van {len(tagged_sample)} passages"
    lit = page.locator(".mark:not(.off)").evaluate_all("all => [...new Set(all.map(m => m.dataset.passage))]")
    assert len(lit) == len(with_eight)
    colours = page.locator(".mark:not(.off) .lines").evaluate_all(
        "all => [...new Set(all.map(g => getComputedStyle(g).fill))]"
    )
    assert colours == ["rgb(162, 25, 66)"]  # what was asked for, also where another label comes first
    page.get_by_role("button", name=re.compile("^SDG 13 ")).click()
    assert shown(page).count() == sum(bool({"8", "13"} & set(t.codes("sdg"))) for t in tagged_sample)
    page.keyboard.press("Escape")
    assert shown(page).count() == len(tagged_sample)


def test_theme_score_and_search_narrow_too(page, tagged_sample):
    page.locator("summary", has_text="IMVO-thema's").click()
    page.get_by_role("button", name=re.compile("^IMVO: Kinderarbeid")).click()
    assert shown(page).count() == sum("kinderarbeid" in t.codes("imvo") for t in tagged_sample)
    page.locator("#reset").click()
    page.locator("#score").fill("0.95")
    assert shown(page).count() == sum(bool(t.above(0.95)) for t in tagged_sample)
    assert all(
        float(r) >= 0.95 for r in page.locator(".tag:visible").evaluate_all("all => all.map(t => t.dataset.rank)")
    )
    page.locator("#reset").click()
    page.get_by_label("Zoek in de passages").fill("vakbonden FABRIEK")
    assert shown(page).count() == sum(
        "vakbonden" in t.passage.text and "fabriek" in t.passage.text for t in tagged_sample
    )
    page.get_by_label("Zoek in de passages").fill("xyzzy")
    assert page.locator("#nothing").is_visible()
    page.locator("#reset").click()
    page.get_by_label("alleen met label").check()
    assert shown(page).count() == sum(bool(t.tags) for t in tagged_sample)


def test_opening_a_label_marks_its_words(page, tagged_sample):
    number, tagging = next((at, t) for at, t in enumerate(tagged_sample, 1) if "kinderarbeid" in t.codes("imvo"))
    tag = next(tag for tag in tagging.tags if tag.code == "kinderarbeid")
    page.locator(f"#p{number} .tag", has_text="Kinderarbeid").first.locator("summary").click()
    page.locator(f"#p{number} .tag", has_text="Kinderarbeid").nth(1).locator("summary").click()
    page.locator("article .text mark").first.wait_for()
    strongest = tag.evidence[:12]
    assert set(marked(page, "pro")) == {cue.text for cue in strongest if cue.weight > 0}
    assert set(marked(page, "con")) == {cue.text for cue in strongest if cue.weight < 0}
    assert page.locator(f"#p{number} .text").text_content() == tagging.passage.text
    page.locator(f"#p{number} .tag[open] summary").click()
    page.locator("article .text mark").first.wait_for(state="detached")


def test_a_passage_on_the_page_leads_to_its_text_and_back(page):
    mark = page.locator('.mark[data-passage="15"]').first
    mark.scroll_into_view_if_needed()
    mark.click()
    article = page.locator("#p15")
    assert article.get_attribute("aria-current") == "true"
    assert article.is_visible()
    assert page.locator("#p15 .tag[open]").count() == 1
    page.locator("#p20 .where a").click()
    assert page.locator('.mark.current[data-passage="20"]').count() == 1
    assert page.locator("#p15 .tag[open]").count() == 0


def test_citations_lead_to_the_publication_in_a_tab_of_their_own(page):
    link = page.locator("#p4 .text a.cite")
    assert link.inner_text() == "Kamerstuk 26 485, nr. 337"
    assert link.get_attribute("href") == "https://zoek.officielebekendmakingen.nl/kst-26485-337.html"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


def test_the_keyboard_does_it_all(page):
    for _ in range(4):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "p4"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "p3"
    page.keyboard.press("/")
    page.keyboard.type("j k vakbond")
    assert page.locator("#search").input_value() == "j k vakbond"
    page.keyboard.press("Escape")
    assert page.locator("#search").input_value() == ""
    page.keyboard.press("Tab")  # out of the search field
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.get_by_label("sneltoetsen aan").uncheck()
    page.get_by_role("button", name="Sluiten").click()
    before = page.evaluate("document.activeElement.id")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == before


def test_a_narrow_screen_shows_one_thing_at_a_time(open_tab, file):
    page = open_tab(viewport={"width": 400, "height": 800}).page
    page.goto(file.as_uri())
    assert not page.locator("#pages").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.get_by_role("button", name="Pagina's").click()
    assert page.locator("#pages").is_visible()
    assert not page.locator("#passages").is_visible()
    page.locator('.mark[data-passage="4"]').first.click()
    assert page.locator("#p4").is_visible()


def test_without_scripts_all_is_there(open_tab, file, tagged_sample):
    page = open_tab(java_script_enabled=False).page
    page.goto(file.as_uri())
    assert page.locator("article").count() == len(tagged_sample)
    assert not page.locator("#search").is_visible()
    page.locator("#p4 .tag summary").first.click()
    assert page.locator("#p4 .evidence").first.is_visible()


def test_it_prints_passages_and_pages(page):
    import pypdfium2

    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    texts = [sheet.get_textpage().get_text_range() for sheet in printed]
    assert [text.split("\r\n")[0] for text in texts[-5:]] == [f"Pagina {number} van 5" for number in range(1, 6)]
    assert "Kinderarbeid" in "".join(texts)
    assert "Zoek in" not in "".join(texts)
    ink = printed[len(printed) - 1].render(scale=0.5).to_pil().convert("L").histogram()
    assert sum(ink[:128]) > 200  # the picture of the last page is there


def test_words_beyond_the_basic_plane_are_marked_where_they_stand(tab, tmp_path):
    text = "👩🏽‍⚖️ 𝔻e 🌍 rechter beschermt het klimaat."
    start = text.index("klimaat")
    tag = Tag("sdg", "13", 0.9, evidence=(Evidence(start, start + 7, "klimaat", 2.0), Evidence(0, 2, text[:2], -1.0)))
    tagging = Tagging(Passage("d-1", "d", "paragraph", (), 0, len(text), text), (tag,))
    (tmp_path / "r.html").write_text(TaggedDocument([tagging], Document("d", ())).to_html(), encoding="utf-8")
    tab.page.goto((tmp_path / "r.html").as_uri())
    tab.page.locator(".tag summary").click()
    tab.page.locator("article .text mark.pro").wait_for()
    assert marked(tab.page, "pro") == ["klimaat"]
    assert marked(tab.page, "con") == [text[:2]]


HOSTILE = "<script>document.title='gekaapt'</script><img src=https://voorbeeld.invalid/x onerror=alert(1)> & \"'"


def test_hostile_text_stays_text(tab, tmp_path):
    path = tmp_path / "<img src=x onerror=alert(1)>.txt"
    path.write_text(f"Nederland halveert de uitstoot in 2030. {HOSTILE}", encoding="utf-8")
    tab.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    (tmp_path / "r.html").write_text(nlp.tag(path).to_html(), encoding="utf-8")
    tab.page.goto((tmp_path / "r.html").as_uri())
    assert tab.page.title() == path.name
    assert HOSTILE in tab.page.locator("article .text").inner_text()
    assert tab.page.locator("img").count() == 0


def test_the_policy_stops_what_would_get_through(chromium, tmp_path, tagged_sample):
    """As if escaping had failed: markup put into the finished file neither runs nor asks for anything."""
    attack = "<img src='https://voorbeeld.invalid/x.png' onerror=\"document.title='gekaapt'\"><script>document.title='gekaapt'</script>"
    path = tmp_path / "r.html"
    path.write_text(tagged_sample.to_html().replace("<main>", f"<main>{attack}", 1), encoding="utf-8")
    context = chromium.new_context()
    page, asked = context.new_page(), []
    page.on("response", lambda response: asked.append(response.url))
    page.goto(path.as_uri())
    page.keyboard.press("j")
    assert page.title() == tagged_sample.document.title
    assert [url for url in asked if url.startswith("http")] == []
    context.close()


def test_the_index_finds_sorts_and_leads_to_reports(tab, tmp_path):
    texts = {
        "Uitstoot": "Nederland halveert de uitstoot.",
        "Water": "Schoon drinkwater.",
        "School": "Goed onderwijs op school.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf(show(text)))
    write((nlp.tag(tmp_path / f"{name}.pdf") for name in texts), tmp_path / "uit.html")
    page = tab.page
    page.goto((tmp_path / "uit.html").as_uri())
    rows = page.locator("tbody tr:visible")
    assert rows.count() == 3
    page.get_by_role("button", name=re.compile("^SDG 4 ")).click()
    assert "School" in rows.first.inner_text()
    assert page.locator("th[aria-sort='descending']").count() == 1
    page.get_by_label("Zoek op titel").fill("water")
    assert rows.count() == 1
    assert page.locator("#count").inner_text() == "1 van 3 documenten"
    rows.locator("a").click()
    page.wait_for_url("**/uit_files/water-*.html")
    assert page.locator(".paper img").count() == 1

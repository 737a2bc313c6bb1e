"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const articles = all("article");
  const marks = new Map(articles.map((article) => [article, []]));
  for (const mark of all(".mark")) marks.get($("p" + mark.dataset.passage)).push(mark);
  const labels = all("button.label");
  const dutch = (number) => number.toFixed(2).replace(".", ",");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(articles.map((article) => [article, plain(article.textContent)]));
  let current = null;
  let opened = null;

  // --- filters ------------------------------------------------------------------------------------------------

  function chosen() {
    const schemes = {};
    for (const label of labels) {
      if (label.getAttribute("aria-pressed") === "true") (schemes[label.dataset.scheme] ??= new Set()).add(label.dataset.key);
    }
    return schemes;
  }

  function apply() {
    const schemes = Object.values(chosen());
    const least = Number($("score").value);
    const sought = plain($("search").value.trim()).split(/\s+/).filter(Boolean);
    const labelled = $("tagged").checked || least > 0;
    let shown = 0;
    for (const article of articles) {
      const keys = new Set();
      for (const tag of all(".tag", article)) {
        tag.hidden = Number(tag.dataset.rank) < least;
        if (!tag.hidden) keys.add(tag.dataset.key);
      }
      const fits = schemes.every((keysOfScheme) => [...keysOfScheme].some((key) => keys.has(key)))
        && (!labelled || keys.size > 0)
        && sought.every((word) => texts.get(article).includes(word));
      article.hidden = !fits;
      shown += fits;
      paint(article, fits, keys, schemes);
    }
    const filtered = schemes.length > 0 || least > 0 || sought.length > 0 || $("tagged").checked;
    $("score-said").value = dutch(least);
    $("count").value = filtered ? `${shown} van ${articles.length} passages` : `${articles.length} ${articles.length === 1 ? "passage" : "passages"}`;
    $("nothing").hidden = shown > 0 || articles.length === 0;
    $("reset").hidden = !filtered;
    for (const place of all(".chosen")) {
      const number = (chosen()[place.dataset.scheme] ?? new Set()).size;
      place.textContent = number ? `${number} gekozen` : "";
    }
    underscore(sought);
  }

  // A passage is drawn in the colour of the label that was asked for, else of its own first one.
  function paint(article, fits, keys, schemes) {
    const asked = schemes.flatMap((keysOfScheme) => [...keysOfScheme]);
    const own = article.dataset.keys.split(" ").filter((key) => keys.has(key));
    const colour = own.find((key) => asked.includes(key)) ?? own[0] ?? "bare";
    for (const mark of marks.get(article)) {
      mark.setAttribute("class", `mark ${colour}${fits ? "" : " off"}${article === current ? " current" : ""}`);
      for (const chip of all(".chip", mark)) {
        const key = chip.getAttribute("class").split(" ")[1];
        chip.toggleAttribute("hidden", !keys.has(key) && chip.textContent.match(/^\d/) !== null);
      }
    }
  }

  function underscore(words) {
    if (!window.CSS?.highlights) return;
    CSS.highlights.delete("sought");
    const ranges = [];
    for (const article of words.length ? articles : []) {
      if (article.hidden) continue;
      const walker = document.createTreeWalker(article.querySelector(".text"), NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.data.toLowerCase();
        if (text.length !== walker.currentNode.data.length) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    if (ranges.length) CSS.highlights.set("sought", new Highlight(...ranges));
  }

  function reset() {
    for (const label of labels) label.setAttribute("aria-pressed", "false");
    $("search").value = "";
    $("score").value = 0;
    $("tagged").checked = false;
    apply();
  }

  // --- evidence -----------------------------------------------------------------------------------------------

  function unmark(article) {
    for (const mark of all("mark", article.querySelector(".text"))) mark.replaceWith(...mark.childNodes);
    article.querySelector(".text").normalize();
  }

  // Offsets count characters as Python does; a string here counts those beyond the basic plane twice.
  function units(text) {
    const at = [0];
    for (const character of text) at.push(at[at.length - 1] + character.length);
    return at;
  }

  function show(article, tag) {
    unmark(article);
    const places = JSON.parse(tag.dataset.places);
    const most = Math.max(...places.map((place) => Math.abs(place[2])), 0.01);
    const text = article.querySelector(".text");
    const at = units(text.textContent);
    const named = places.filter((place) => place[2] === 0);
    const weighed = places.filter((place) => place[2] !== 0 && !named.some((other) => place[0] < other[1] && place[1] > other[0]));
    for (const [start, end, weight] of [...named, ...weighed]) {
      const kind = weight > 0 ? "pro" : weight < 0 ? "con" : "named";
      const strength = Math.max(1, Math.ceil(4 * Math.abs(weight) / most));
      wrap(text, at[start], at[end], `${kind} w${strength}`, said(weight));
    }
  }

  function said(weight) {
    return weight === 0 ? "genoemd" : `${weight > 0 ? "voor +" : "tegen −"}${dutch(Math.abs(weight))}`;
  }

  function wrap(root, start, end, kind, title) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let at = 0; walker.nextNode(); at += walker.currentNode.data.length) {
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, walker.currentNode.data.length);
      if (from < to) found.push([walker.currentNode, from, to]);
    }
    for (const [node, from, to] of found) {
      if (node.parentNode.tagName === "MARK") continue;
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      const mark = document.createElement("mark");
      mark.className = kind;
      mark.title = title;
      range.surroundContents(mark);
    }
  }

  for (const tag of all("details.tag")) {
    tag.addEventListener("toggle", () => {
      const article = tag.closest("article");
      if (tag.open) show(article, tag);
      else if (!article.querySelector("details.tag[open]")) unmark(article);
    });
  }

  // --- going from passage to page and back ----------------------------------------------------------------------

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = window.matchMedia("(max-width: 60rem)");
  const glide = (element, block) => element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });

  function select(article, { open = true, page = true } = {}) {
    const before = current;
    current = article;
    for (const one of [before, article]) {
      if (!one) continue;
      if (one === current) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
      for (const mark of marks.get(one)) mark.classList.toggle("current", one === current);
    }
    if (before !== article && opened) opened.open = false; // opened for show: it goes as it came
    const tag = all("details.tag", article).find((one) => !one.hidden);
    if (open && tag && !article.querySelector("details.tag[open]")) {
      tag.open = true;
      opened = tag;
    }
    if (page && !narrow.matches && marks.get(article).length) glide(marks.get(article)[0], "center");
  }

  function visit(article) {
    if (!article) return;
    turn("passages");
    article.hidden = false;
    article.focus({ preventScroll: true });
    select(article);
    glide(article, "nearest");
  }

  function step(by) {
    const visible = articles.filter((article) => !article.hidden);
    const at = visible.indexOf(current);
    visit(visible[at < 0 ? 0 : Math.min(Math.max(at + by, 0), visible.length - 1)]);
  }

  function nextTag(by) {
    const tags = current ? all("details.tag", current).filter((tag) => !tag.hidden) : [];
    if (!tags.length) return;
    const at = tags.findIndex((tag) => tag.open);
    const tag = tags[(at + by + tags.length) % tags.length];
    for (const other of tags) other.open = other === tag;
    tag.querySelector("summary").focus();
  }

  function turn(what) {
    document.body.dataset.shown = what;
    $("show-passages").setAttribute("aria-pressed", String(what === "passages"));
    $("show-pages").setAttribute("aria-pressed", String(what === "pages"));
  }

  function zoom(by) {
    const steps = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
    const style = document.documentElement.style;
    const at = steps.indexOf(Number(style.getPropertyValue("--zoom") || 1));
    style.setProperty("--zoom", steps[Math.min(Math.max(at + by, 0), steps.length - 1)]);
  }

  function explain() {
    $("help").showModal();
    $("help-close").focus();
  }

  function toPage(article) {
    const [mark] = marks.get(article);
    if (!mark) return;
    turn("pages");
    select(article, { page: false });
    glide(mark, "center");
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.(".mark");
    const place = event.target.closest?.(".where a");
    const article = event.target.closest?.("article");
    if (mark) visit($("p" + mark.dataset.passage));
    else if (place) toPage(article);
    else if (article && !event.target.closest("a, summary")) return select(article);
    else if (article) return select(article, { open: false });
    else return;
    event.preventDefault();
  });

  // --- the rest -------------------------------------------------------------------------------------------------

  for (const label of labels) {
    label.addEventListener("click", () => {
      label.setAttribute("aria-pressed", String(label.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  for (const id of ["search", "score", "tagged"]) $(id).addEventListener("input", apply);
  $("reset").addEventListener("click", () => { reset(); $("search").focus(); });
  $("print").addEventListener("click", () => window.print());
  for (const [id, by] of [["smaller", -1], ["larger", 1]]) $(id)?.addEventListener("click", () => zoom(by));
  $("help-open").addEventListener("click", explain);
  $("show-passages").addEventListener("click", () => turn("passages"));
  $("show-pages").addEventListener("click", () => turn("pages"));

  const keys = {
    j: () => step(1), k: () => step(-1), n: () => nextTag(1), N: () => nextTag(-1),
    p: () => current && toPage(current), "/": () => { turn("passages"); $("search").focus(); },
    "?": explain, Escape: () => { reset(); $("search").blur(); },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search]");
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open || !$("keys").checked) return;
    if (!Object.hasOwn(keys, event.key) || (typing && event.key !== "Escape")) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.documentElement.classList.add("js");
  turn("passages");
  if (!marks.size || !$("pages")) $("show-pages").parentElement.hidden = true;
  apply(); // a reloaded page keeps what was typed
  const asked = /^#p\d+$/.test(location.hash) && $(location.hash.slice(1));
  if (asked) visit(asked);
})();

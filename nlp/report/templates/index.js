"use strict";
(() => {
  const body = document.querySelector("tbody");
  const rows = [...body.rows];
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain(row.cells[0].textContent + " " + row.querySelector(".themes").textContent)]));

  function find() {
    const words = plain(search.value.trim()).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => texts.get(row).includes(word));
      shown += !row.hidden;
    }
    count.value = words.length ? `${shown} van ${rows.length} documenten` : `${rows.length} documenten`;
  }

  const compare = {
    number: (a, b) => Number(b.textContent) - Number(a.textContent),
    text: (a, b) => (a.dataset.value ?? a.textContent).localeCompare(b.dataset.value ?? b.textContent, "nl", { numeric: true }),
  };

  // A number is sorted from high to low first, a text from a to z; a second press turns it round.
  function sort(button) {
    const head = button.closest("th");
    const first = button.dataset.sort === "number" ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const each of document.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === first ? 1 : -1;
    const by = compare[button.dataset.sort];
    const at = head.cellIndex;
    body.append(...[...rows].sort((a, b) => sign * by(a.cells[at], b.cells[at])));
  }

  for (const button of document.querySelectorAll("thead button")) button.addEventListener("click", () => sort(button));
  search.addEventListener("input", find);
  document.documentElement.classList.add("js");
  find();
})();

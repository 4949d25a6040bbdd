// Headings while one types, close spellings among them: the page of results comes after Enter.
"use strict";

(() => {
  const form = document.querySelector("#pst-search-dialog form, form.bd-search");
  if (!form) return;
  const input = form.querySelector("input");
  const root = document.documentElement.dataset.content_root ?? "./";
  const SMALL = new Set(["a", "an", "and", "are", "do", "does", "for", "how", "i", "in", "is", "it", "of", "on", "the", "to", "what", "with"]);
  const MOST = 8; // suggestions
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  /** How many letters are missing, too many, wrong or exchanged; more than `limit` is told as that. */
  function typos(one, other, limit) {
    if (Math.abs(one.length - other.length) > limit) return limit + 1;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  /** How well a word that is looked for fits one of a heading; 0 if it does not. */
  function fit(wanted, word) {
    if (word === wanted) return 4;
    if (word.startsWith(wanted) || (word.length > 4 && wanted.startsWith(word) && wanted.length - word.length < 3)) return 3;
    const limit = wanted.length > 7 ? 2 : wanted.length > 4 ? 1 : 0;
    const off = limit ? typos(wanted, word.slice(0, Math.max(wanted.length, Math.min(word.length, wanted.length + 1))), limit) : 1;
    return off && off <= limit ? 2 - off / 2 : 0;
  }

  /** Ask for a script of the book, once; what it hands over is read when it has come. */
  const script = (name, then = () => {}) => document.head.append(Object.assign(document.createElement("script"), { src: root + name, onload: then }));

  /** The glossary's terms, each with its first sentence. */
  const glossary = () => new Promise((done) => script("_static/terms.js", () => done(window.COURSE_TERMS.map(([title, anchor, page]) => ({ title, page, address: `${root}docs/glossary.html#${anchor}`, words: words(title), explains: true })))));

  /** Every heading of the book with its page, from the index that Sphinx writes, and every term. */
  let headings = null;
  const load = () => (headings ??= Promise.all([glossary(), index()]).then((both) => both.flat()));
  function index() {
    return new Promise((done) => {
      const read = ({ alltitles, titles, docnames }) => done(Object.entries(alltitles).flatMap(([title, places]) => places.map(([page, anchor]) => ({
        title,
        page: titles[page],
        address: `${root}${docnames[page]}.html${anchor ? `#${anchor}` : ""}`,
        words: words(title),
        measured: docnames[page].startsWith("docs/results"),
      }))));
      if (typeof Search !== "undefined" && Search._index) return read(Search._index);
      const own = typeof Search === "undefined";
      if (own) window.Search = { setIndex: read };
      else {
        const known = Search.setIndex.bind(Search);
        Search.setIndex = (index) => { known(index); read(index); };
      }
      if (own) script("searchindex.js");
    });
  }

  /** The headings that have all words, or words spelt nearly so, the best first. */
  function suggest(all, query) {
    const typed = words(query);
    const wanted = typed.filter((word) => !SMALL.has(word));
    if (!wanted.length) return [];
    const scored = all.map((heading) => {
      const fits = wanted.map((word) => Math.max(0, ...heading.words.map((other) => fit(word, other))));
      if (Math.min(...fits) === 0) return null;
      const whole = heading.words.length === wanted.length;
      const score = fits.reduce((a, b) => a + b, 0) / wanted.length + (heading.explains ? 1.5 : 0) + (whole ? 1 : 0) - (heading.measured ? 2 : 0) - heading.words.length / 50;
      return { heading, score };
    }).filter(Boolean).sort((one, other) => other.score - one.score);
    const seen = new Set();
    return scored.map(({ heading }) => heading).filter(({ title, page }) => !seen.has(title + page) && seen.add(title + page)).slice(0, MOST);
  }

  function item({ title, page, address }) {
    const made = document.createElement("li"), link = document.createElement("a");
    link.href = address;
    link.append(Object.assign(document.createElement("b"), { textContent: title }));
    if (page !== title) link.append(` ${page}`);
    made.append(link);
    return made;
  }

  const list = document.createElement("ul");
  list.className = "suggestions";
  const told = document.createElement("p");
  told.className = "suggested";
  told.setAttribute("role", "status");
  form.after(told, list);

  async function update() {
    const query = input.value.trim();
    const found = query.length > 1 ? suggest(await load(), query) : [];
    if (input.value.trim() !== query) return; // typed on meanwhile
    list.replaceChildren(...found.map(item));
    told.textContent = query.length > 1 ? `${found.length || "No"} heading${found.length === 1 ? "" : "s"} and terms; Enter searches the text` : "";
  }
  input.addEventListener("focus", load);
  input.addEventListener("input", update);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked && document.querySelector("#search-results")) { // on the page of results: headings first
    const above = document.querySelector("#search-results");
    load().then((all) => {
      const found = suggest(all, asked);
      if (!found.length) return;
      const box = document.createElement("ul");
      box.className = "suggestions";
      box.append(...found.map(item));
      above.before(Object.assign(document.createElement("h2"), { textContent: "Headings" }), box);
    });
  }
})();

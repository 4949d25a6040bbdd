// What the pages do besides being read. Everything here works without a server.
"use strict";

// What the theme leaves without words, or out of reach of the keyboard.
for (const toggle of document.querySelectorAll(".bd-sidebar-primary li > details > summary")) {
  const name = toggle.closest("li").querySelector("a").textContent.trim();
  toggle.setAttribute("aria-label", `Pages of ${name}`);
}
for (const button of document.querySelectorAll(".search-button-field")) {
  button.setAttribute("aria-label", button.textContent.replace(/\s+/g, " ").trim());
}
for (const table of document.querySelectorAll(".cell_output table")) table.tabIndex = 0;
for (const toggle of document.querySelectorAll(".cell details > summary[aria-label]")) {
  toggle.removeAttribute("aria-label"); // it has words of its own
}

// On paper nothing can be unfolded: answers and hints stand open there.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".bd-article details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

/** Say of the chosen option of a quiz whether it is right, and why. */
for (const quiz of document.querySelectorAll("form.quiz")) {
  quiz.hidden = false;
  quiz.previousElementSibling.hidden = true; // the same question, for a reader without scripts
  quiz.addEventListener("submit", (event) => event.preventDefault());
  quiz.addEventListener("change", (event) => {
    const right = event.target.dataset.right === "1";
    const option = event.target.closest("label");
    const verdict = quiz.querySelector(".verdict");
    for (const label of quiz.querySelectorAll("label")) label.className = "";
    option.className = right ? "right" : "wrong";
    verdict.className = `verdict ${option.className}`;
    verdict.innerHTML = `<b>${right ? "Right." : "No."}</b> ${option.nextElementSibling.innerHTML}`;
  });
}

// On a laptop's screen the list of contents gives its room to code: a button shows it over the page.
const laptop = matchMedia("(min-width: 1200px) and (max-width: 1460px)");
for (const toggle of document.querySelectorAll(".secondary-toggle")) {
  toggle.title = "Contents of this page";
  toggle.setAttribute("aria-label", toggle.title);
  toggle.addEventListener("click", (event) => {
    if (!laptop.matches) return;
    event.stopImmediatePropagation(); // the theme's own way is for narrower screens
    toggle.setAttribute("aria-expanded", document.body.classList.toggle("contents-shown"));
  }, true);
}
document.addEventListener("keydown", (event) => event.key === "Escape" && document.body.classList.remove("contents-shown"));

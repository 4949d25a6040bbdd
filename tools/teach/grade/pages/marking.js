"use strict";
// Keys for all that the pages have buttons, links and fields for. Without it they work by tab.
const form = document.getElementById("form");
const points = document.getElementById("points");
const comment = document.getElementById("comment");
const now = document.getElementById("now");
const keys = document.getElementById("keys");
const parts = [...document.querySelectorAll("input[name=criterion]")];
const numbers = parts.length ? parts : [points];
const most = (field) => Number(field === points ? form.dataset.of : field.max);
let last = numbers[0]; // that points were given to
let unsaved = false;

function give(field, value) {
  field.value = Math.min(Math.max(value, 0), most(field));
  last = field;
  add();
  now.textContent = `${points.value} of ${form.dataset.of} points`;
}

function add() {
  const sum = parts.reduce((found, part) => found + Number(part.value), 0);
  if (parts.length) points.value = Math.round(1000 * sum) / 1000; // tenths do not add up
  unsaved = true;
}

function press(key) {
  const digit = /^[0-9]$/.test(key) ? Number(key) : -1;
  const chosen = document.activeElement.closest("#comments");
  if (chosen && digit > 0) return chosen.querySelectorAll("button")[digit - 1]?.click() ?? true;
  if (form && (key === "+" || key === "-")) return give(last, Number(last.value) + (key === "+" ? 0.5 : -0.5)) ?? true;
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found && form && !parts.length && digit > 0) return give(points, digit) ?? true;
  if (!found || found.disabled) return false;
  if (parts.includes(found)) give(found, Number(found.value) === most(found) && found.value !== "" ? 0 : most(found));
  else if (found.id === "comments") found.querySelector("button").focus();
  else if (found === comment) comment.focus();
  else found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const typing = field.matches("textarea, input");
  if (event.key === "Enter" && event.ctrlKey && form) {
    form.requestSubmit(form.querySelector("[value=next]"));
    event.preventDefault();
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && typing) field.blur();
  if (typing || keys?.getAttribute("aria-pressed") === "false") return;
  // What has the focus takes Enter itself: a link, a button, what unfolds.
  if (event.key === "Enter" && field.matches("a, button, summary")) return;
  if (press(event.key)) event.preventDefault();
});

if (form) {
  for (const part of parts) part.addEventListener("input", () => { last = part; add(); });
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  document.getElementById("full").addEventListener("click", () => {
    for (const field of numbers) give(field, most(field));
  });
  document.getElementById("none").addEventListener("click", () => {
    for (const field of numbers) give(field, 0);
  });
  for (const button of document.querySelectorAll("[data-comment]")) {
    button.addEventListener("click", () => {
      comment.value = [comment.value.trim(), button.dataset.comment].filter(Boolean).join("\n");
      unsaved = true;
      now.textContent = `Comment: ${comment.value}`;
      button.blur();
    });
  }
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

function show(on) {
  keys.setAttribute("aria-pressed", on);
  keys.textContent = `Keys of one letter are ${on ? "on" : "off"}`;
}

show(sessionStorage.getItem("keys") !== "off");
keys.addEventListener("click", () => {
  const on = keys.getAttribute("aria-pressed") === "false";
  sessionStorage.setItem("keys", on ? "on" : "off");
  show(on);
});

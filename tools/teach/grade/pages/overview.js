"use strict";
// Search, filter and sort the table of students. Student text is only ever read here.
const body = document.querySelector("#students tbody");
const rows = [...body.rows];
const words = rows.map((row) => row.cells[0].textContent.toLowerCase());
const find = document.getElementById("find");
const only = document.getElementById("only");
const count = document.getElementById("count");

function show() {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let number = 0;
  rows.forEach((row, place) => {
    const flags = row.dataset.flags.split(" ");
    const fits = wanted.every((word) => words[place].includes(word));
    row.hidden = !(fits && (only.value === "" || flags.includes(only.value)));
    number += row.hidden ? 0 : 1;
  });
  count.textContent = `${number} of ${rows.length}`;
}

function sort(head) {
  const column = head.cellIndex;
  const down = head.getAttribute("aria-sort") !== "descending";
  const numbers = head.classList.contains("n");
  const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const order = [...rows].sort((a, b) =>
    numbers ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b)));
  const turned = numbers ? down : !down;
  body.append(...(turned ? order.reverse() : order));
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

document.getElementById("tools").hidden = false;
find.addEventListener("input", show);
only.addEventListener("change", show);
for (const button of document.querySelectorAll("#students th button")) {
  button.addEventListener("click", () => sort(button.parentNode));
}
show();

for (const host of document.querySelectorAll(".touch")) {
  // A list of numbers is one text in the notebook, whose file would have a line for each.
  const revive = (_, value) => (value && typeof value.numbers === "string" ? value.numbers.split(" ").map(Number) : value);
  const numbers = JSON.parse(host.querySelector("script").textContent, revive);
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", `Figure to touch: ${host.dataset.title}`);
  host.prepend(html("p", { class: "touch-title" }, `Try it: ${host.dataset.title}`));
  kinds[host.dataset.kind](host, numbers);
}

/** Walks of node2vec over a small graph: where p and q lead them. */
kinds.walks = (host, { nodes, edges, names }) => {
  const near = nodes.map(() => []);
  for (const [a, b] of edges) near[a].push(b), near[b].push(a);
  const root = svg("svg", { viewBox: "0 0 560 380", role: "img", "aria-label": "a network with a walk on it" });
  const [xs, ys] = [0, 1].map((k) => nodes.map((n) => n[k]));
  const fit = (v, all, size) => 20 + ((v - Math.min(...all)) / (Math.max(...all) - Math.min(...all))) * (size - 40);
  const at = nodes.map(([x, y]) => [fit(x, xs, 560), fit(y, ys, 380)]);
  for (const [a, b] of edges) root.append(svg("line", { x1: at[a][0], y1: at[a][1], x2: at[b][0], y2: at[b][1], class: "edge" }));
  const dots = at.map(([x, y]) => svg("circle", { cx: x, cy: y, r: 5, class: "node" }));
  dots.forEach((dot, i) => dot.append(svg("title", {}, names[i])));
  const path = svg("polyline", { class: "walk" });
  root.append(path, ...dots);
  const set = { p: 1, q: 1 };
  let start = 0, seed = 1;
  const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  const step = (before, now) => {
    const weights = near[now].map((next) => (next === before ? 1 / set.p : before !== null && near[before].includes(next) ? 1 : before === null ? 1 : 1 / set.q));
    let left = random() * weights.reduce((a, b) => a + b, 0);
    return near[now].find((_, i) => (left -= weights[i]) <= 0) ?? near[now][near[now].length - 1];
  };
  const walk = (length) => {
    const seen = [start];
    while (seen.length <= length) seen.push(step(seen.length > 1 ? seen[seen.length - 2] : null, seen[seen.length - 1]));
    return seen;
  };
  const steps = (from) => {
    const far = nodes.map(() => Infinity), line = [from];
    far[from] = 0;
    for (const i of line) for (const j of near[i]) if (far[j] === Infinity) (far[j] = far[i] + 1), line.push(j);
    return far;
  };
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const chances = html("p", { class: "touch-told", "aria-live": "polite" });
  /** How many different nodes 200 walks of 20 steps see, one with another. */
  const unlikeOf = (kept) => mean(kept.map((w) => new Set(w).size));
  const many = () => Array.from({ length: 200 }, () => walk(20));
  Object.assign(set, { p: 1 / 8, q: 8 });
  const home = Math.ceil(unlikeOf(many()));
  Object.assign(set, { p: 1, q: 1 });
  const met = challenge(host, `Choose p and q so that a walk of 20 steps from ${names[start]} sees at most ${home} different nodes.`);
  let before = null;
  /** Say where a walk that came from `before` goes on to from the start, and how likely. */
  const next = () => {
    const weights = near[start].map((i) => (i === before ? 1 / set.p : before === null || near[before].includes(i) ? 1 : 1 / set.q));
    const sum = weights.reduce((a, b) => a + b, 0);
    const order = near[start].map((_, i) => i).sort((i, j) => weights[j] - weights[i]).slice(0, 6);
    if (before === null) {
      const every = near[start].length === 1 ? "its only neighbour" : `each of its ${near[start].length} neighbours alike`;
      chances.textContent = `At its first step a walk goes on to ${every}; then p and q count: click one.`;
      return;
    }
    const came = `Come from ${names[before]}`;
    chances.textContent = `${came}, a walk at ${names[start]} goes on to ${order.map((i) => `${names[near[start][i]]} (${percent(weights[i] / sum)})`).join(", ")}${near[start].length > 6 ? " and others" : ""}.`;
  };
  const draw = () => {
    next();
    const visits = nodes.map(() => 0), far = steps(start);
    const kept = many();
    kept.flat().forEach((i) => (visits[i] += 1));
    const most = Math.max(...visits.map((v, i) => (i === start ? 0 : v)));
    dots.forEach((dot, i) => {
      dot.setAttribute("r", i === start ? 9 : 3 + 7 * Math.sqrt(Math.min(1, visits[i] / most)));
      dot.setAttribute("class", i === start ? "node lot-1" : visits[i] ? "node lot-0" : "node");
    });
    path.setAttribute("points", kept[0].map((i) => at[i].join(",")).join(" "));
    const distance = mean(kept.map((w) => mean(w.map((i) => far[i])))), unlike = unlikeOf(kept);
    told.textContent = `200 walks of 20 steps from ${names[start]}: ${distance.toFixed(2)} edges away on average, ${unlike.toFixed(1)} different nodes a walk. The orange line is one of them.`;
    met(start === 0 && unlike <= home, "Turning back is cheap and going on dear: the walk stays where it began.");
  };
  host.append(root, html("p", { class: "touch-hint" }, "Click a node to start there, or choose it below; a click on a neighbour of the start walks one step and shows where it goes on."));
  dots.forEach((dot, i) => {
    dot.style.cursor = "pointer";
    dot.addEventListener("click", () => { lead(i); });
  });
  /** Start at a node; if it is a neighbour of the start, having come from there. */
  const lead = (i) => {
    before = near[start].includes(i) ? start : null;
    start = i;
    pick.value = i;
    draw();
  };
  for (const name of ["p", "q"]) {
    const words = name === "p" ? "p, against turning back" : "q, against going on";
    slider(host, words, { low: -3, high: 3, step: 0.5, value: 0, text: (v) => (2 ** v).toPrecision(3) }, (v) => { set[name] = 2 ** v; draw(); });
  }
  const pick = html("select", { "aria-label": "start of the walks" }, ...names.map((n, i) => html("option", { value: i }, n)));
  pick.addEventListener("change", () => { before = null; start = Number(pick.value); draw(); });
  const again = html("button", { type: "button" }, "Walk again");
  again.addEventListener("click", draw);
  host.append(html("p", {}, html("label", {}, "start ", pick), " ", again), told, chances);
  host.querySelectorAll("output").forEach((o) => (o.textContent = "1.00"));
  draw();
};

/** Whom a paper hears on a planted graph: every voice alike, or by learned attention. */
kinds.heard = (host, { papers, topics, named, marked, weights }) => {
  const now = { paper: 0, share: 0 };
  const letters = "ABC";
  const root = svg("svg", { viewBox: "0 0 520 360", tabindex: "0", role: "application", class: "touch-boxes large-words" });
  const bars = svg("svg", { viewBox: "0 0 220 200", role: "img", "aria-label": "weight of the voices for each topic", class: "large-words", style: "flex: 0 1 13rem; min-width: 9rem" });
  root.style.flex = "520 1 0";
  const told = sentence();
  const met = challenge(host, "Find a paper about which the plain count is wrong, and give attention just enough of a say to set it right.");
  const shares = (k, s) => {
    const all = weights[k].map((w) => s * w + (1 - s) / weights[k].length);
    return { all, topics: [0, 1, 2].map((t) => all.reduce((sum, w, i) => sum + (named[k][i] === t ? w : 0), 0)) };
  };
  const first = (values) => values.indexOf(Math.max(...values));
  const draw = () => {
    const k = now.paper, n = weights[k].length - 1; // the first voice is its own
    const { all, topics: each } = shares(k, now.share);
    const at = all.map((_, i) => (i ? [260 + 215 * Math.cos((2 * Math.PI * (i - 1)) / n - Math.PI / 2), 180 + 145 * Math.sin((2 * Math.PI * (i - 1)) / n - Math.PI / 2)] : [260, 180]));
    const lines = at.map(([x, y], i) => svg("line", { x1: 260, y1: 180, x2: x, y2: y, class: `line lot-${named[k][i]}`, style: `stroke-width: ${0.4 + 40 * all[i]}` }));
    const dots = at.flatMap(([x, y], i) => {
      const shape = marked[k][i] ? svg("rect", { x: x - 16, y: y - 16, width: 32, height: 32, style: "stroke: var(--pst-color-text-base); stroke-width: 3" }) : svg("circle", { cx: x, cy: y, r: i ? 15 : 20 });
      shape.setAttribute("class", `node lot-${named[k][i]}`);
      return [shape, svg("text", { x, y: y + 5, "text-anchor": "middle", class: "node-name" }, letters[named[k][i]])];
    });
    root.replaceChildren(...lines, ...dots);
    bars.replaceChildren(...each.flatMap((w, t) => [
      svg("text", { x: 4, y: 44 + 56 * t }, letters[t]),
      svg("rect", { x: 26, y: 24 + 56 * t, width: 110 * w, height: 30, class: `lot lot-${t}` }),
      svg("text", { x: 32 + 110 * w, y: 44 + 56 * t }, percent(w)),
    ]));
    const plain = first(shares(k, 0).topics), says = first(each), truth = topics[k];
    const useful = all.reduce((sum, w, i) => sum + (marked[k][i] ? w : 0), 0);
    const asked = now.share ? `With ${percent(now.share)} of learned attention` : "By the plain count";
    told.textContent = `${asked} paper ${papers[k]} is of topic ${letters[says]}, which is ${says === truth ? "right" : `wrong: it is ${letters[truth]}`}. The two marked voices hold ${percent(useful)} of the weight.`;
    root.setAttribute("aria-label", `paper ${papers[k]} and the ${n} papers that it hears; arrow keys go to another paper`);
    let need = 0;
    while (need < 100 && first(shares(k, need / 100).topics) !== truth) need += 1;
    met(plain !== truth && says === truth && 100 * now.share <= need + 5, `At ${percent(now.share)} the two voices that know tip the count; learned attention in full gives them ${percent(weights[k].reduce((sum, w, i) => sum + (marked[k][i] ? w : 0), 0))} of the weight.`);
  };
  const go = (k) => {
    now.paper = (k + papers.length) % papers.length;
    list.value = now.paper;
    draw();
  };
  arrows(root, (dx, dy) => go(now.paper + dx + dy));
  root.addEventListener("click", () => go(now.paper + 1));
  host.append(html("div", { class: "touch-row" }, root, bars));
  host.append(html("p", { class: "touch-hint" }, "The paper in the middle asks for its topic; each voice names one, its own too, in letter and colour. Squares are marked: what they name is true. A line is as wide as its weight. Click the drawing, or choose it and press arrow keys, for the next paper."));
  const list = choice(host, "paper", papers.map(String), go);
  const { update } = slider(host, "say of attention", { low: 0, high: 1, step: 0.01, value: 0, text: percent }, (v) => { now.share = v; draw(); });
  host.append(told);
  update();
};

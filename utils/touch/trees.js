/** Two molecules of one formula: what Weisfeiler-Lehman calls their atoms, round by round. */
kinds.trees = (host, { names, atoms, bonds, places, labels }) => {
  const near = atoms.map((own, m) => [...own].map((_, i) => bonds[m].flatMap(([a, b]) => (a === i ? [b] : b === i ? [a] : []))));
  const most = labels[0].length - 1;
  const now = { pair: 0, round: 0, side: 0, atom: 0 };
  const drawings = [0, 1].map(() => svg("svg", { viewBox: "0 0 330 240", tabindex: "0", role: "application", class: "touch-boxes large-words" }));
  const captions = [0, 1].map(() => html("figcaption"));
  const tree = svg("svg", { viewBox: "0 0 700 230", role: "img", "aria-label": "what the chosen atom sees: a tree of walks", class: "large-words" });
  const told = sentence();
  const met = challenge(host, `Find the two molecules that ${most} rounds do not tell apart.`);
  const letter = (k) => "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"[k] ?? `${k + 1}`;
  const element = { C: "carbon", N: "nitrogen", O: "oxygen" };

  /** How often each label occurs in both molecules of the pair, after a round. */
  const tally = (round) => {
    const both = [0, 1].map((side) => labels[2 * now.pair + side][round]);
    const seen = [...new Set(both.flat())].sort((a, b) => a - b);
    return { both, seen, counts: both.map((own) => seen.map((label) => own.filter((v) => v === label).length)) };
  };
  const apart = (round) => {
    const { counts } = tally(round);
    return counts[0].findIndex((n, k) => n !== counts[1][k]);
  };
  const firstApart = () => Array.from({ length: most + 1 }, (_, r) => r).find((r) => apart(r) >= 0);

  const draw = () => {
    const { both, seen } = tally(now.round);
    const called = (side, i) => (now.round ? letter(seen.indexOf(both[side][i])) : atoms[2 * now.pair + side][i]);
    drawings.forEach((root, side) => {
      const m = 2 * now.pair + side;
      const [xs, ys] = [0, 1].map((k) => places[m].map((p) => p[k]));
      const [low, high] = [xs, ys].map((v) => Math.min(...v)).map((v, k) => [v, Math.max(...[xs, ys][k])]);
      const scale = Math.min(270 / Math.max(low[1] - low[0], 1e-6), 180 / Math.max(high[1] - high[0], 1e-6));
      const at = places[m].map(([x, y]) => [165 + scale * (x - (low[0] + low[1]) / 2), 120 - scale * (y - (high[0] + high[1]) / 2)]);
      const lines = bonds[m].map(([a, b]) => svg("line", { x1: at[a][0], y1: at[a][1], x2: at[b][0], y2: at[b][1], class: "axis", style: "stroke-width: 3" }));
      const dots = at.flatMap(([x, y], i) => {
        const chosen = side === now.side && i === now.atom;
        const dot = svg("circle", { cx: x, cy: y, r: chosen ? 18 : 13, class: `node lot-${seen.indexOf(both[side][i]) % 7}`, style: `cursor: pointer${chosen ? "; stroke: var(--pst-color-text-base); stroke-width: 3" : ""}` });
        dot.addEventListener("click", () => choose(side, i));
        const own = atoms[m][i]; // beside the node, where that shows a label and it is no carbon
        const beside = now.round && own !== "C" ? [svg("text", { x: x + 15, y: y - 12, class: "over", style: "pointer-events: none" }, own)] : [];
        return [dot, svg("text", { x, y: y + 5, "text-anchor": "middle", class: "node-name", style: "pointer-events: none" }, called(side, i)), ...beside];
      });
      root.replaceChildren(...lines, ...dots);
      root.setAttribute("aria-label", `${names[m]}; arrow keys choose an atom${side === now.side ? `; now ${called(side, now.atom)}` : ""}`);
      captions[side].textContent = names[m];
    });
    drawTree(2 * now.pair + now.side);
    say(both, seen, called(now.side, now.atom));
  };

  const drawTree = (m) => {
    const height = now.round ? 170 / now.round : 0;
    const parts = [];
    const grow = (i, depth, left, right) => {
      const [x, y] = [(left + right) / 2, 30 + depth * height];
      const next = depth < now.round ? near[m][i] : [];
      const leaves = (j, d) => (d < now.round ? near[m][j].reduce((s, k) => s + leaves(k, d + 1), 0) : 1);
      const sizes = next.map((j) => leaves(j, depth + 1)), all = sizes.reduce((a, b) => a + b, 0);
      let from = left;
      next.forEach((j, k) => {
        const to = from + ((right - left) * sizes[k]) / all;
        parts.unshift(svg("line", { x1: x, y1: y, x2: (from + to) / 2, y2: y + height, class: "axis" }));
        grow(j, depth + 1, from, to);
        from = to;
      });
      const r = Math.min(13, Math.max(4, (right - left) / 2.4));
      parts.push(svg("circle", { cx: x, cy: y, r, class: `node lot-${"CNO".indexOf(atoms[m][i])}` }));
      if (r > 9) parts.push(svg("text", { x, y: y + 5, "text-anchor": "middle", class: "node-name" }, atoms[m][i]));
    };
    grow(now.atom, 0, 10, 690);
    tree.replaceChildren(...parts);
  };

  const say = (both, seen, name) => {
    const [one, other] = [0, 1].map((side) => names[2 * now.pair + side]);
    const when = now.round ? `After ${count(now.round, "round")}` : "Before the first round";
    const k = apart(now.round), { counts } = tally(now.round);
    const differ = k < 0 ? `${one} and ${other} hold the same labels, each as often` : `${now.round ? `label ${letter(k)}` : "an element"} occurs ${count(counts[0][k], "time")} in ${one} and ${counts[1][k]} in ${other}`;
    const label = both[now.side][now.atom], own = both.map((all) => all.filter((v) => v === label).length);
    const chosen = element[atoms[2 * now.pair + now.side][now.atom]];
    const see = now.round ? `, and sees this tree: all walks of ${count(now.round, "step")}` : "";
    told.textContent = `${when} ${differ}. The chosen ${chosen} is called ${name}, like ${own[0] + own[1] > 1 ? count(own[0] + own[1] - 1, "other") : "no other"}${see}.`;
    met(now.round === most && firstApart() === undefined, "An atom sees its tree of walks, and no tree tells whether two walks end in the same atom: two rings of six that share a bond, or two of five with a bond between them.");
  };

  const choose = (side, atom) => {
    Object.assign(now, { side, atom });
    draw();
  };
  drawings.forEach((root, side) => arrows(root, (dx, dy) => {
    const n = atoms[2 * now.pair + side].length;
    choose(side, side === now.side ? (now.atom + dx + dy + n) % n : 0);
  }));
  choice(host, "pair", names.filter((_, m) => m % 2 === 0).map((name, p) => `${name} and ${names[2 * p + 1]}`), (p) => {
    Object.assign(now, { pair: p, side: 0, atom: 0 });
    draw();
  });
  host.append(html("div", { class: "touch-row" }, ...drawings.map((root, side) => html("figure", { class: "touch-pair" }, root, captions[side]))));
  host.append(html("p", { class: "touch-hint" }, "Equal Greek letters and colours are equal labels; what is no carbon says so beside its node, and in the tree stand the elements. Click an atom, or choose a molecule with the Tab key and go through its atoms by arrow keys: below stands its tree."));
  const { update } = slider(host, "rounds", { low: 0, high: most, step: 1, value: 1, text: (v) => `${v}` }, (v) => { now.round = v; draw(); });
  host.append(tree, told);
  update();
};

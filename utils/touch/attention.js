/** Attention of one node over its neighbours, head by head. */
kinds.attention = (host, { names, weights, topics }) => {
  const root = svg("svg", { viewBox: "0 0 520 340", role: "img", class: "some-words", "aria-label": "a paper and its neighbours, with a line as wide as the attention" });
  const place = names.map((_, i) => (i ? (2 * Math.PI * (i - 1)) / (names.length - 1) - Math.PI / 2 : 0));
  const at = place.map((a, i) => (i ? [260 + 200 * Math.cos(a), 170 + 130 * Math.sin(a)] : [260, 170]));
  const lines = names.map((_, i) => svg("line", { x1: 260, y1: 170, x2: at[i][0], y2: at[i][1], class: "line lot-0" }));
  const dots = names.map((name, i) => svg("g", {}, svg("circle", { cx: at[i][0], cy: at[i][1], r: i ? 16 : 19, class: `node lot-${topics[i]}` }), svg("text", { x: at[i][0], y: at[i][1] + 4, "text-anchor": "middle", class: "node-name" }, name)));
  const shares = names.map((_, i) => svg("text", { x: at[i][0], y: at[i][1] + (i ? 30 : 34), "text-anchor": "middle", class: "over" }));
  root.append(...lines, ...dots, ...shares);
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  host.append(root, html("p", { class: "touch-hint" }, "A circle is a paper with its number, coloured by topic, the one in the middle asks; below stands its weight in units of the plain average."));
  const heads = weights.length;
  const strays = weights.map((row) => Math.max(...row.map((w) => Math.abs(w * names.length - 1))));
  const met = challenge(host, "Find the head that strays farthest from the plain average.");
  const { update } = slider(host, "head", { low: 0, high: heads, step: 1, value: 0, text: (h) => (h ? `${h} of ${heads}` : "mean of all") }, (h) => {
    const row = h ? weights[h - 1] : names.map((_, i) => mean(weights.map((w) => w[i])));
    row.forEach((w, i) => {
      const times = w * names.length; // of the plain average
      lines[i].style.strokeWidth = Math.min(24, Math.max(1, 6 + 200 * (times - 1))); // the style sheet has one for lines
      shares[i].textContent = times.toFixed(3);
    });
    const most = row.indexOf(Math.max(...row));
    told.textContent = `${h ? `Head ${h}` : "The mean"} gives most, ${(row[most] * names.length).toFixed(3)} times the plain average, to ${most ? `neighbour ${names[most]}` : "the paper itself"}. The widths show differences from that average two hundredfold.`;
    met(h && strays[h - 1] === Math.max(...strays), `And it is off by ${percent(strays[h - 1])} at most: here attention is nearly an average.`);
  });
  host.append(told);
  update();
};

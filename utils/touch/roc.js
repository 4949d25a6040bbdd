/** Two lots of distances and a threshold: who is accepted, and the point on the ROC curve. */
kinds.roc = (host, { same, different, quantity }) => {
  const all = [...same, ...different];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const lots = [same, different].map((v) => histogram(v, low, high, 36));
  const bars = plot(420, 260, { x: [low, high], y: [0, Math.max(...lots.flat())], xlabel: quantity, ylabel: "share of pairs" });
  const curve = plot(280, 260, { x: [0, 1], y: [0, 1], xlabel: "false accept rate", ylabel: "true accept rate" });
  lots.forEach((lot, i) => bars.root.append(svg("path", { d: shape(lot, low, high, bars), class: `lot lot-${i}` })));
  const rates = (t) => [different, same].map((v) => v.filter((d) => d <= t).length / v.length);
  const points = Array.from({ length: 201 }, (_, i) => rates(low + (i / 200) * (high - low)));
  curve.root.append(svg("path", { d: `M${points.map(([f, t]) => `${curve.X(f)},${curve.Y(t)}`).join("L")}`, class: "line lot-0" }));
  const mark = svg("line", { class: "mark", y1: bars.Y(0), y2: 10 });
  const dot = svg("circle", { class: "dot", r: 6 });
  const best = Math.max(...points.map(([f, a]) => (a + 1 - f) / 2));
  const met = challenge(host, `Be right on at least ${percent(Math.floor(1000 * best) / 1000)} of the pairs, if both kinds are as frequent.`);
  bars.root.append(mark);
  curve.root.append(dot);
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  host.append(html("p", { class: "touch-key" }, html("span", { class: "key lot-0" }, "same person"), html("span", { class: "key lot-1" }, "two persons")), html("div", { class: "touch-row" }, bars.root, curve.root));
  const { update, input } = slider(host, "threshold", { low, high, step: (high - low) / 200, value: low + (high - low) / 10, text: (v) => v.toFixed(3) }, (t) => {
    const [f, a] = rates(t);
    mark.setAttribute("x1", bars.X(t));
    mark.setAttribute("x2", bars.X(t));
    dot.setAttribute("cx", curve.X(f));
    dot.setAttribute("cy", curve.Y(a));
    told.textContent = `Accepted below ${t.toFixed(3)}: ${percent(a)} of the pairs of one person, ${percent(f)} of those of two. Right answers if both are as frequent: ${percent((a + 1 - f) / 2)}.`;
    met((a + 1 - f) / 2 >= Math.floor(1000 * best) / 1000, `No threshold does better: the two hills overlap, and ${percent(1 - best)} stay wrong.`);
  });
  drawn(bars, [low, high], (value) => { input.value = value; update(); });
  host.append(told);
  update();
};

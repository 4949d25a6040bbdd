/** Values of three classes and two thresholds between them. */
kinds.thresholds = (host, { classes, values, quantity }) => {
  const all = values.flat().map(Math.log10);
  const logs = values.map((v) => v.map(Math.log10));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const lots = logs.map((v) => histogram(v, low, high, 48));
  const ticks = [0, 1, 2, 3].filter((e) => e >= low && e <= high).map((e) => [e, String(10 ** e)]);
  const bars = plot(680, 240, { x: [low, high], y: [0, Math.max(...lots.flat())], xlabel: quantity, ylabel: "share of its windows", ticks });
  lots.forEach((lot, i) => bars.root.append(svg("path", { d: shape(lot, low, high, bars), class: `lot lot-${i}` })));
  const marks = [0, 1].map(() => svg("line", { class: "mark", y1: bars.Y(0), y2: 10 }));
  bars.root.append(...marks);
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const right = (a, b) => [logs[0].filter((v) => v < a), logs[1].filter((v) => v >= a && v < b), logs[2].filter((v) => v >= b)].map((v, i) => v.length / logs[i].length);
  const places = Array.from({ length: 41 }, (_, i) => low + (i / 40) * (high - low));
  const best = Math.max(...places.flatMap((a) => places.filter((b) => b > a).map((b) => mean(right(a, b)))));
  const goal = Math.floor(200 * best) / 200;
  const met = challenge(host, `Reach a balanced accuracy of ${percent(goal)} with two thresholds.`);
  host.append(html("p", { class: "touch-key" }, ...classes.map((c, i) => html("span", { class: `key lot-${i}` }, c))), bars.root);
  const cuts = [low + (high - low) / 3, low + (2 * (high - low)) / 3];
  const draw = () => {
    const shares = right(...cuts);
    marks.forEach((mark, i) => ["x1", "x2"].forEach((key) => mark.setAttribute(key, bars.X(cuts[i]))));
    told.textContent = `${classes.map((c, i) => `${c} ${percent(shares[i])}`).join(", ")}; balanced accuracy ${percent(mean(shares))}.`;
    met(mean(shares) >= goal, "Two numbers, and no network.");
  };
  const texts = { low, high, step: (high - low) / 200, text: (v) => (10 ** v < 10 ? (10 ** v).toFixed(1) : (10 ** v).toFixed(0)) };
  const sliders = ["lower threshold", "upper threshold"].map((name, i) => slider(host, name, { ...texts, value: cuts[i] }, (v) => {
    cuts[i] = i ? Math.max(v, cuts[0]) : Math.min(v, cuts[1]); // they may not cross
    sliders[i].input.value = cuts[i];
    draw();
  }));
  let near = 0;
  drawn(bars, [low, high], (value, first) => {
    if (first) near = Number(Math.abs(value - cuts[1]) < Math.abs(value - cuts[0]));
    sliders[near].input.value = value;
    sliders[near].update();
  });
  sliders.forEach((one) => one.update());
  host.append(told);
};

/** Many likely colours and a temperature: the colour that one paints with. */
kinds.temperature = (host, { places, colours, lightness }) => {
  const rows = html("div", { class: "touch-swatches" });
  const rgb = (L, a, b) => {
    const f = (L + 16) / 116;
    const back = (t) => (t > 6 / 29 ? t ** 3 : (108 / 841) * (t - 4 / 29));
    const [x, y, z] = [0.95047 * back(f + a / 500), back(f), 1.08883 * back(f - b / 200)];
    const linear = [3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z, 0.0557 * x - 0.204 * y + 1.057 * z];
    return `rgb(${linear.map((c) => Math.round(255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)))).join(",")})`;
  };
  /** Likely colours at a temperature: their shares, and the colour that comes out. */
  const annealed = (p, t) => {
    const sharp = p.map((v) => Math.exp(Math.log(Math.max(v, 1e-12)) / t));
    const sum = sharp.reduce((a, b) => a + b, 0);
    return [sharp, [0, 1].map((k) => sharp.reduce((s, v, i) => s + v * colours[i][k], 0) / sum)];
  };
  // The place whose chroma falls most before it rises, and where that is lowest.
  const grid = Array.from({ length: 96 }, (_, i) => 0.05 + i / 100);
  const dullest = places.map((p, place) => {
    const chroma = grid.map((t) => Math.hypot(...annealed(p, t)[1]));
    const low = Math.min(...chroma);
    return { place, t: grid[chroma.indexOf(low)], falls: chroma[grid.length - 1] - low };
  }).reduce((one, other) => (other.falls > one.falls ? other : one));
  const met = challenge(host, `Place ${dullest.place + 1} grows duller before it grows vivid. At which T is its chroma lowest?`);
  host.append(rows);
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const made = places.map((p, place) => {
    const order = p.map((_, i) => i).sort((i, j) => p[j] - p[i]).slice(0, 12);
    const patch = html("span", { class: "touch-patch" });
    const bars = html("span", { class: "touch-bars" }, ...order.map((i) => html("span", { style: `background:${rgb(lightness, ...colours[i])}` })));
    const words = html("span", { class: "touch-words" });
    rows.append(html("div", {}, patch, html("b", {}, `place ${place + 1}`), bars, words));
    return { p, order, patch, bars, words };
  });
  const { update } = slider(host, "temperature T", { low: 0.05, high: 1, step: 0.01, value: 1 }, (t) => {
    met(Math.abs(t - dullest.t) < 0.03, "Between two likely hues their mean is dull; it grows vivid once one of them has won.");
    const chromas = [];
    for (const { p, order, patch, bars, words } of made) {
      const [sharp, [a, b]] = annealed(p, t);
      patch.style.background = rgb(lightness, a, b);
      chromas.push(Math.hypot(a, b));
      const most = Math.max(...sharp);
      [...bars.children].forEach((bar, i) => (bar.style.height = `${2 + 38 * (sharp[order[i]] / most)}px`));
      words.textContent = `a = ${a.toFixed(0)}, b = ${b.toFixed(0)}, chroma ${Math.hypot(a, b).toFixed(0)}`.replaceAll("-", "−");
    }
    const most = chromas.indexOf(Math.max(...chromas)), least = chromas.indexOf(Math.min(...chromas));
    told.textContent = `At T = ${t.toFixed(2)} place ${most + 1} is most vivid (chroma ${chromas[most].toFixed(0)}) and place ${least + 1} dullest (${chromas[least].toFixed(0)}).`;
  });
  update();
  host.append(html("p", { class: "touch-hint" }, "The bars are the twelve likeliest colours of each pixel, in their own colour. T = 1 is the plain mean; towards 0 the likeliest colour wins."));
  host.append(told);
};

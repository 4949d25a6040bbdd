/** Colours of a picture, each pixel's chosen among likely ones at a temperature. */
kinds.tint = (host, { chances, lightness, photo, marks, colours, credit }) => {
  const told = sentence();
  const met = challenge(host, "Paint the glaze a quarter more vividly than the plain mean (T = 1) does. What happens to the error?");
  pixels(chances, (table, likely, bins) => pixels(lightness, (grey, light, width) => pixels(marks, (_, known, across) => {
    const many = width / (light.length / 4 / width), side = width / many, small = across / many;
    const canvas = html("canvas", { width, height: side, role: "img", "aria-label": "two crops, painted" });
    const real = html("canvas", { width, height: side, role: "img", "aria-label": "the same two crops in their own colours" });
    pixels(photo, (own) => real.getContext("2d").drawImage(own, 0, 0, width, side));
    /** The chosen a and b of every coarse pixel. */
    const chosen = (t) => Array.from({ length: small * small * many }, (_, n) => {
      const p = Array.from({ length: bins }, (_, i) => likely[4 * (n * bins + i)]), most = Math.max(...p);
      const sharp = p.map((v) => (v / most) ** (1 / t)), sum = sharp.reduce((a, b) => a + b, 0);
      return [0, 1].map((k) => sharp.reduce((s, v, i) => s + (v / sum) * colours[i][k], 0));
    });
    const glaze = Array.from({ length: small * small * many }, (_, n) => n).filter((n) => known[4 * n + 2] > 127);
    const truth = Array.from({ length: small * small * many }, (_, n) => [known[4 * n] - 128, known[4 * n + 1] - 128]);
    const scores = (ab) => ({
      chroma: mean(glaze.map((n) => Math.hypot(...ab[n]))),
      error: Math.sqrt(mean(glaze.flatMap((n) => [0, 1].map((k) => (ab[n][k] - truth[n][k]) ** 2)))),
    });
    const rgb = (L, a, b) => {
      const f = (L + 16) / 116, back = (t) => (t > 6 / 29 ? t ** 3 : (108 / 841) * (t - 4 / 29));
      const [x, y, z] = [0.95047 * back(f + a / 500), back(f), 1.08883 * back(f - b / 200)];
      return [3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z, 0.0557 * x - 0.204 * y + 1.057 * z].map((c) => 255 * clamp(c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
    };
    const plain = scores(chosen(1)), own = scores(truth).chroma;
    const draw = (t) => {
      const ab = chosen(t), pen = canvas.getContext("2d"), image = pen.createImageData(width, side);
      for (let y = 0; y < side; y++)
        for (let x = 0; x < width; x++) {
          const k = Math.floor(x / side); // coarse pixels are blended by distance, inside their crop
          const [u, v] = [x - k * side, y].map((w) => clamp(((w + 0.5) * small) / side - 0.5, 0, small - 1));
          const [i, j] = [u, v].map((w) => Math.min(small - 2, Math.floor(w)));
          const [a, b] = [0, 1].map((c) => [0, 1].reduce((s, dj) => s + [0, 1].reduce((r, di) => r + (di ? u - i : 1 - u + i) * (dj ? v - j : 1 - v + j) * ab[(j + dj) * across + k * small + i + di][c], 0), 0));
          image.data.set([...rgb((100 * light[4 * (y * width + x)]) / 255, a, b), 255], 4 * (y * width + x));
        }
      pen.putImageData(image, 0, 0);
      const { chroma, error } = scores(ab);
      told.textContent = `At T = ${t.toFixed(2)} the glaze has a mean chroma of ${chroma.toFixed(0)} (in truth ${own.toFixed(0)}, by the plain mean ${plain.chroma.toFixed(0)}) and an error of ${error.toFixed(1)}, root mean square in Lab units (by the plain mean ${plain.error.toFixed(1)}).`;
      met(chroma >= 1.25 * plain.chroma, `The error ${error > plain.error ? "grows" : "falls"} from ${plain.error.toFixed(1)} to ${error.toFixed(1)}: ${error > plain.error ? "each pixel takes a side, and many take the wrong one" : "here the likelier colour is the right one"}.`);
    };
    const shown = [[canvas, "painted by the network"], [real, `in their own colours. ${credit}`]];
    host.append(html("div", { class: "touch-row" }, ...shown.map(([one, name]) => html("figure", { class: "touch-pair" }, one, html("figcaption", {}, name)))));
    const { update } = slider(host, "temperature T", { low: 0.05, high: 1, step: 0.05, value: 1 }, draw);
    host.append(told);
    update();
  })));
};

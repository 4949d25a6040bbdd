/** A face from its mean and as many eigenfaces as the slider says. */
kinds.components = (host, { png, side, scales, faces }) => {
  const count = scales.length;
  const face = (label) => html("canvas", { width: side, height: side, class: "touch-large", role: "img", "aria-label": label });
  const [canvas, truth] = [face("the face from these components"), face("the face itself")];
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const sheet = new Image();
  sheet.addEventListener("load", () => {
    const hidden = html("canvas", { width: sheet.width, height: sheet.height });
    const pen = hidden.getContext("2d", { willReadFrequently: true });
    pen.drawImage(sheet, 0, 0);
    const across = sheet.width / side;
    const tile = (i) => {
      const data = pen.getImageData((i % across) * side, Math.floor(i / across) * side, side, side).data;
      return Float32Array.from({ length: side * side }, (_, j) => data[4 * j]);
    };
    const parts = scales.map((scale, i) => tile(i).map((v) => ((v - 128) / 127) * scale));
    const base = tile(count).map((v) => v / 255);
    const originals = faces.map((_, i) => tile(count + 1 + i).map((v) => v / 255));
    const state = { k: 20, face: 0 };
    const goal = 0.06;
    const met = challenge(host, `Find the fewest components with an error below ${goal}, for this face.`);
    const errorOf = (k) => {
      const sum = Float32Array.from(base);
      for (let i = 0; i < k; i++) parts[i].forEach((v, j) => (sum[j] += faces[state.face][i] * v));
      return Math.sqrt(mean(Array.from(sum, (v, j) => (v - originals[state.face][j]) ** 2)));
    };
    const paint = (target, values) => {
      const small = target.getContext("2d"), image = small.createImageData(side, side);
      values.forEach((v, j) => {
        const grey = Math.round(255 * Math.min(1, Math.max(0, v)));
        image.data.set([grey, grey, grey, 255], 4 * j);
      });
      small.putImageData(image, 0, 0);
    };
    const draw = () => {
      const sum = Float32Array.from(base);
      for (let i = 0; i < state.k; i++) parts[i].forEach((v, j) => (sum[j] += faces[state.face][i] * v));
      const original = originals[state.face];
      const error = Math.sqrt(mean(Array.from(sum, (v, j) => (v - original[j]) ** 2)));
      paint(canvas, sum);
      paint(truth, original);
      told.textContent = `${state.k} of ${count} components: root mean square error ${error.toFixed(3)} of a range of 1.`;
      met(state.k > 0 && error < goal && errorOf(state.k - 1) >= goal, `${state.k} numbers in place of ${side * side} pixels.`);
    };
    const shown = [[canvas, "mean and components"], [truth, "the face itself"]];
    host.append(html("div", { class: "touch-row" }, ...shown.map(([one, name]) => html("figure", {}, one, html("figcaption", {}, name)))));
    slider(host, "components", { low: 0, high: count, step: 1, value: state.k, text: (v) => `${v}` }, (v) => { state.k = v; draw(); });
    slider(host, "face", { low: 1, high: faces.length, step: 1, value: 1, text: (v) => `${v}` }, (v) => { state.face = v - 1; draw(); });
    host.querySelectorAll("output").forEach((o, i) => (o.textContent = [state.k, 1][i]));
    host.append(told);
    draw();
  });
  sheet.src = png;
};

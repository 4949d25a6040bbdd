/** A map of decoded pictures: move over it, see the picture at that place. */
kinds.latent = (host, { png, side, across, up }) => {
  const size = 360, count = across.length;
  const map = html("canvas", { width: size, height: size, tabindex: "0", role: "application", "aria-label": "map of the two latent numbers; arrow keys move" });
  const one = html("canvas", { width: side, height: side, class: "touch-large", role: "img", "aria-label": "the digit decoded there" });
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  host.append(html("div", { class: "touch-row" }, map, one), html("p", { class: "touch-hint" }, "Point at a place of the map, or choose the map with the Tab key and move by arrow keys. The other picture is what the decoder draws there."), told);
  const sheet = new Image();
  const met = challenge(host, "Find a place where a small step in z changes the drawing most.");
  let steps = [], [u, v] = [0.5, 0.5];
  /** How much the drawing changes from each tile to the next ones. */
  const changes = () => {
    const hidden = html("canvas", { width: sheet.width, height: sheet.height });
    const pen = hidden.getContext("2d", { willReadFrequently: true });
    pen.drawImage(sheet, 0, 0);
    const ink = (i, j) => pen.getImageData(i * side, j * side, side, side).data.filter((_, k) => k % 4 === 0);
    const apart = (p, q) => Math.sqrt(mean([...p].map((w, k) => (w - q[k]) ** 2)));
    const tiles = Array.from({ length: count * count }, (_, k) => ink(k % count, Math.floor(k / count)));
    const gap = (values, i) => Math.abs(values[i + 1] - values[i]); // tiles lie at quantiles
    return tiles.map((tile, k) => {
      const [i, j] = [k % count, Math.floor(k / count)];
      const right = i < count - 1 ? apart(tile, tiles[k + 1]) / gap(across, i) : 0;
      return Math.max(right, j < count - 1 ? apart(tile, tiles[k + count]) / gap(up, j) : 0);
    });
  };
  const draw = () => {
    const pen = map.getContext("2d");
    pen.drawImage(sheet, 0, 0, size, size);
    pen.strokeStyle = "#e08214";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(u * size, v * size, 9, 0, 7);
    pen.stroke();
    // Between tiles the four nearest pictures are blended by their distance.
    const [x, y] = [u, v].map((w) => Math.min(count - 1, Math.max(0, w * count - 0.5)));
    const small = one.getContext("2d");
    small.clearRect(0, 0, side, side);
    small.globalCompositeOperation = "lighter";
    for (const dx of [0, 1])
      for (const dy of [0, 1]) {
        const [i, j] = [Math.min(count - 1, Math.floor(x) + dx), Math.min(count - 1, Math.floor(y) + dy)];
        small.globalAlpha = (dx ? x % 1 : 1 - (x % 1)) * (dy ? y % 1 : 1 - (y % 1));
        small.drawImage(sheet, i * side, j * side, side, side, 0, 0, side, side);
      }
    const at = (place, values) => {
      const i = Math.min(count - 2, Math.floor(place));
      return (values[i] + (place - i) * (values[i + 1] - values[i])).toFixed(2);
    };
    told.textContent = `z = (${at(x, across)}, ${at(y, up)})`;
    if (!steps.length) return;
    const here = steps[Math.round(y) * count + Math.round(x)], most = Math.max(...steps);
    told.textContent += `: a small step in z changes the drawing ${(here / mean(steps)).toFixed(1)} times as much as on average.`;
    met(here >= 0.9 * most, `Nowhere is it more than ${(most / mean(steps)).toFixed(1)} times the average: ${most > 2 * mean(steps) ? "there are borders between digits" : "digits turn into each other gradually"}.`);
  };
  const move = (event) => {
    const box = map.getBoundingClientRect();
    u = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    v = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    draw();
  };
  map.addEventListener("pointermove", (event) => (event.pointerType === "mouse" || event.buttons) && move(event));
  map.addEventListener("pointerdown", move);
  arrows(map, (dx, dy) => {
    u = Math.min(1, Math.max(0, u + dx * 0.02));
    v = Math.min(1, Math.max(0, v + dy * 0.02));
    draw();
  });
  sheet.addEventListener("load", () => { steps = changes(); draw(); });
  sheet.src = png;
};

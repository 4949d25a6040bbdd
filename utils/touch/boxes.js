/** Boxes that can be dragged: their overlap, and which of them suppression keeps. */
kinds.boxes = (host, { png, width, height, boxes }) => {
  const now = boxes.map((b) => ({ box: b.slice(0, 4), score: b[4] }));
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "touch-boxes" });
  root.append(svg("image", { href: png, width, height }));
  const limits = { overlap: 0.5, score: 0.3 };
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const met = challenge(host, "Lose an object: move boxes until suppression keeps a single one.");
  let chosen = 0;
  const area = ([a, b, c, d]) => Math.max(0, c - a) * Math.max(0, d - b);
  const iou = (p, q) => {
    const both = area([Math.max(p[0], q[0]), Math.max(p[1], q[1]), Math.min(p[2], q[2]), Math.min(p[3], q[3])]);
    return both / (area(p) + area(q) - both);
  };
  const rects = now.map((one, i) => {
    const rect = svg("rect", { tabindex: "0", role: "button" });
    const label = svg("text", { class: "box-name" });
    root.append(rect, label);
    rect.addEventListener("focus", () => choose(i));
    arrows(rect, (dx, dy, large) => (large ? grow(i, dx * 2, dy * 2) : shift(i, dx * 2, dy * 2)));
    return { rect, label };
  });
  /** Of the boxes at a point the one in hand, else one that is kept, else the best. */
  const grasped = (x, y) => {
    const rank = (i) => now[i].score + (i === chosen ? 4 : 0) + (rects[i].rect.classList.contains("kept") ? 2 : 0);
    const there = now.map((_, i) => i).filter((i) => now[i].box[0] <= x && x <= now[i].box[2] && now[i].box[1] <= y && y <= now[i].box[3]);
    return there.sort((i, j) => rank(j) - rank(i))[0];
  };
  let from = null;
  const at = (event) => {
    const shown = root.getBoundingClientRect();
    return [(event.clientX - shown.left) * (width / shown.width), (event.clientY - shown.top) * (width / shown.width)];
  };
  root.addEventListener("pointerdown", (event) => {
    const [x, y] = at(event), i = grasped(x, y);
    if (i === undefined) return;
    event.preventDefault(); // the focus goes to the box that is grasped, whichever lies on top
    from = [x, y];
    root.setPointerCapture(event.pointerId);
    choose(i);
    rects[i].rect.focus();
  });
  root.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = at(event);
    shift(chosen, x - from[0], y - from[1]);
    from = [x, y];
  });
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, () => (from = null));
  const choose = (i) => { chosen = i; draw(); };
  const shift = (i, dx, dy) => {
    const b = now[i].box;
    const x = Math.min(width - b[2], Math.max(-b[0], dx));
    const y = Math.min(height - b[3], Math.max(-b[1], dy));
    now[i].box = [b[0] + x, b[1] + y, b[2] + x, b[3] + y];
    draw();
  };
  const grow = (i, dx, dy) => {
    const b = now[i].box;
    now[i].box = [b[0], b[1], Math.min(width, Math.max(b[0] + 4, b[2] + dx)), Math.min(height, Math.max(b[1] + 4, b[3] + dy))];
    draw();
  };
  const draw = () => {
    const kept = new Set();
    const order = now.map((_, i) => i).filter((i) => now[i].score >= limits.score).sort((a, b) => now[b].score - now[a].score);
    for (const i of order) if ([...kept].every((k) => iou(now[k].box, now[i].box) <= limits.overlap)) kept.add(i);
    now.forEach(({ box, score }, i) => {
      const { rect, label } = rects[i];
      const state = kept.has(i) ? "kept" : score < limits.score ? "weak" : "dropped";
      for (const [key, value] of Object.entries({ x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1], class: `box ${state}${i === chosen ? " chosen" : ""}`, "aria-label": `box ${i}, score ${score.toFixed(2)}, ${state}` })) rect.setAttribute(key, value);
      label.setAttribute("x", box[0] + 2);
      label.setAttribute("y", box[1] - 2);
      label.replaceChildren(i === chosen ? `${i}: ${score.toFixed(2)}` : `${i}`);
    });
    const overlaps = now.map((one, i) => (i === chosen ? -1 : iou(one.box, now[chosen].box)));
    const nearest = overlaps.indexOf(Math.max(...overlaps));
    told.textContent = `Kept: ${[...kept].sort((a, b) => a - b).join(", ") || "none"}. Box ${chosen}, of score ${now[chosen].score.toFixed(2)}, overlaps most with box ${nearest}: IoU ${overlaps[nearest].toFixed(2)}.`;
    met(kept.size === 1 && limits.score <= 0.3, "One of the two coins has no box: suppression knows overlap, not coins.");
  };
  host.append(root, html("p", { class: "touch-hint" }, "Drag a box, or choose one with the Tab key: arrow keys move it, with Shift they change its size. Solid boxes are kept, dashed ones suppressed, dotted ones below the least score."));
  slider(host, "suppress above IoU", { low: 0, high: 1, step: 0.05, value: limits.overlap }, (v) => { limits.overlap = v; draw(); });
  slider(host, "least score", { low: 0, high: 1, step: 0.05, value: limits.score }, (v) => { limits.score = v; draw(); }).update();
  host.querySelectorAll("output").forEach((o, i) => (o.textContent = [limits.overlap, limits.score][i].toFixed(2)));
  host.append(html("p", { class: "touch-hint" }, `Scores: ${now.map(({ score }, i) => `box ${i} ${score.toFixed(2)}`).join(", ")}.`), told);
};

/** Three points on a face, and the similarity that brings them to their places. */
kinds.align = (host, { photo, side, points, names, places }) => {
  const shown = 64, large = 4; // pixels of a crop, and canvas pixels for each
  const now = { face: 0, turn: 0, marks: [] };
  const root = svg("svg", { viewBox: `0 0 ${side} ${side}`, class: "touch-boxes", style: "flex: 1 1 15rem; max-width: 22rem; background: var(--pst-color-border)" });
  const inner = svg("svg", { width: side, height: side });
  inner.append(svg("image", { href: photo, width: side * names.length, height: side }));
  const turned = svg("g", {}, inner);
  const crop = html("canvas", { width: shown * large, height: shown * large, role: "img", "aria-label": "the face cut out by the transform; crosses are the places", class: "touch-crop" });
  const told = sentence();
  const limit = 0.12;
  const met = challenge(host, "Turn the photograph by at least 30°, and mark both eyes and the lower lip so that the crop stands upright again.");
  const called = ["eye at the left", "eye at the right", "lower lip"];
  const dots = called.map((_, i) => {
    const dot = svg("circle", { r: 7, tabindex: "0", role: "button", class: `lot lot-${[0, 0, 1][i]}`, style: "fill-opacity: .35; cursor: move; stroke-width: 2.5" });
    pressed(dot, (x, y, first) => first || place(i, x * side, y * side), root);
    arrows(dot, (dx, dy, large_) => place(i, now.marks[i][0] + dx * (large_ ? 10 : 2), now.marks[i][1] + dy * (large_ ? 10 : 2)));
    return dot;
  });
  root.append(turned, ...dots);
  const place = (i, x, y) => {
    now.marks[i] = [clamp(x, 0, side), clamp(y, 0, side)];
    draw();
  };
  /** The similarity [a, b, x, y] that brings points nearest to others, by least squares. */
  const similarity = (from, to) => {
    const middle = (all) => [0, 1].map((k) => mean(all.map((p) => p[k])));
    const [m, n] = [middle(from), middle(to)];
    let [a, b, size] = [0, 0, 0];
    from.forEach(([x, y], i) => {
      const [u, v, s, t] = [x - m[0], y - m[1], to[i][0] - n[0], to[i][1] - n[1]];
      a += u * s + v * t;
      b += u * t - v * s;
      size += u * u + v * v;
    });
    size = Math.max(size, 1e-6);
    a /= size;
    b /= size;
    return [a, b, n[0] - a * m[0] + b * m[1], n[1] - b * m[0] - a * m[1]];
  };
  /** Where dlib's points lie, once the photograph is turned about its middle. */
  const truth = () => {
    const angle = (now.turn * Math.PI) / 180, c = side / 2;
    return points[now.face].map(([x, y]) => [c + (x - c) * Math.cos(angle) - (y - c) * Math.sin(angle), c + (x - c) * Math.sin(angle) + (y - c) * Math.cos(angle)]);
  };
  const sheet = new Image();
  const draw = () => {
    const goals = places.map((p) => p.map((v) => v * shown));
    const [a, b, x, y] = similarity(now.marks, goals);
    inner.setAttribute("viewBox", `${now.face * side} 0 ${side} ${side}`);
    turned.setAttribute("transform", `rotate(${now.turn} ${side / 2} ${side / 2})`);
    dots.forEach((dot, i) => {
      dot.setAttribute("cx", now.marks[i][0]);
      dot.setAttribute("cy", now.marks[i][1]);
      dot.setAttribute("aria-label", `${called[i]}, at ${now.marks[i].map(Math.round).join(", ")}; arrow keys move it`);
    });
    const pen = crop.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#888";
    pen.fillRect(0, 0, crop.width, crop.height);
    pen.setTransform(large * a, large * b, -large * b, large * a, large * x, large * y);
    pen.translate(side / 2, side / 2);
    pen.rotate((now.turn * Math.PI) / 180);
    pen.drawImage(sheet, now.face * side, 0, side, side, -side / 2, -side / 2, side, side);
    pen.setTransform(large, 0, 0, large, 0, 0);
    for (const [line, ink] of [[1.4, "#fff"], [0.6, "#b03000"]]) {
      pen.strokeStyle = ink;
      pen.lineWidth = line;
      pen.beginPath();
      for (const [u, v] of goals) {
        pen.moveTo(u - 3, v);
        pen.lineTo(u + 3, v);
        pen.moveTo(u, v - 3);
        pen.lineTo(u, v + 3);
      }
      pen.stroke();
    }
    const left = Math.max(...now.marks.map(([u, v], i) => Math.hypot(a * u - b * v + x - goals[i][0], b * u + a * v + y - goals[i][1])));
    const real = truth(), eyes = Math.hypot(real[0][0] - real[1][0], real[0][1] - real[1][1]);
    const off = real.map(([u, v], i) => Math.hypot(u - now.marks[i][0], v - now.marks[i][1]) / eyes);
    const angle = Math.round((Math.atan2(b, a) * 180) / Math.PI) || 0; // no -0
    told.textContent = `The transform turns by ${angle}° and scales by ${Math.hypot(a, b).toFixed(2)}; the worst mark ends ${left.toFixed(1)} of ${shown} pixels from its place. From dlib's points your marks are ${off.map((v) => (100 * v).toFixed(0)).join(", ")} % of the eyes' distance away; ${100 * limit} % is near enough.`.replaceAll("-", "\u2212");
    met(Math.abs(now.turn) >= 30 && Math.max(...off) <= limit, "Turn, size and place of the head are gone from the crop: a similarity has four numbers, and three points give six.");
  };
  const begin = () => {
    now.marks = places.map(([u, v]) => [side * (0.5 + 0.5 * (u - 0.5)), side * (0.5 + 0.5 * (v - 0.5))]);
    draw();
  };
  host.append(html("div", { class: "touch-row" }, root, html("figure", {}, crop, html("figcaption", {}, "the crop, and the three places"))));
  host.append(html("p", { class: "touch-hint" }, "Drag the three marks, or choose one with the Tab key and move it by arrow keys (with Shift in larger steps): blue for the eyes, orange for the lower lip."));
  slider(host, "turn of the photograph", { low: -60, high: 60, step: 5, value: 0, text: (v) => `${v}°`.replace("-", "\u2212") }, (v) => { now.turn = v; if (now.marks.length) draw(); }).update();
  choice(host, "photograph", names, (face) => {
    now.face = face;
    begin();
  });
  host.append(told);
  sheet.addEventListener("load", begin);
  sheet.src = photo;
};

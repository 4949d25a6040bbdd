/** A window turned about two axes of the board: what two networks answer. */
kinds.orientation = (host, { classes, windows, up, tables }) => {
  const [rows, columns] = [13, 25]; // 15 degrees apart: -90 to 90 about x, -180 to 180 about y
  const names = ["trained on windows as they are", "trained on turned windows"];
  const now = { x: 0, y: 0, window: 0 };
  const board = svg("svg", { viewBox: "0 0 260 240", tabindex: "0", role: "application", "aria-label": "the board; arrow keys turn it", class: "touch-boxes", style: "flex: 260 1 0; cursor: grab" });
  const answers = svg("svg", { viewBox: "0 0 420 240", role: "img", "aria-label": "probabilities of the activities, by two networks", style: "flex: 420 1 0" });
  const told = html("p", { class: "touch-told", "aria-live": "polite" });
  const times = (A, B) => A.map((row) => B[0].map((_, j) => row.reduce((s, v, k) => s + v * B[k][j], 0)));
  const turn = (axis, degrees) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return axis === "x" ? [[1, 0, 0], [0, c, -s], [0, s, c]] : [[c, 0, s], [0, 1, 0], [-s, 0, c]];
  };
  const upright = ([x, y, z]) => {
    if (y < -0.999) return [[1, 0, 0], [0, -1, 0], [0, 0, -1]];
    const V = [[0, -x, 0], [x, 0, z], [0, -z, 0]]; // turns this vector towards the screen's y
    const VV = times(V, V);
    return V.map((row, i) => row.map((v, j) => (i === j) + v + VV[i][j] / (1 + y)));
  };
  const faces = [[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]];
  const corners = Array.from({ length: 8 }, (_, i) => [i & 1 ? 80 : -80, i & 2 ? 50 : -50, i & 4 ? 8 : -8]);
  const chances = (table) => {
    const [i, j] = [(now.x + 90) / 15, (now.y + 180) / 15];
    const [a, b] = [Math.min(rows - 2, Math.floor(i)), Math.min(columns - 2, Math.floor(j))];
    const part = (di, dj, k) => (di ? i - a : 1 - i + a) * (dj ? j - b : 1 - j + b) * table[((a + di) * columns + b + dj) * classes.length + k];
    return classes.map((_, k) => part(0, 0, k) + part(0, 1, k) + part(1, 0, k) + part(1, 1, k));
  };
  const drawBoard = () => {
    // Readings R a are those of a board that is turned by the inverse of R.
    const R = times(turn("y", now.y), turn("x", now.x));
    const inverse = R[0].map((_, j) => R.map((row) => row[j]));
    const held = times(turn("x", 20), times(upright(up[now.window]), inverse));
    const place = (v) => held.map((row) => row.reduce((s, w, k) => s + w * v[k], 0));
    const seen = corners.map(place);
    const depth = (face) => mean(face.map((i) => seen[i][2]));
    const shapes = [...faces.keys()].sort((p, q) => depth(faces[p]) - depth(faces[q])).map((n) => {
      const points = faces[n].map((i) => `${140 + seen[i][0]},${120 - seen[i][1]}`).join(" ");
      return svg("polygon", { points, style: `fill: var(--lot-${n === 1 ? 2 : 6}); stroke: var(--pst-color-background)` });
    });
    const axes = ["x", "y", "z"].flatMap((name, k) => {
      const [x, y] = place([0, 1, 2].map((i) => (i === k ? [112, 82, 50][k] : 0)));
      return [svg("line", { x1: 140, y1: 120, x2: 140 + x, y2: 120 - y, class: `line lot-${[0, 1, 3][k]}` }), svg("text", { x: 140 + 1.1 * x, y: 124 - 1.1 * y, "text-anchor": "middle", class: "over" }, name)];
    });
    const down = [svg("line", { x1: 18, y1: 60, x2: 18, y2: 170, class: "mark" }), svg("path", { d: "M11,165L18,182L25,165Z", class: "dot" }), svg("text", { x: 4, y: 200 }, "gravity")];
    board.replaceChildren(...shapes, ...axes, ...down);
  };
  const met = challenge(host, "Turn the board until the two networks disagree.");
  const draw = () => {
    drawBoard();
    const found = names.map((_, n) => chances(tables[now.window * names.length + n]));
    const most = found.map((p) => p.indexOf(Math.max(...p)));
    answers.replaceChildren(...names.flatMap((name, n) => [
      svg("text", { x: 4, y: 22 + 116 * n, style: "font-weight: 700" }, name),
      ...classes.flatMap((label, k) => {
        const y = 32 + 116 * n + 26 * k;
        return [svg("text", { x: 80, y: y + 14, "text-anchor": "end" }, label), svg("rect", { x: 88, y, width: Math.max(1, 270 * found[n][k]), height: 19, class: `lot lot-${k}` }), svg("text", { x: 96 + 270 * found[n][k], y: y + 14 }, found[n][k].toFixed(2))];
      }),
    ]));
    told.textContent = `Turned by ${now.x}° about x and ${now.y}° about y, this ${windows[now.window]} window is ${names.map((name, n) => `${classes[most[n]]} (${found[n][most[n]].toFixed(2)}) to the network ${name}`).join(", and ")}.`.replaceAll("-", "−");
    met(most[0] !== most[1], "The motion is the same; one of them had learned how the board is held.");
  };
  const pick = html("select", { "aria-label": "window" }, ...windows.map((name, i) => html("option", { value: i }, name)));
  pick.addEventListener("change", () => { now.window = Number(pick.value); draw(); });
  host.append(html("p", {}, html("label", {}, "window ", pick)), html("div", { class: "touch-row" }, board, answers), html("p", { class: "touch-hint" }, "Drag the board, or choose it with the Tab key and turn it by arrow keys. The motion stays the same; what changes is where gravity points."));
  const text = (v) => `${v}°`;
  const sliders = {};
  for (const [axis, most] of [["x", 90], ["y", 180]]) sliders[axis] = slider(host, `turn about ${axis}`, { low: -most, high: most, step: 5, value: 0, text }, (v) => { now[axis] = v; draw(); });
  const move = (about, most, by) => {
    const wanted = now[about] + by;
    sliders[about].input.value = about === "y" ? ((((wanted + 180) % 360) + 360) % 360) - 180 : Math.min(most, Math.max(-most, wanted));
    sliders[about].update();
  };
  let from = null;
  board.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; board.setPointerCapture(event.pointerId); });
  board.addEventListener("pointerup", () => (from = null));
  board.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]].map((d) => 5 * Math.trunc(d / 8));
    if (!dx && !dy) return;
    from = [event.clientX, event.clientY];
    move("y", 180, -dx);
    move("x", 90, -dy);
  });
  arrows(board, (dx, dy) => (dx ? move("y", 180, 5 * dx) : move("x", 90, -5 * dy)));
  host.append(told);
  sliders.x.update();
  sliders.y.update();
};

// Figures to touch. Each is made from numbers that the notebook's run wrote beside its picture:
// <div class="touch" data-kind="roc"><script type="application/json">{...}</script></div>
// No server, nothing from outside; every control is a slider, a button or moved by arrow keys.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** Make an element: html("p", {class: "x"}, "text", child). */
  function html(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** Make an element of a drawing. */
  function svg(tag, attributes = {}, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** Make a labelled slider that calls back with its number, and shows it as text. */
  function slider(host, label, { low, high, step, value, text = (v) => v.toFixed(2) }, changed) {
    const input = html("input", { type: "range", min: low, max: high, step, value });
    const shown = html("output");
    const update = () => {
      shown.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
      changed(Number(input.value));
    };
    input.addEventListener("input", update);
    host.append(html("label", { class: "touch-slider" }, html("span", {}, label), input, shown));
    return { update, input };
  }

  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

  /** Pose a challenge above a figure; returns what marks it as met, once, and says what that shows. */
  function challenge(host, words) {
    const met = html("span", { class: "touch-met", role: "status" });
    host.append(html("p", { class: "touch-challenge" }, html("b", {}, "Can you? "), `${words} `, met));
    return (reached, shows) => {
      if (reached && !met.textContent) met.textContent = `\u2713 ${shows}`;
    };
  }

  /** Let a plot be pointed at: call back with the value at the pointer while it is pressed. */
  function drawn({ root, X }, [low, high], moved) {
    let held = false;
    root.style.cursor = "ew-resize";
    root.style.touchAction = "pan-y";
    root.style.userSelect = "none";
    const at = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
      const share = (point.x - X(low)) / (X(high) - X(low));
      return low + Math.min(1, Math.max(0, share)) * (high - low);
    };
    root.addEventListener("pointerdown", (event) => { held = true; root.setPointerCapture(event.pointerId); moved(at(event), true); });
    root.addEventListener("pointermove", (event) => held && moved(at(event), false));
    root.addEventListener("pointerup", () => (held = false));
  }

  /** Make a plot with axes; x and y are [low, high]. Returns the drawing and both scales. */
  function plot(width, height, { x, y, xlabel, ylabel, ticks }) {
    const [left, right, top, bottom] = [60, 18, 10, 40];
    const X = (v) => left + ((v - x[0]) / (x[1] - x[0])) * (width - left - right);
    const Y = (v) => height - bottom - ((v - y[0]) / (y[1] - y[0])) * (height - top - bottom);
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", style: `flex: ${width} 1 0`, "aria-label": `plot of ${ylabel} against ${xlabel}` });
    const line = (d) => svg("path", { d, class: "axis" });
    root.append(line(`M${X(x[0])},${Y(y[1])}V${Y(y[0])}H${X(x[1])}`));
    for (let i = 0; i <= 4; i++) {
      const [vx, vy] = [x[0] + (i / 4) * (x[1] - x[0]), y[0] + (i / 4) * (y[1] - y[0])];
      const digits = Math.max(0, 2 - Math.floor(Math.log10(x[1] - x[0])));
      if (!ticks) root.append(svg("text", { x: X(vx), y: Y(y[0]) + 16, "text-anchor": "middle" }, vx.toFixed(Math.min(2, digits))));
      if (ylabel) root.append(svg("text", { x: left - 6, y: Y(vy) + 4, "text-anchor": "end" }, y[1] > 4 ? vy.toFixed(0) : vy.toFixed(2)));
    }
    for (const [at, name] of ticks ?? []) root.append(line(`M${X(at)},${Y(y[0])}v5`), svg("text", { x: X(at), y: Y(y[0]) + 18, "text-anchor": "middle" }, name));
    root.append(svg("text", { x: (X(x[0]) + X(x[1])) / 2, y: height - 6, "text-anchor": "middle" }, xlabel));
    if (ylabel) {
      const middle = (Y(y[0]) + Y(y[1])) / 2;
      root.append(svg("text", { x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` }, ylabel));
    }
    return { root, X, Y };
  }

  /** Count values in bins; returns the shares. */
  function histogram(values, low, high, bins) {
    const counts = new Array(bins).fill(0);
    for (const v of values) counts[Math.min(bins - 1, Math.max(0, Math.floor(((v - low) / (high - low)) * bins)))] += 1;
    return counts.map((n) => n / values.length);
  }

  /** Draw a histogram as one outlined shape. */
  function shape(shares, low, high, { X, Y }) {
    const width = (high - low) / shares.length;
    const steps = shares.map((n, i) => `V${Y(n)}H${X(low + (i + 1) * width)}`).join("");
    return `M${X(low)},${Y(0)}${steps}V${Y(0)}`;
  }

  const kinds = {
    /** Two lots of distances and a threshold: who is accepted, and the point on the ROC curve. */
    roc(host, { same, different, quantity }) {
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
    },

    /** Values of three classes and two thresholds between them. */
    thresholds(host, { classes, values, quantity }) {
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
    },

    /** A window turned about two axes of the board: what two networks answer. */
    orientation(host, { classes, windows, up, tables }) {
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
    },

    /** A map of decoded pictures: move over it, see the picture at that place. */
    latent(host, { png, side, across, up }) {
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
    },

    /** Attention of one node over its neighbours, head by head. */
    attention(host, { names, weights, topics }) {
      const root = svg("svg", { viewBox: "0 0 520 340", role: "img", "aria-label": "a paper and its neighbours, with a line as wide as the attention" });
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
    },

    /** Boxes that can be dragged: their overlap, and which of them suppression keeps. */
    boxes(host, { png, width, height, boxes }) {
      const now = boxes.map((b) => ({ box: b.slice(0, 4), score: b[4] }));
      const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "touch-boxes" });
      root.append(svg("image", { href: png, width, height }));
      const limits = { overlap: 0.5, score: 0.3 };
      const told = html("p", { class: "touch-told", "aria-live": "polite" });
      const met = challenge(host, "Lose a car: move a box until suppression leaves only one.");
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
        let from = null;
        rect.addEventListener("pointerdown", (event) => {
          from = [event.clientX, event.clientY];
          rect.setPointerCapture(event.pointerId);
          choose(i);
        });
        rect.addEventListener("pointermove", (event) => {
          if (!from) return;
          const scale = width / root.getBoundingClientRect().width;
          shift(i, (event.clientX - from[0]) * scale, (event.clientY - from[1]) * scale);
          from = [event.clientX, event.clientY];
        });
        rect.addEventListener("pointerup", () => (from = null));
        rect.addEventListener("focus", () => choose(i));
        arrows(rect, (dx, dy, large) => (large ? grow(i, dx * 2, dy * 2) : shift(i, dx * 2, dy * 2)));
        return { rect, label };
      });
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
          for (const [key, value] of Object.entries({ x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1], class: `box ${state}${i === chosen ? " chosen" : ""}`, "aria-label": `box ${i + 1}, score ${score.toFixed(2)}, ${state}` })) rect.setAttribute(key, value);
          label.setAttribute("x", box[0] + 2);
          label.setAttribute("y", box[1] - 2);
          label.replaceChildren(`${i + 1}`, svg("tspan", { class: "box-score" }, `: ${score.toFixed(2)}`));
        });
        const overlaps = now.map((one, i) => (i === chosen ? -1 : iou(one.box, now[chosen].box)));
        const nearest = overlaps.indexOf(Math.max(...overlaps));
        told.textContent = `Kept: ${[...kept].map((i) => i + 1).sort((a, b) => a - b).join(", ") || "none"}. Box ${chosen + 1}, of score ${now[chosen].score.toFixed(2)}, overlaps most with box ${nearest + 1}: IoU ${overlaps[nearest].toFixed(2)}.`;
        met(kept.size === 1 && limits.score <= 0.3, "The box of the other car is gone: suppression knows overlap, not cars.");
      };
      host.append(root, html("p", { class: "touch-hint" }, "Drag a box, or choose one with the Tab key: arrow keys move it, with Shift they change its size. Solid boxes are kept, dashed ones suppressed, dotted ones below the least score."));
      slider(host, "suppress above IoU", { low: 0, high: 1, step: 0.05, value: limits.overlap }, (v) => { limits.overlap = v; draw(); });
      slider(host, "least score", { low: 0, high: 1, step: 0.05, value: limits.score }, (v) => { limits.score = v; draw(); }).update();
      host.querySelectorAll("output").forEach((o, i) => (o.textContent = [limits.overlap, limits.score][i].toFixed(2)));
      host.append(told);
    },

    /** Walks of node2vec over a small graph: where p and q lead them. */
    walks(host, { nodes, edges, names }) {
      const near = nodes.map(() => []);
      for (const [a, b] of edges) near[a].push(b), near[b].push(a);
      const root = svg("svg", { viewBox: "0 0 560 380", role: "img", "aria-label": "a network with a walk on it" });
      const [xs, ys] = [0, 1].map((k) => nodes.map((n) => n[k]));
      const fit = (v, all, size) => 20 + ((v - Math.min(...all)) / (Math.max(...all) - Math.min(...all))) * (size - 40);
      const at = nodes.map(([x, y]) => [fit(x, xs, 560), fit(y, ys, 380)]);
      for (const [a, b] of edges) root.append(svg("line", { x1: at[a][0], y1: at[a][1], x2: at[b][0], y2: at[b][1], class: "edge" }));
      const dots = at.map(([x, y]) => svg("circle", { cx: x, cy: y, r: 5, class: "node" }));
      dots.forEach((dot, i) => dot.append(svg("title", {}, names[i])));
      const path = svg("polyline", { class: "walk" });
      root.append(path, ...dots);
      const set = { p: 1, q: 1 };
      let start = 0, seed = 1;
      const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
      const step = (before, now) => {
        const weights = near[now].map((next) => (next === before ? 1 / set.p : before !== null && near[before].includes(next) ? 1 : before === null ? 1 : 1 / set.q));
        let left = random() * weights.reduce((a, b) => a + b, 0);
        return near[now].find((_, i) => (left -= weights[i]) <= 0) ?? near[now][near[now].length - 1];
      };
      const walk = (length) => {
        const seen = [start];
        while (seen.length <= length) seen.push(step(seen.length > 1 ? seen[seen.length - 2] : null, seen[seen.length - 1]));
        return seen;
      };
      const steps = (from) => {
        const far = nodes.map(() => Infinity), line = [from];
        far[from] = 0;
        for (const i of line) for (const j of near[i]) if (far[j] === Infinity) (far[j] = far[i] + 1), line.push(j);
        return far;
      };
      const told = html("p", { class: "touch-told", "aria-live": "polite" });
      const chances = html("p", { class: "touch-told", "aria-live": "polite" });
      /** How many different nodes 200 walks of 20 steps see, one with another. */
      const unlikeOf = (kept) => mean(kept.map((w) => new Set(w).size));
      const many = () => Array.from({ length: 200 }, () => walk(20));
      Object.assign(set, { p: 1 / 8, q: 8 });
      const home = Math.ceil(unlikeOf(many()));
      Object.assign(set, { p: 1, q: 1 });
      const met = challenge(host, `Choose p and q so that a walk of 20 steps from ${names[start]} sees at most ${home} different nodes.`);
      let before = null;
      /** Say where a walk that came from `before` goes on to from the start, and how likely. */
      const next = () => {
        const weights = near[start].map((i) => (i === before ? 1 / set.p : before === null || near[before].includes(i) ? 1 : 1 / set.q));
        const sum = weights.reduce((a, b) => a + b, 0);
        const order = near[start].map((_, i) => i).sort((i, j) => weights[j] - weights[i]).slice(0, 6);
        if (before === null) {
          const every = near[start].length === 1 ? "its only neighbour" : `each of its ${near[start].length} neighbours alike`;
          chances.textContent = `At its first step a walk goes on to ${every}; then p and q count: click one.`;
          return;
        }
        const came = `Come from ${names[before]}`;
        chances.textContent = `${came}, a walk at ${names[start]} goes on to ${order.map((i) => `${names[near[start][i]]} (${percent(weights[i] / sum)})`).join(", ")}${near[start].length > 6 ? " and others" : ""}.`;
      };
      const draw = () => {
        next();
        const visits = nodes.map(() => 0), far = steps(start);
        const kept = many();
        kept.flat().forEach((i) => (visits[i] += 1));
        const most = Math.max(...visits.map((v, i) => (i === start ? 0 : v)));
        dots.forEach((dot, i) => {
          dot.setAttribute("r", i === start ? 9 : 3 + 7 * Math.sqrt(Math.min(1, visits[i] / most)));
          dot.setAttribute("class", i === start ? "node lot-1" : visits[i] ? "node lot-0" : "node");
        });
        path.setAttribute("points", kept[0].map((i) => at[i].join(",")).join(" "));
        const distance = mean(kept.map((w) => mean(w.map((i) => far[i])))), unlike = unlikeOf(kept);
        told.textContent = `200 walks of 20 steps from ${names[start]}: ${distance.toFixed(2)} edges away on average, ${unlike.toFixed(1)} different nodes a walk. The orange line is one of them.`;
        met(start === 0 && unlike <= home, "Turning back is cheap and going on dear: the walk stays where it began.");
      };
      host.append(root, html("p", { class: "touch-hint" }, "Click a node to start there, or choose it below; a click on a neighbour of the start walks one step and shows where it goes on."));
      dots.forEach((dot, i) => {
        dot.style.cursor = "pointer";
        dot.addEventListener("click", () => { lead(i); });
      });
      /** Start at a node; if it is a neighbour of the start, having come from there. */
      const lead = (i) => {
        before = near[start].includes(i) ? start : null;
        start = i;
        pick.value = i;
        draw();
      };
      for (const name of ["p", "q"]) {
        const words = name === "p" ? "p, against turning back" : "q, against going on";
        slider(host, words, { low: -3, high: 3, step: 0.5, value: 0, text: (v) => (2 ** v).toPrecision(3) }, (v) => { set[name] = 2 ** v; draw(); });
      }
      const pick = html("select", { "aria-label": "start of the walks" }, ...names.map((n, i) => html("option", { value: i }, n)));
      pick.addEventListener("change", () => { before = null; start = Number(pick.value); draw(); });
      const again = html("button", { type: "button" }, "Walk again");
      again.addEventListener("click", draw);
      host.append(html("p", {}, html("label", {}, "start ", pick), " ", again), told, chances);
      host.querySelectorAll("output").forEach((o) => (o.textContent = "1.00"));
      draw();
    },

    /** Many likely colours and a temperature: the colour that one paints with. */
    temperature(host, { places, colours, lightness }) {
      const rows = html("div", { class: "touch-swatches", "aria-live": "polite" });
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
        for (const { p, order, patch, bars, words } of made) {
          const [sharp, [a, b]] = annealed(p, t);
          patch.style.background = rgb(lightness, a, b);
          const most = Math.max(...sharp);
          [...bars.children].forEach((bar, i) => (bar.style.height = `${2 + 38 * (sharp[order[i]] / most)}px`));
          words.textContent = `a = ${a.toFixed(0)}, b = ${b.toFixed(0)}, chroma ${Math.hypot(a, b).toFixed(0)}`.replaceAll("-", "−");
        }
      });
      update();
      host.append(html("p", { class: "touch-hint" }, "The bars are the twelve likeliest colours of each pixel, in their own colour. T = 1 is the plain mean; towards 0 the likeliest colour wins."));
    },

    /** Digits whose pixels change places, all alike or each by itself, and what a kernel then reads. */
    scramble(host, { rows, names, orders, alike, grid, each }) {
      const count = orders.length, tried = new Set();
      const state = { order: 0, apart: false };
      const pictures = names.map((name) => html("canvas", { width: 8, height: 8, role: "img", "aria-label": `a ${name}`, style: "width: min(5.5rem, 26vw); image-rendering: pixelated; border: 1px solid" }));
      const scale = plot(680, 90, { x: [0, 1], y: [0, 1], xlabel: "share of the 1,797 digits that the kernel reads" });
      const marks = [grid, ...alike, each].map((share, i) => svg("circle", { cx: scale.X(share), cy: scale.Y(0.5), r: 6, class: `node lot-${i === 0 ? 0 : i > count ? 2 : 1}` }));
      const chosen = svg("line", { class: "mark", y1: scale.Y(0), y2: 10 });
      scale.root.append(...marks, chosen);
      scale.root.setAttribute("aria-label", "share of digits read, a mark for each way to place the pixels that was tried");
      const key = [["the grid", 0], ["one scramble for all", 1], ["a scramble each", 2]];
      const told = html("p", { class: "touch-told", "aria-live": "polite" });
      const limit = (Math.min(grid, ...alike) + each) / 2;
      const met = challenge(host, `Scramble so that the kernel reads fewer than ${percent(limit)}.`);
      host.append(html("div", { class: "touch-row" }, ...pictures.map((one, i) => html("figure", {}, one, html("figcaption", {}, `a ${names[i]}`)))), html("p", { class: "touch-key" }, ...key.map(([name, i]) => html("span", { class: `key lot-${i}` }, name))), scale.root);
      const shuffled = () => {
        const order = Array.from({ length: 64 }, (_, i) => i);
        for (let i = 63; i > 0; i--) {
          const j = Math.floor(Math.random() * (i + 1));
          [order[i], order[j]] = [order[j], order[i]];
        }
        return order;
      };
      const draw = () => {
        pictures.forEach((one, k) => {
          const order = state.apart ? shuffled() : state.order ? orders[state.order - 1] : rows[k].map((_, i) => i);
          const pen = one.getContext("2d"), image = pen.createImageData(8, 8);
          order.forEach((from, i) => image.data.set([...[235, 240, 250].map((full) => full * (1 - rows[k][from] / 4)), 255], 4 * i));
          pen.putImageData(image, 0, 0);
        });
        const now = state.apart ? count + 1 : state.order;
        tried.add(now);
        marks.forEach((mark, i) => (mark.style.display = tried.has(i) ? "" : "none"));
        ["x1", "x2"].forEach((side) => chosen.setAttribute(side, marks[now].getAttribute("cx")));
        const way = state.apart ? "A scramble for each digit" : state.order ? `Scramble ${state.order}, the same for all digits` : "The grid as it is";
        told.textContent = `${way}: the report's kernel, trained and tested on such digits, reads ${percent(state.apart ? each : state.order ? alike[state.order - 1] : grid)} of them.${now ? ` On the grid it reads ${percent(grid)}.` : ""}`;
        met((state.apart ? each : state.order ? alike[state.order - 1] : grid) < limit, "Where pixels lie means nothing to it; that a place is the same in all digits does.");
      };
      const { update, input } = slider(host, "scramble", { low: 0, high: count, step: 1, value: 0, text: (v) => (v ? `${v} of ${count}` : "the grid") }, (v) => {
        Object.assign(state, { order: v, apart: false });
        draw();
      });
      const [again, own] = ["Scramble", "Scramble each by itself"].map((name) => html("button", { type: "button" }, name));
      again.addEventListener("click", () => {
        input.value = (Number(input.value) % count) + 1;
        update();
      });
      own.addEventListener("click", () => {
        state.apart = true;
        draw();
      });
      host.append(html("p", {}, again, " ", own), told);
      update();
    },

    /** A face from its mean and as many eigenfaces as the slider says. */
    components(host, { png, side, scales, faces }) {
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
    },
  };

  /** Call back with a direction when an arrow key is pressed on an element. */
  function arrows(element, moved) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    element.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      moved(...step, event.shiftKey);
    });
  }

  for (const host of document.querySelectorAll(".touch")) {
    // A list of numbers is one text in the notebook, whose file would have a line for each.
    const revive = (_, value) => (value && typeof value.numbers === "string" ? value.numbers.split(" ").map(Number) : value);
    const numbers = JSON.parse(host.querySelector("script").textContent, revive);
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", `Figure to touch: ${host.dataset.title}`);
    host.prepend(html("p", { class: "touch-title" }, `Try it: ${host.dataset.title}`));
    kinds[host.dataset.kind](host, numbers);
  }
})();

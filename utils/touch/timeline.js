/** Who speaks: single frames, their votes in a window, and who may vote. */
kinds.timeline = (host, { names, answers, chances, votes, truth, fps, halves }) => {
  const length = truth[0].length, [left, width] = [8, 684];
  const now = { talk: 0, half: 0, least: 0, at: 0 };
  const X = (t) => left + (width * t) / length;
  const root = svg("svg", { viewBox: "0 0 700 236", tabindex: "0", role: "application", class: "touch-boxes large-words", style: "cursor: ew-resize" });
  const key = html("p", { class: "touch-key" });
  const told = sentence(), there = sentence();

  /** Answers after a majority vote of the frames around, as in the notebook's task. */
  const smoothed = (talk, half, least) => {
    const [said, sure] = [answers[talk], chances[talk]];
    const may = said.map((_, t) => votes[talk][t] && sure[t] >= least);
    return said.map((own, t) => {
      const cast = new Map();
      for (let i = Math.max(0, t - half); i <= Math.min(length - 1, t + half); i++) if (may[i]) cast.set(said[i], (cast.get(said[i]) ?? 0) + 1);
      if (!cast.size) return -1;
      const most = Math.max(...cast.values());
      const first = [...cast.keys()].filter((k) => cast.get(k) === most).sort((a, b) => a - b);
      return may[t] && first.includes(own) ? own : first[0];
    });
  };
  const runs = (labels) => {
    const found = [];
    labels.forEach((k, t) => (t && labels[t - 1] === k ? (found[found.length - 1][2] = t + 1) : found.push([k, t, t + 1])));
    return found;
  };
  const turns = (labels) => runs(labels).filter(([k]) => k >= 0);
  /** Turns of one timeline in which the other never names the same person. */
  const alone = (labels, other) => turns(labels).filter(([k, a, b]) => !other.slice(a, b).includes(k)).length;
  const judged = (talk, half, least) => {
    const labels = smoothed(talk, half, least), spoken = truth[talk];
    return { labels, right: mean(labels.map((k, t) => k === spoken[t])), wrong: alone(labels, spoken), missed: alone(spoken, labels) };
  };
  const steps = Array.from({ length: 19 }, (_, i) => i / 20);
  let fewest = Infinity;
  for (let half = 0; half <= halves; half++) for (const least of steps) {
    const { wrong, missed } = judged(0, half, least);
    if (!wrong) fewest = Math.min(fewest, missed);
  }
  const met = challenge(host, `In conversation 1, name nobody falsely and miss at most ${fewest} of the ${turns(truth[0]).length} turns.`);

  const people = () => [...new Set(truth[now.talk])].filter((k) => k >= 0).sort((a, b) => a - b);
  const colour = (k) => (people().includes(k) ? people().indexOf(k) : 6);
  const row = (y, title, labels) => [
    svg("text", { x: left, y: y - 6 }, title),
    svg("rect", { x: left, y, width, height: 30, class: "axis" }),
    ...turns(labels).map(([k, a, b]) => svg("rect", { x: X(a), y, width: X(b) - X(a), height: 30, class: `lot lot-${colour(k)}`, style: "fill-opacity: .85; stroke-width: .5" })),
  ];
  const draw = () => {
    const { labels, right, wrong, missed } = judged(now.talk, now.half, now.least);
    const spoken = truth[now.talk], single = answers[now.talk];
    const [from, to] = [Math.max(0, now.at - now.half), Math.min(length, now.at + now.half + 1)];
    const errors = labels.flatMap((k, t) => (k === spoken[t] ? [] : [svg("rect", { x: X(t), y: 212, width: width / length, height: 6, class: "dot" })]));
    root.replaceChildren(...row(24, "who speaks", spoken), ...row(98, "by each frame alone", single), ...row(172, "by the vote; marks below: wrong", labels), ...errors,
      svg("rect", { x: X(from), y: 92, width: X(to) - X(from), height: 42, fill: "none", stroke: "var(--pst-color-text-base)", "stroke-width": 2.5 }),
      svg("line", { x1: X(now.at + 0.5), x2: X(now.at + 0.5), y1: 18, y2: 222, class: "mark" }));
    const name = (k) => (k < 0 ? "nobody" : names[k]);
    key.replaceChildren(...people().map((k, i) => html("span", { class: `key lot-${i}` }, `speaker ${names[k]}`)), html("span", { class: "key lot-6" }, "somebody who is not here"), " empty: nobody");
    const alone1 = mean(single.map((k, t) => k === spoken[t]));
    const window_ = `${((2 * now.half + 1) / fps).toFixed(1)} s`;
    told.textContent = `Window of ${window_}, votes from a chance of ${now.least.toFixed(2)}: ${percent(right)} of the frames are right (each alone: ${percent(alone1)}), ${count(wrong, "false turn")}, ${missed} missed of ${turns(spoken).length}.`;
    const cast = single.slice(from, to).filter((_, i) => votes[now.talk][from + i] && chances[now.talk][from + i] >= now.least);
    const shares = [...new Set(cast)].map((k) => [k, cast.filter((v) => v === k).length]).sort((a, b) => b[1] - a[1]);
    there.textContent = `At ${(now.at / fps).toFixed(1)} s ${count(cast.length, "frame")} of ${to - from} in the window ${cast.length === 1 ? "votes" : "vote"}${shares.length ? `: ${shares.map(([k, n]) => `${n} for ${name(k)}`).join(", ")}` : ""}. The answer is ${name(labels[now.at])}; in truth ${name(spoken[now.at])} speaks.`;
    root.setAttribute("aria-label", `timeline; arrow keys move the moment, now ${(now.at / fps).toFixed(1)} seconds`);
    met(now.talk === 0 && !wrong && missed <= fewest, "Who is careful misses short turns: a window as long as a turn votes it away.");
  };
  host.append(key, root, html("p", { class: "touch-hint" }, "Drag over the timeline, or choose it with the Tab key and move by arrow keys: the frame around a stretch shows which frames vote on the moment of the dashed line. Where two have as many votes, the frame's own answer decides if it is one of them, else the one named first above."));
  pressed(root, (x) => {
    now.at = Math.round(clamp(((x * 700 - left) / width) * length, 0, length - 1));
    draw();
  });
  arrows(root, (dx, dy, large) => {
    now.at = clamp(now.at + (dx - dy) * (large ? 10 : 1), 0, length - 1);
    draw();
  });
  slider(host, "window", { low: 0, high: halves, step: 1, value: 0, text: (v) => `${((2 * v + 1) / fps).toFixed(1)} s` }, (v) => { now.half = v; draw(); });
  slider(host, "least chance for a vote", { low: 0, high: 0.9, step: 0.05, value: 0 }, (v) => { now.least = v; draw(); });
  choice(host, "conversation", truth.map((_, i) => `${i + 1}`), (talk) => { now.talk = talk; draw(); });
  host.querySelectorAll("output").forEach((one, i) => (one.textContent = [`${(1 / fps).toFixed(1)} s`, "0.00"][i]));
  host.append(told, there);
  now.at = Math.floor(length / 2);
  draw();
};

/** Digits whose pixels change places, all alike or each by itself, and what a kernel then reads. */
kinds.scramble = (host, { rows, names, orders, alike, grid, each }) => {
  const count = orders.length, tried = new Set();
  const state = { order: 0, apart: false };
  const pictures = names.map((name) => html("canvas", { width: 8, height: 8, role: "img", "aria-label": `a ${name}`, style: "width: min(5.5rem, 26vw); image-rendering: pixelated; border: 1px solid" }));
  const scale = plot(680, 90, { x: [0, 1], y: [0, 1], xlabel: "share of the 797 test digits that the kernel reads" });
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
    told.textContent = `${way}: the kernel, trained and tested on such digits, reads ${percent(state.apart ? each : state.order ? alike[state.order - 1] : grid)} of them.${now ? ` On the grid it reads ${percent(grid)}.` : ""}`;
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
};

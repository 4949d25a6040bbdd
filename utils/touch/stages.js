/** A photograph and the boxes that three networks leave, by the threshold of the first. */
kinds.stages = (host, { photo, width, height, thresholds, ...flat }) => {
  const rows = (values, n) => Array.from({ length: values.length / n }, (_, i) => values.slice(n * i, n * i + n));
  const first = rows(flat.first, 5), [second, third] = [flat.second, flat.third].map((all) => all.map((one) => rows(one, 4)));
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "touch-boxes" });
  const boxes = svg("g");
  root.append(svg("image", { href: photo, width, height }), boxes);
  const now = { k: 0, show: 0 };
  const told = sentence();
  const finds = third.map((one) => one.length), most = Math.max(...finds);
  const last = finds.lastIndexOf(most);
  const met = challenge(host, "Spare R-Net as many boxes as you can without losing a face.");
  const left = (k) => first.filter((box) => box[4] >= thresholds[k]);
  const names = ["P-Net leaves", "R-Net leaves", "O-Net leaves"];
  const draw = () => {
    const lots = [left(now.k), second[now.k], third[now.k]];
    const look = [["#6db3ea", 1.5], ["#e66100", 2.5], ["#20c050", 4]];
    boxes.replaceChildren(...lots.flatMap((lot, i) => (now.show && now.show !== i + 1 ? [] : lot.map(([a, b, c, d]) => svg("rect", { x: a, y: b, width: c - a, height: d - b, fill: "none", stroke: look[i][0], "stroke-width": look[i][1] * (width / 600) })))));
    const faces = lots[2].length;
    const lost = most - faces;
    told.textContent = `At a threshold of ${thresholds[now.k].toFixed(2)} P-Net leaves ${count(lots[0].length, "box", "boxes")} for R-Net to judge, R-Net ${lots[1].length} for O-Net, and O-Net ${count(faces, "face")}${lost ? `, ${lost} fewer than it could` : "; no threshold here leaves more"}.`;
    root.setAttribute("aria-label", `photograph with boxes around ${count(faces, "face")}`);
    met(now.k === last, `R-Net judges ${lots[0].length} boxes in place of ${left(0).length}. A face that the first stage misses comes back in none.`);
  };
  host.append(root);
  host.append(html("p", { class: "touch-key" }, ...names.map((name, i) => html("span", { class: "key", style: `--lot: ${["#6db3ea", "#e66100", "#20c050"][i]}` }, name))));
  slider(host, "threshold of P-Net", { low: 0, high: thresholds.length - 1, step: 1, value: 0, text: (k) => thresholds[k].toFixed(2) }, (k) => { now.k = k; draw(); }).update();
  choice(host, "boxes of", ["all three", "P-Net", "R-Net", "O-Net"], (k) => { now.show = k; draw(); });
  host.append(told);
};

/** A window moved over a photograph: what a network still sees when that part is hidden. */
kinds.hide = (host, { photo, side, names, before, hidden, corners, window: size, wide }) => {
  const across = corners.length, scale = side / wide;
  const now = { photo: 0, i: 0, j: 0 };
  const tried = names.map(() => new Set());
  const picture = html("canvas", { width: side, height: side, tabindex: "0", role: "application", class: "touch-boxes" });
  const map = html("canvas", { width: across, height: across, role: "img", style: "image-rendering: pixelated" });
  const told = sentence();
  const met = challenge(host, "For each photograph, find the window that costs the network most.");
  const best = hidden.map((all) => all.indexOf(Math.min(...all)));
  const found = new Set();
  const odds = (p) => Math.log(p / (1 - p));
  pixels(photo, (sheet, values, width) => {
    const fills = names.map((_, k) => [0, 1, 2].map((c) => mean(Array.from({ length: side * side }, (_, n) => values[4 * (Math.floor(n / side) * width + (n % side) + k * side) + c]))));
    const draw = () => {
      const k = now.photo, place = now.i * across + now.j;
      tried[k].add(place);
      const pen = picture.getContext("2d");
      pen.drawImage(sheet, k * side, 0, side, side, 0, 0, side, side);
      pen.fillStyle = `rgb(${fills[k].map(Math.round).join(",")})`;
      const [top, left] = [corners[now.i] * scale, corners[now.j] * scale];
      pen.fillRect(left, top, size * scale, size * scale);
      pen.strokeStyle = "#fff";
      pen.strokeRect(left, top, size * scale, size * scale);
      const dots = map.getContext("2d"), image = dots.createImageData(across, across);
      const losses = hidden[k].map((p) => odds(before[k]) - odds(p)), most = Math.max(...losses.map(Math.abs));
      losses.forEach((loss, n) => {
        const share = clamp(Math.abs(loss) / most), full = loss > 0 ? [200, 80, 0] : [80, 50, 150];
        const ink = tried[k].has(n) ? full.map((v) => 245 + share * (v - 245)) : [150, 150, 150];
        image.data.set([...ink, 255], 4 * n);
      });
      dots.putImageData(image, 0, 0);
      const p = hidden[k][place];
      const change = p.toFixed(2) === before[k].toFixed(2) ? "as with nothing hidden" : `${p < before[k] ? "less" : "more"} than the ${before[k].toFixed(2)} with nothing hidden`;
      told.textContent = `With this window hidden the network gives ${names[k]} a probability of ${p.toFixed(2)}, ${change}. ${count(tried[k].size, "place")} of ${across * across} tried.`;
      picture.setAttribute("aria-label", `photograph with a hidden window, row ${now.i + 1}, column ${now.j + 1} of ${across}; arrow keys move it`);
      map.setAttribute("aria-label", `map of the ${tried[k].size} places tried`);
      if (place === best[k]) found.add(k);
      if (found.size) key.textContent = `Found: ${[...found].map((n) => `${names[n]} (${before[n].toFixed(2)} to ${hidden[n][best[n]].toFixed(2)})`).join(", ")}.`;
      met(found.size === names.length, "What counts is small in one photograph, and in another nowhere: there it stands more than once, or is larger than the window.");
    };
    const key = html("p", { class: "touch-hint", role: "status" }, "Nothing found yet.");
    const nearest = (share) => corners.map((c, n) => [Math.abs((c + size / 2) / wide - share), n]).sort((a, b) => a[0] - b[0])[0][1];
    pressed(picture, (x, y) => {
      Object.assign(now, { i: nearest(y), j: nearest(x) });
      draw();
    });
    arrows(picture, (dx, dy) => {
      Object.assign(now, { i: clamp(now.i + dy, 0, across - 1), j: clamp(now.j + dx, 0, across - 1) });
      draw();
    });
    host.append(html("div", { class: "touch-row" }, html("figure", { class: "touch-pair" }, picture, html("figcaption", {}, "drag the window over it")), html("figure", { class: "touch-pair" }, map, html("figcaption", {}, "places tried; orange: costs, violet: helps"))));
    host.append(html("p", { class: "touch-hint" }, "Or choose the photograph with the Tab key and move the window by arrow keys."));
    choice(host, "photograph", names, (k) => {
      Object.assign(now, { photo: k, i: 0, j: 0 });
      draw();
    });
    host.append(key, told);
    draw();
  });
};

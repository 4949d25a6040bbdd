/** A mask painted by hand, and what IoU, Dice and accuracy say of it. */
kinds.paint = (host, { photo, truth, found, goal, name }) => {
  const told = sentence();
  const met = challenge(host, `Paint the ${name} until Dice is at least ${goal.toFixed(2)}. How large is IoU then?`);
  pixels(truth, (shape, values, width) => pixels(found, (_, answers) => pixels(photo, (picture) => {
    const height = values.length / 4 / width;
    const real = Array.from({ length: width * height }, (_, n) => values[4 * n] === 100); // 200: outline
    const network = Array.from(real, (_, n) => answers[4 * n] === 100);
    const mask = new Uint8Array(width * height);
    const now = { x: width / 2, y: height / 2, radius: Math.round(width / 16), erase: false, down: false, border: false, own: true };
    const canvas = html("canvas", { width: 3 * width, height: 3 * height, tabindex: "0", role: "application", class: "touch-large-photo" });
    const dab = () => {
      for (let y = Math.max(0, Math.floor(now.y - now.radius)); y < Math.min(height, now.y + now.radius + 1); y++)
        for (let x = Math.max(0, Math.floor(now.x - now.radius)); x < Math.min(width, now.x + now.radius + 1); x++)
          if (Math.hypot(x - now.x, y - now.y) <= now.radius) mask[y * width + x] = now.erase ? 0 : 1;
    };
    const layer = html("canvas", { width, height });
    const draw = () => {
      const pen = canvas.getContext("2d"), small = layer.getContext("2d"), image = small.createImageData(width, height);
      mask.forEach((on, n) => {
        const rim = now.border && real[n] && ![n - 1, n + 1, n - width, n + width].every((m) => real[m]);
        image.data.set(rim ? [0, 0, 0, 255] : [230, 97, 0, on ? 150 : 0], 4 * n);
      });
      small.putImageData(image, 0, 0);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(layer, 0, 0, canvas.width, canvas.height);
      for (const [ink, line] of [["#000", 3], ["#fff", 1.5]]) {
        pen.strokeStyle = ink;
        pen.lineWidth = line;
        pen.beginPath();
        pen.arc(3 * now.x, 3 * now.y, 3 * now.radius, 0, 7);
        pen.stroke();
      }
      say();
    };
    const say = () => {
      let [both, either, own, all, right] = [0, 0, 0, 0, 0];
      mask.forEach((on, n) => {
        both += on && real[n] ? 1 : 0;
        either += on || real[n] ? 1 : 0;
        own += on;
        all += real[n] ? 1 : 0;
        right += Boolean(on) === real[n] ? 1 : 0;
      });
      const [iou, dice] = [both / either, (2 * both) / (own + all)];
      told.textContent = `${now.own ? "Painted" : "Begun by the network"}: ${count(own, "pixel")}, ${both.toLocaleString("en")} of them among the ${all.toLocaleString("en")} of the ${name}. IoU ${iou.toFixed(2)}, Dice ${dice.toFixed(2)}; ${percent(right / mask.length)} of all pixels are right. The brush has a radius of ${now.radius}.`;
      canvas.setAttribute("aria-label", `the picture to paint; brush at ${Math.round(now.x)}, ${Math.round(now.y)}, ${now.down ? "down" : "up"}; arrow keys move it, the space bar sets it down and takes it up`);
      met(now.own && dice >= goal, `IoU is ${iou.toFixed(2)}, and always Dice / (2 \u2212 Dice): one number in two dresses. Painting nothing had ${percent(1 - all / mask.length)} of the pixels right.`);
    };
    pressed(canvas, (x, y) => {
      Object.assign(now, { x: x * width, y: y * height });
      dab();
      draw();
    });
    arrows(canvas, (dx, dy, far) => {
      Object.assign(now, { x: clamp(now.x + dx * (far ? 12 : 3), 0, width), y: clamp(now.y + dy * (far ? 12 : 3), 0, height) });
      if (now.down) dab();
      draw();
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      now.down = !now.down;
      if (now.down) dab();
      draw();
    });
    host.append(canvas, html("p", { class: "touch-hint" }, `Paint with mouse or finger. By keys: choose the picture with the Tab key, the space bar sets the brush down or takes it up, arrow keys move it (with Shift farther). A rim that belongs to a third class does not count as ${name}.`));
    slider(host, "radius of the brush", { low: 1, high: Math.round(width / 6), step: 1, value: now.radius, text: (v) => `${v} px` }, (v) => { now.radius = v; draw(); }).update();
    choice(host, "brush", ["paints", "erases"], (k) => (now.erase = k === 1));
    const row = html("p");
    button(row, "Begin anew", () => { mask.fill(0); now.own = true; draw(); });
    button(row, "The network's mask", () => { mask.set(network.map(Number)); now.own = false; draw(); });
    button(row, "Show the true border", () => { now.border = !now.border; draw(); });
    host.append(row, told);
  })));
};

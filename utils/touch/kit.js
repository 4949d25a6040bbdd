// What figures to touch share. Each is made from numbers that the notebook's run wrote, and needs
// no server and nothing from outside; every control is a slider, a button or moved by arrow keys.
// These scripts stand inside a page too: the mark that ends a script must not occur in them.
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
    changed(Number(input.value)); // it may put another value in its place
    shown.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
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
  pressed(root, (share, _, first) => {
    const x = share * root.viewBox.baseVal.width;
    moved(low + clamp((x - X(low)) / (X(high) - X(low))) * (high - low), first);
  });
  Object.assign(root.style, { cursor: "ew-resize", touchAction: "pan-y", userSelect: "none" });
}

/** Make a plot with axes; x and y are [low, high]. Returns the drawing and both scales. */
function plot(width, height, { x, y, xlabel, ylabel, ticks }) {
  const [left, right, top, bottom] = [74, 18, 10, 52]; // room for the larger words of a phone
  const X = (v) => left + ((v - x[0]) / (x[1] - x[0])) * (width - left - right);
  const Y = (v) => height - bottom - ((v - y[0]) / (y[1] - y[0])) * (height - top - bottom);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "plot", style: `flex: ${width} 1 0`, "aria-label": `plot of ${ylabel} against ${xlabel}` });
  const line = (d) => svg("path", { d, class: "axis" });
  root.append(line(`M${X(x[0])},${Y(y[1])}V${Y(y[0])}H${X(x[1])}`));
  for (let i = 0; i <= 4; i++) {
    const [vx, vy] = [x[0] + (i / 4) * (x[1] - x[0]), y[0] + (i / 4) * (y[1] - y[0])];
    const digits = Math.max(0, 2 - Math.floor(Math.log10(x[1] - x[0])));
    if (!ticks) root.append(svg("text", { x: X(vx), y: Y(y[0]) + 20, "text-anchor": "middle" }, vx.toFixed(Math.min(2, digits))));
    if (ylabel) root.append(svg("text", { x: left - 6, y: Y(vy) + 4, "text-anchor": "end" }, y[1] > 4 ? vy.toFixed(0) : vy.toFixed(2)));
  }
  for (const [at, name] of ticks ?? []) root.append(line(`M${X(at)},${Y(y[0])}v5`), svg("text", { x: X(at), y: Y(y[0]) + 22, "text-anchor": "middle" }, name));
  root.append(svg("text", { x: (X(x[0]) + X(x[1])) / 2, y: height - 6, "text-anchor": "middle" }, xlabel));
  if (ylabel) {
    const middle = (Y(y[0]) + Y(y[1])) / 2;
    root.append(svg("text", { x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` }, ylabel));
  }
  // Words keep their size on a phone as far as the margins allow.
  new ResizeObserver(() => root.style.setProperty("--words", `${clamp((12 * width) / root.clientWidth, 12, 18)}px`)).observe(root);
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

const clamp = (v, low = 0, high = 1) => Math.min(high, Math.max(low, v));

/** Make a labelled list to choose from; calls back with the place of what is chosen. */
function choice(host, label, names, changed) {
  const list = html("select", {}, ...names.map((name, i) => html("option", { value: i }, name)));
  list.addEventListener("change", () => changed(Number(list.value)));
  host.append(html("p", {}, html("label", {}, `${label} `, list)));
  return list;
}

/** Make a button in a row of buttons. */
function button(row, name, pressed) {
  const made = html("button", { type: "button" }, name);
  made.addEventListener("click", pressed);
  row.append(made, " ");
}

/** Call back with a picture, its pixels (four numbers each) and its width, once it is there. */
function pixels(address, ready) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = html("canvas", { width: image.width, height: image.height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    ready(image, pen.getImageData(0, 0, image.width, image.height).data, image.width);
  });
  image.src = address;
}

/** Let an element be pressed and dragged: call back with the place in shares of a frame's sides. */
function pressed(element, moved, frame = element) {
  let held = false;
  const at = (event, first) => {
    const box = frame.getBoundingClientRect();
    moved(clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height), first);
  };
  element.style.touchAction = "none";
  element.addEventListener("pointerdown", (event) => {
    held = true;
    element.setPointerCapture(event.pointerId);
    at(event, true);
  });
  element.addEventListener("pointermove", (event) => held && at(event, false));
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (held = false));
}

/** Make the sentence that says what happened, to be put below a figure. */
const sentence = () => html("p", { class: "touch-told", "aria-live": "polite" });

/** Write a number with its noun: 1 turn, 2 turns. */
const count = (n, noun, many = `${noun}s`) => `${n.toLocaleString("en")} ${n === 1 ? noun : many}`;

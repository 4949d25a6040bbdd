// A figure in a frame of JupyterLab: the theme of the page around it, and as much height as it takes.
const around = window.frameElement?.ownerDocument.body;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => {
  const light = around?.dataset.jpThemeLight; // JupyterLab's word; elsewhere the system's counts
  const dark = light ? light === "false" : prefersDark.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
};
dress();
prefersDark.addEventListener("change", dress);
if (around) {
  new MutationObserver(dress).observe(around, { attributeFilter: ["data-jp-theme-light"] });
  const grow = () => (window.frameElement.style.height = `${document.body.offsetHeight}px`);
  new ResizeObserver(grow).observe(document.body);
}

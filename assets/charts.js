// Draws every Vega-Lite specification of a page: <div data-chart="{…}">. Expressions are
// interpreted, never compiled, so that the Content-Security-Policy needs no `unsafe-eval`.
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";

async function draw(box) {
  const spec = JSON.parse(box.dataset.chart);
  const wide = Math.max(240, Math.floor(box.getBoundingClientRect().width));
  if (spec.width === "container") spec.width = wide;
  const view = new View(parse(compile(spec).spec, {}, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: box,
    hover: true,
    loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
  });
  await view.runAsync();
  box.dataset.drawn = "yes";
}

// A specification carries its rows: nothing is ever fetched.
async function refuse() {
  throw new Error("charts load nothing");
}

function drawAll(root) {
  for (const box of root.querySelectorAll("[data-chart]:not([data-drawn])")) draw(box);
}

document.addEventListener("htmx:load", (event) => drawAll(event.target));
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
} else {
  drawAll(document);
}

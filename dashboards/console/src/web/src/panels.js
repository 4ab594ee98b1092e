import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const drawn = new Map();

/** Draws every panel the server offers; one that has no data yet says so. */
export async function drawPanels(api, container, minutes) {
  for (const panel of await api.get("/api/panels")) {
    if (!drawn.has(panel.name)) {
      drawn.set(panel.name, frame(container, panel));
    }
    const specification = await api.get(`/api/panels/${panel.name}?minutes=${minutes}`);
    await draw(drawn.get(panel.name), specification);
  }
}

function frame(container, panel) {
  const card = document.createElement("section");
  card.className = "card panel";
  card.id = `panel-${panel.name}`;
  const title = document.createElement("h2");
  title.textContent = panel.title;
  const figure = document.createElement("figure");
  const note = document.createElement("p");
  note.textContent = panel.description;
  card.append(title, figure, note);
  container.append(card);
  return { figure, view: null };
}

async function draw(slot, specification) {
  slot.view?.finalize();
  slot.view = null;
  if (specification.data.values.length === 0) {
    const empty = document.createElement("div");
    empty.className = "empty";
    empty.textContent = "Nothing in this range";
    slot.figure.replaceChildren(empty);
    return;
  }
  const { title, description, ...chart } = specification;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const text = dark ? "#94a2b0" : "#5b6875";
  const rule = dark ? "#2a343f" : "#e6eaee";
  const result = await embed(
    slot.figure,
    { ...chart, width: "container", height: 220, autosize: { type: "fit", contains: "padding" } },
    {
      actions: false,
      renderer: "svg",
      // The page's content policy forbids generated code: expressions are interpreted.
      ast: true,
      expr: expressionInterpreter,
      config: {
        background: "transparent",
        view: { stroke: null },
        font: "system-ui, sans-serif",
        axis: { labelColor: text, titleColor: text, gridColor: rule, domainColor: rule, tickColor: rule, titleFontWeight: "normal" },
        legend: { labelColor: text, orient: "bottom", columns: 4, symbolType: "circle" },
      },
    },
  );
  slot.view = result.view;
}

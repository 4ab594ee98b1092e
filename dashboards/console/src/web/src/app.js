import { Api, Refused } from "./api.js";
import { drawPanels } from "./panels.js";
import { drawEvents, drawFindings, drawLog, drawParts, drawTotals, health } from "./view.js";

const STATE_EVERY_MS = 2000;
const PANELS_EVERY_MS = 10000;

const byId = (id) => document.getElementById(id);
const api = new Api(takeToken());
let timers = [];

/** A link may carry the token in its fragment, which no server sees; it is taken out of the address at once. */
function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token) {
    sessionStorage.setItem("token", token);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("token");
}

function showDoor(reason) {
  timers.forEach(clearInterval);
  timers = [];
  sessionStorage.removeItem("token");
  byId("house").hidden = true;
  byId("leave").hidden = true;
  byId("door").hidden = false;
  byId("refused").textContent = reason;
  pulse("signed out", "");
}

function pulse(text, tone) {
  byId("pulse").textContent = text;
  byId("pulse").className = `pulse ${tone}`;
}

async function guarded(step) {
  try {
    await step();
  } catch (error) {
    if (error instanceof Refused) {
      showDoor(error.message);
    } else {
      pulse(error.message, "bad");
    }
  }
}

async function refreshState() {
  const state = await api.get("/api/state");
  drawTotals(state.counts);
  drawParts(state.parts);
  drawLog(state.log);
  const troubled = Object.entries(state.parts).filter(([, part]) => health(part) !== "UP").map(([name]) => name);
  pulse(troubled.length ? `needs attention: ${troubled.join(", ")}` : "all parts up", troubled.length ? "bad" : "good");
  const [findings, events] = await Promise.all([api.get("/api/findings?size=20"), api.get("/api/events?size=20")]);
  drawFindings(findings);
  drawEvents(events);
}

const refreshPanels = () => drawPanels(api, byId("panels"), byId("minutes").value);

async function enter() {
  byId("door").hidden = true;
  await guarded(async () => {
    await refreshState();
    byId("house").hidden = false;
    byId("leave").hidden = false;
    await refreshPanels();
    document.body.dataset.ready = "true";
    timers.push(setInterval(() => guarded(refreshState), STATE_EVERY_MS));
    timers.push(setInterval(() => guarded(refreshPanels), PANELS_EVERY_MS));
  });
}

byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = byId("token").value.trim();
  byId("token").value = "";
  sessionStorage.setItem("token", token);
  api.token = token;
  enter();
});
byId("leave").addEventListener("click", () => showDoor(""));
byId("minutes").addEventListener("change", () => guarded(refreshPanels));

if (api.token) {
  enter();
} else {
  showDoor("");
}

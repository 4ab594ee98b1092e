const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
const SEVERITY = { 1: "info", 2: "low", 3: "medium", 4: "high", 5: "critical", 6: "fatal" };
const SEVERITY_TONE = { 3: "warn", 4: "bad", 5: "bad", 6: "bad" };

const show = (value) => (value === null || value === undefined ? "–" : number.format(value));

/** The four totals; a dash where the index could not say. */
export function drawTotals(counts) {
  for (const name of ["operations", "observed", "failing", "alerts"]) {
    byId(`count-${name}`).textContent = show(counts[name]);
  }
}

/** Each part with its own word on its health. */
export function drawParts(parts) {
  const items = Object.entries(parts).map(([name, part]) => {
    const item = document.createElement("li");
    const status = health(part);
    item.className = status.toLowerCase();
    item.append(element("span", "dot"), element("span", "name", name), element("span", "fact", fact(part, status)));
    item.title = JSON.stringify(part);
    return item;
  });
  byId("parts").replaceChildren(...items);
}

/** UP, DEGRADED or DOWN. OpenSearch speaks in colours; on one node yellow is as good as it gets. */
export function health(part) {
  const word = (part.status ?? "").toUpperCase();
  if (word === "UP" || word === "GREEN" || word === "YELLOW") {
    return "UP";
  }
  return word === "DEGRADED" ? "DEGRADED" : "DOWN";
}

function fact(part, status) {
  if (part.reason) {
    return part.reason;
  }
  if (typeof part.lag === "number" && part.lag >= 0) {
    return `${status.toLowerCase()}, ${number.format(part.lag)} waiting`;
  }
  return status.toLowerCase();
}

/** The log's head as the evidence service states it. */
export function drawLog(log) {
  byId("log-size").textContent = show(log.size);
  byId("log-root").textContent = log.root ?? "–";
  byId("log-origin").textContent = log.origin ?? log.reason ?? "–";
}

export function drawFindings(findings) {
  fill("findings", findings, "No findings yet", (finding) => {
    const result = finding.compliance?.status_id;
    const [word, tone] = result === 1 ? ["pass", "good"] : result === 3 ? ["fail", "bad"] : finding.compliance ? ["other", ""] : ["detected", "warn"];
    return [
      cell(time(finding.time), "mono"),
      chipCell(word, tone),
      chipCell(SEVERITY[finding.severity_id] ?? "–", SEVERITY_TONE[finding.severity_id] ?? ""),
      cell(finding.finding_info?.title ?? "–"),
      cell(shorten(finding.resources?.[0]?.uid), "mono"),
      cell((finding.compliance?.requirements ?? finding.attacks?.map((attack) => attack.technique.uid) ?? []).join(", "), "controls"),
    ];
  });
}

export function drawEvents(events) {
  fill("events", events, "No operations yet", (event) => {
    const denied = event.unmapped?.keyproof?.decision?.allow === false;
    const [word, tone] = event.status_id === 1 ? ["done", "good"] : denied ? ["denied", "warn"] : ["failed", "bad"];
    const exact = event.unmapped?.keyproof?.duration_us;
    return [
      cell(time(event.time), "mono"),
      cell(event.api?.operation ?? "–"),
      chipCell(word, tone),
      cell(shorten(event.actor?.user?.uid ?? event.actor?.invoked_by)),
      cell(shorten(event.resources?.[0]?.uid), "mono"),
      cell(event.metadata?.source ?? event.metadata?.log_provider ?? "–"),
      cell(exact === undefined ? "–" : (exact / 1000).toFixed(2), "num"),
    ];
  });
}

function fill(id, documents, none, cells) {
  const body = byId(id);
  if (documents.length === 0) {
    const row = document.createElement("tr");
    const only = cell(none);
    only.colSpan = 7;
    row.append(only);
    body.replaceChildren(row);
    return;
  }
  body.replaceChildren(
    ...documents.map((document_) => {
      const row = document.createElement("tr");
      row.append(...cells(document_));
      return row;
    }),
  );
}

const time = (millis) => clock.format(new Date(millis));

/** Ids keep their ends, where they differ. */
function shorten(id) {
  if (!id) {
    return "–";
  }
  return id.length <= 34 ? id : `${id.slice(0, 12)}…${id.slice(-20)}`;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

const cell = (text, className = "") => element("td", className, text);

function chipCell(text, tone) {
  const made = document.createElement("td");
  made.append(element("span", `chip ${tone}`, text));
  return made;
}

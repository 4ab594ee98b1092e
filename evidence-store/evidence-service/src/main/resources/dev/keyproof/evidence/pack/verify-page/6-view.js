/* The page. Text from a pack enters it as text only. */
const $ = (id) => document.getElementById(id);

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

let run = 0;
let current = null;

function verdict(state, title, text, code = "") {
  $("verdict").className = `card verdict ${state}`;
  $("verdict-title").textContent = title;
  $("verdict-text").textContent = text;
  $("verdict").hidden = state === "idle";
  $("verdict-code").textContent = code ? `Reason: ${code}` : "";
  $("verdict-code").hidden = !code;
  document.body.dataset.code = code;
  document.body.dataset.verdict = state;
}

function draw(verification) {
  $("checks").replaceChildren(...verification.rows.map((row) => {
    const line = element("tr", row.state, "");
    const mark = { good: "holds", bad: "fault", running: "…" }[row.state];
    const cell = element("td", "", "");
    cell.append(element("span", `chip ${row.state}`, mark));
    const what = element("td", "", "");
    what.append(element("div", "", row.what), element("div", "detail", row.detail));
    line.append(cell, element("td", "name", row.name), what);
    return line;
  }));
  $("result").hidden = false;
}

/** Shows where it is, at most some times a second, and lets the browser draw. */
function progressOf(mine, verification) {
  let shown = 0;
  return async (text) => {
    if (mine !== run) {
      throw new Unreadable("Another pack was chosen.");
    }
    if (performance.now() - shown > 120) {
      $("verdict-text").textContent = text;
      draw(verification());
      await new Promise((resolve) => { setTimeout(resolve); });
      shown = performance.now();
    }
  };
}

async function verify() {
  const [pack] = $("pack").files;
  const [anchor] = $("trust").files;
  if (!pack) {
    return;
  }
  const mine = ++run;
  current = null;
  $("lookup").hidden = true;
  $("unchecked").hidden = true;
  $("stopped").hidden = true;
  $("record").hidden = true;
  verdict("running", "Checking", "");
  let verification = null;
  try {
    const trust = anchor ? await trustFile(await anchor.text()) : null;
    verification = new Verification(trust, progressOf(mine, () => verification));
    await verification.run(pack);
    if (mine === run) {
      draw(verification);
      concluded(verification, anchor);
    }
  } catch (e) {
    if (mine === run) {
      failed(e, verification);
    }
  }
}

function concluded(verification, anchor) {
  current = verification;
  if (verification.open.length > 0) {
    verdict("warn", "Consistent in part", `What could be checked holds. Not all could: ${verification.open.join("; ")}.`);
  } else if (anchor) {
    verdict("good", "Consistent with the trust file",
      `All that this page checks holds, up to the root certificate and the log keys in ${anchor.name}. What it does not check stands below.`);
  } else {
    verdict("warn", "Consistent, signer not established",
      "Nothing that this page checks is altered, but only the pack itself says who signed it. Give the trust file as well; it must have reached you by another way than the pack.");
  }
  $("unchecked-list").replaceChildren(...verification.unchecked().map((text) => element("li", "", text)));
  $("unchecked").hidden = false;
  $("log").replaceChildren(...verification.logs.map((log, i) => {
    const option = element("option", "", log.origin);
    option.value = String(i);
    return option;
  }));
  $("log-choice").hidden = verification.logs.length < 2;
  $("lookup").hidden = verification.logs.length === 0;
}

function failed(e, verification) {
  if (verification?.rows.length > 0) {
    draw(verification);
    $("stopped").hidden = false;
  }
  if (e instanceof Fault) {
    verdict("bad", "Altered, incomplete, or not from whom the trust file names", e.message, e.code);
  } else if (e instanceof Unreadable) {
    verdict("bad", "Cannot be read", e.message);
  } else {
    verdict("bad", "Cannot be checked", `The page failed: ${e.message}`);
  }
}

async function look(event) {
  event.preventDefault();
  const log = current.logs[Number($("log").value || 0)];
  const index = $("index").value.trim() === "" ? NaN : Number($("index").value);
  const record = await log.record(index);
  $("record").hidden = false;
  $("proof").replaceChildren();
  if (!record) {
    $("record-title").textContent = `The pack carries no entry ${$("index").value} of this log`;
    const singles = [...log.records.keys()].slice(0, 20).join(", ") + (log.records.size > 20 ? " and more" : "");
    const range = log.carried && log.end > log.from ? `${log.from} to ${log.end - 1}` : "";
    $("record-json").textContent = `It carries ${[range, singles].filter((part) => part !== "").join(", and ") || "none"}.`;
    return;
  }
  const text = new TextDecoder().decode(record.entry);
  try {
    $("record-json").textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    $("record-json").textContent = text;
  }
  $("record-title").textContent = `Entry ${record.index} of ${log.origin}`;
  $("proof").append(step("leaf", hex(await leafHash(record.entry))));
  (record.steps ?? []).forEach(({ sibling, left }, i) => {
    $("proof").append(step(`${i + 1}, ${left ? "left" : "right"}`, hex(sibling)));
  });
  $("proof").append(record.steps ? step("root", hex(log.root)) : step("fault", "the path does not lead to the root"));
}

function step(label, value) {
  const row = element("tr", "", "");
  row.append(element("td", "name", label), element("td", "mono", value));
  return row;
}

for (const name of ["pack", "trust"]) {
  $(name).addEventListener("change", verify);
}
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer.files) {
    const one = new DataTransfer();
    one.items.add(file);
    $(file.name.endsWith(".zip") ? "pack" : "trust").files = one.files;
  }
  verify();
});
$("find").addEventListener("submit", look);
if (!globalThis.crypto?.subtle) {
  verdict("bad", "Cannot be checked", "This browser gives pages opened from disk no WebCrypto. Use another, or keyproof verify.");
}

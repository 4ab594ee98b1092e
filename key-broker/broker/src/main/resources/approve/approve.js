"use strict";
// What is shown is read from the statement itself, for that is what the passkey signs; the parameters, of which it holds the
// digest alone, are shown only if they are those.

const element = (id) => document.getElementById(id);
const bytes = (text) => new TextEncoder().encode(text);
const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text)));
const hex = (octets) => [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const octets = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

let token = "";
let open = null;

function say(text, state) {
  element("message").textContent = text;
  element("message").dataset.state = state;
}

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    cache: "no-store",
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) {
    throw new Error(`${value.title}${value.detail ? `: ${value.detail}` : ""}`);
  }
  return value;
}

// Canonical JSON (RFC 8785) of texts, whole numbers and truth values: the members by name, nothing between them.
function canonical(flat) {
  const names = Object.keys(flat).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(flat[name])}`).join(",")}}`;
}

async function show(id) {
  const approval = await call("GET", `/v1/approvals/${encodeURIComponent(id)}`);
  const stated = JSON.parse(approval.statement);
  const digest = `sha256:${hex(await sha256(canonical(approval.parameters)))}`;
  if (stated.id !== id || stated.parameters !== digest) {
    throw new Error("The request is not what its statement says; do not approve it");
  }
  const parameters = Object.entries(approval.parameters).map(([name, value]) => `${name} = ${value}`);
  const facts = {
    Operation: stated.operation,
    Key: stated.key || "none",
    Parameters: parameters.join(", ") || "none",
    Change: stated.change,
    "Asked for by": stated.requester,
    Expires: new Date(stated.exp * 1000).toISOString(),
    For: stated.aud,
    "Approved by": approval.approvers.join(", ") || "nobody yet",
    "Approvals needed": approval.quorum,
  };
  element("facts").replaceChildren(
    ...Object.entries(facts).flatMap(([name, value]) => {
      const term = document.createElement("dt");
      const fact = document.createElement("dd");
      term.textContent = name;
      fact.textContent = value;
      fact.dataset.fact = name;
      return [term, fact];
    }),
  );
  element("statement").textContent = approval.statement;
  open = approval;
  element("request").hidden = false;
}

async function list() {
  const { approvals } = await call("GET", "/v1/approvals");
  const waiting = approvals.filter((approval) => !approval.used && Date.parse(approval.expires) > Date.now());
  element("requests").replaceChildren(
    ...waiting.map((approval) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.textContent = `${approval.operation} ${approval.key} (${approval.change})`;
      button.dataset.id = approval.id;
      button.addEventListener("click", () => attempt(() => show(approval.id)));
      item.append(button);
      return item;
    }),
  );
  element("sign-in").hidden = true;
  element("register").hidden = false;
  say(waiting.length === 0 ? "Nothing waits for approval." : "", "");
}

async function approve() {
  // What is shown now; another may be opened while the passkey is asked.
  const shown = open;
  const { rpId, approvers } = await call("GET", "/v1/approvers");
  const assertion = await navigator.credentials.get({
    publicKey: {
      challenge: await sha256(shown.statement),
      allowCredentials: approvers
        .filter((approver) => approver.credential)
        .map((approver) => ({ type: "public-key", id: octets(approver.credential) })),
      rpId,
      userVerification: "required",
      timeout: 120000,
    },
  });
  const { clientDataJSON, authenticatorData, signature } = assertion.response;
  const approval = await call("POST", `/v1/approvals/${shown.id}/signatures`, {
    webauthn: {
      credential: base64url(assertion.rawId),
      clientDataJSON: base64url(clientDataJSON),
      authenticatorData: base64url(authenticatorData),
      signature: base64url(signature),
    },
  });
  await show(shown.id);
  say(`Approved; ${approval.approvers.length} of ${approval.quorum}.`, "good");
}

async function withdraw() {
  const shown = open;
  await call("POST", `/v1/approvals/${shown.id}:withdraw`, {});
  await show(shown.id);
  say("Withdrawn.", "good");
}

// The passkey is bound to who is to be an approver of whom; others approve its enrolment.
async function register() {
  const approver = element("approver").value.trim();
  const { audience, rpId } = await call("GET", "/v1/approvers");
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: await sha256(canonical({ approver, aud: audience, operation: "EnrolApprover" })),
      rp: { id: rpId, name: "Keyproof" },
      user: { id: await sha256(approver), name: approver, displayName: approver },
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -8 },
      ],
      authenticatorSelection: { userVerification: "required" },
      attestation: element("hard").checked ? "direct" : "none",
      timeout: 120000,
    },
  });
  const asked = await call("POST", "/v1/approvers", {
    approver,
    roles: element("roles").value.trim().split(/\s+/),
    change: element("change").value.trim(),
    webauthn: {
      clientDataJSON: base64url(made.response.clientDataJSON),
      attestationObject: base64url(made.response.attestationObject),
    },
  });
  await show(asked.id);
  say(`Asked for as ${asked.id}; ${asked.quorum} others must approve.`, "good");
}

async function attempt(step) {
  try {
    say("", "");
    await step();
  } catch (fault) {
    say(fault.message, "bad");
  }
}

async function begin() {
  await list();
  const asked = new URLSearchParams(location.search).get("id");
  if (asked) {
    await show(asked);
  }
}

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element("token").value.trim();
  element("token").value = "";
  attempt(begin);
});
element("approve").addEventListener("click", () => attempt(approve));
element("withdraw").addEventListener("click", () => attempt(withdraw));
element("register").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(register);
});

/* Certificates as far as this page reads them, ECDSA and Ed25519 by WebCrypto, and C2SP verifier keys. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ECDSA_SHA256 = "06082a8648ce3d040302";
const COMMON_NAME = "0603550403";

/** One DER element: its tag, and where it, its content and its end are. */
function der(bytes, at) {
  let length = bytes[at + 1];
  let from = at + 2;
  if (length & 0x80) {
    const octets = length & 0x7f;
    length = 0;
    for (let i = 0; i < octets; i++) {
      length = length * 256 + bytes[from++];
    }
  }
  const end = from + length;
  if (!(end <= bytes.length)) {
    throw new RangeError("DER runs past its end");
  }
  return { tag: bytes[at], at, from, end, all: bytes.subarray(at, end), content: bytes.subarray(from, end) };
}

function children(bytes, element) {
  const list = [];
  for (let at = element.from; at < element.end; at = list[list.length - 1].end) {
    list.push(der(bytes, at));
  }
  return list;
}

/** Certificate policies (2.5.29.32), and that of whoever signs packs. */
const POLICIES = "0603551d20";
const PACK_POLICY = "2.25.65734375842519584931604011582239269110";
const PACK_ROLE = "061369e2f3fdbcf6b4b2adffaecab9c0f4e28fc176";

/** The policies that the extensions, the last part of a certificate, name. */
function policies(bytes, extensions) {
  if (extensions.tag !== 0xa3) {
    return [];
  }
  for (const extension of children(bytes, children(bytes, extensions)[0])) {
    const parts = children(bytes, extension);
    if (hex(parts[0].all) === POLICIES) {
      const list = der(bytes, parts[parts.length - 1].from);
      return children(bytes, list).map((policy) => hex(children(bytes, policy)[0].all));
    }
  }
  return [];
}

/** Names, key, policies and signature of a certificate; nothing else in it is looked at. */
function certificate(bytes) {
  const outer = der(bytes, 0);
  const [tbs, algorithm, signature] = children(bytes, outer);
  const parts = children(bytes, tbs).filter((part) => part.tag !== 0xa0);
  const [, , issuer, , subject, spki] = parts;
  let name = hex(subject.all);
  for (const set of children(bytes, subject)) {
    for (const pair of children(bytes, set)) {
      const [type, value] = children(bytes, pair);
      if (hex(type.all) === COMMON_NAME) {
        name = new TextDecoder().decode(value.content);
      }
    }
  }
  return {
    der: bytes, name, policies: policies(bytes, parts[parts.length - 1]), tbs: tbs.all, issuer: issuer.all, subject: subject.all, spki: spki.all,
    algorithm: hex(algorithm.content).slice(0, ECDSA_SHA256.length), signature: signature.content.subarray(1),
  };
}

/** PEM certificates in the one form that a pack takes: 64 columns, nothing between. */
function certificates(text, file) {
  const begin = "-----BEGIN CERTIFICATE-----\n";
  const end = "-----END CERTIFICATE-----\n";
  const list = [];
  let again = "";
  for (const block of text.split(end).slice(0, -1)) {
    const bytes = block.startsWith(begin) ? unbase64(block.slice(begin.length).replaceAll("\n", "")) : null;
    if (!bytes) {
      throw new Fault("certificate-form", file, "not a chain of certificates: not PEM certificates and nothing else");
    }
    again += `${begin}${base64(bytes).replace(/.{64}(?=.)/g, "$&\n")}\n${end}`;
    try {
      list.push(certificate(bytes));
    } catch {
      throw new Fault("certificate-form", file, "not a chain of certificates: one cannot be read");
    }
  }
  if (again !== text || list.length === 0) {
    throw new Fault("certificate-form", file, "not a chain of certificates: not in canonical form");
  }
  return list;
}

const number = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);

/** r and s side by side, as WebCrypto wants them; null unless it is DER and, where asked for, s is the lower one. */
function rawSignature(bytes, lowS) {
  try {
    const outer = der(bytes, 0);
    const parts = children(bytes, outer);
    const canonicalInteger = ({ tag, content }) =>
      tag === 2 && content.length > 0 && !(content[0] & 0x80) && !(content.length > 1 && content[0] === 0 && !(content[1] & 0x80));
    if (outer.tag !== 0x30 || outer.end !== bytes.length || bytes[1] & 0x80 || parts.length !== 2 || !parts.every(canonicalInteger)) {
      return null;
    }
    const [r, s] = parts.map((part) => number(part.content));
    if (r >= ORDER || s >= ORDER || (lowS && s > ORDER >> 1n)) {
      return null;
    }
    return Uint8Array.from(`${r.toString(16).padStart(64, "0")}${s.toString(16).padStart(64, "0")}`.match(/../g), (b) => parseInt(b, 16));
  } catch {
    return null;
  }
}

/** True if the DER signature is the P-256 key's over the message, with SHA-256. */
async function ecdsa(spki, signature, message, lowS) {
  const raw = rawSignature(signature, lowS);
  if (!raw) {
    return false;
  }
  try {
    const key = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw, message);
  } catch {
    return false;
  }
}

/** True or false; null where the browser has no Ed25519. */
async function ed25519(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch (e) {
    return e.name === "NotSupportedError" ? null : false;
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

/** A C2SP verifier key: name+id+base64(type and key). */
async function verifierKey(line, file) {
  const parts = line.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
  const typed = parts && unbase64(parts[3]);
  if (!typed || typed.length < 2) {
    throw new Fault("log-key-form", file, `a verifier key is name+hexid+base64: ${line}`);
  }
  const [, name, id] = parts;
  const [type, key] = [typed[0], typed.subarray(1)];
  if (type !== 1 && type !== 2) {
    throw new Fault("log-key-form", file, `unknown signature type ${type}`);
  }
  const named = type === 1 ? concat(ascii(`${name}\n`), typed) : key;
  if (hex((await sha256(named)).subarray(0, 4)) !== id) {
    throw new Fault("log-key-form", file, `the id of a verifier key is not that of its key: ${line}`);
  }
  return { line, name, id, type, key };
}

/** The trust file: roots of signers, and the logs' keys with their bounds. The page has no use for the rest, and says so of witnesses. */
async function trustFile(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const trust = { signers: [], logKeys: [], witnesses: false };
  const refuse = (line, reason) => new Unreadable(`Not a trust file: line ${line + 1}: ${reason}.`);
  let form = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === "" || line.startsWith("#")) {
      continue;
    }
    if (!form) {
      if (line !== "keyproof-trust/v1") {
        throw refuse(i, "a trust file begins with keyproof-trust/v1");
      }
      form = true;
    } else if (line === "signer" || line === "time-stamp-authority") {
      const from = i;
      let pem = "";
      do {
        i++;
        if (i >= lines.length) {
          throw refuse(from, "no certificate follows");
        }
        pem += `${lines[i]}\n`;
      } while (!lines[i].startsWith("-----END"));
      if (line === "signer") {
        try {
          trust.signers.push(...certificates(pem, "trust file"));
        } catch {
          throw refuse(from, "the certificate that follows cannot be read");
        }
      }
    } else if (line.startsWith("log ")) {
      const [vkey, until] = line.slice(4).split(" until ");
      if (until !== undefined && !/^(0|[1-9][0-9]{0,17})$/.test(until)) {
        throw refuse(i, "a log's key is good until a number of entries");
      }
      trust.logKeys.push({ vkey, until: until === undefined ? Infinity : Number(until) });
    } else if (line.startsWith("witnesses ")) {
      trust.witnesses = true;
    } else if (!/^(approver|audience) /.test(line)) {
      throw refuse(i, "neither signer, time-stamp-authority, log, witnesses, audience nor approver");
    }
  }
  if (!form) {
    throw refuse(0, "a trust file begins with keyproof-trust/v1");
  }
  return trust;
}

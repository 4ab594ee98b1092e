/* The checks, in their order; each is a row on the page. Nothing is read before what vouches for it was checked. */
const DSSE_TYPE = "application/vnd.keyproof.manifest+json";
const SIGNATURES = ["manifest.json", "manifest.p7s", "manifest.dsse.json", "time/manifest.tsr"];

/** At least one log, each of its own origin in the folder of its own year. */
function requireDistinct(logs, file) {
  const refuse = (code, reason) => new Fault(code, file, reason, "logs");
  const origins = new Set();
  const paths = new Set();
  for (const { origin, path } of logs) {
    if (origins.has(origin)) {
      throw refuse("log-twice", `the log ${origin} stands twice`);
    }
    if (paths.has(path)) {
      throw refuse("log-folder", `two logs stand in the folder ${path}`);
    }
    if (!/^log\/[0-9]{4}$/.test(path)) {
      throw refuse("log-folder", "a log stands in another folder than log/YEAR");
    }
    if (!String(origin).endsWith(path.slice(path.lastIndexOf("/")))) {
      throw refuse("wrong-year", `the log ${origin}, whose name ends in its year, stands in ${path}`);
    }
    origins.add(origin);
    paths.add(path);
  }
  if (logs.length === 0) {
    throw refuse("log-none", "there is none, so there is nothing to prove");
  }
}

/** The years and entries that a scope names; null where it is of no form that there is. */
function scopeParts(scope) {
  const { kind, key, actor, operation, case: ofCase, framework, since, until, years } = scope;
  const time = (value) => value === undefined || (typeof value === "string" && /^\d{4}-\d\d-\d\dT[0-9:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)));
  const period = time(since) && time(until) && (until === undefined || Date.parse(since) < Date.parse(until));
  const index = (value) => Number.isSafeInteger(value) && value >= 0;
  const name = (value) => value === undefined || (typeof value === "string" && value !== "");
  const parts = (Array.isArray(years) ? years : [scope]).map(({ year, from = 0, to }) => ({ year, from, to }));
  const sound = parts.length > 0 && parts.every(({ year, from, to }, i) => Number.isSafeInteger(year) && index(from)
    && (to === undefined || (index(to) && to >= from)) && (i === 0 || parts[i - 1].year < year));
  const subjects = [key, actor, operation, ofCase];
  const one = subjects.filter((subject) => subject !== undefined).length === { range: 0, records: 1 }[kind];
  const whole = ofCase === undefined || (since === undefined && parts.every(({ from, to }) => from === 0 && to === undefined));
  if (!sound || !one || !whole || !period || ![...subjects, framework].every(name)) {
    return null;
  }
  const given = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
  const stated = (part, always) => given({ ...part, from: always || part.from > 0 ? part.from : undefined });
  const asked = parts.length > 1 ? { years: parts.map((part) => stated(part, true)) } : stated(parts[0], kind === "range");
  return canonical(given({ kind, key, actor, operation, case: ofCase, framework, since, until, ...asked })) === canonical(scope) ? parts : null;
}

class Verification {
  constructor(trust, progress) {
    this.trust = trust;
    this.progress = progress;
    this.rows = [];
    this.open = [];
    this.logs = [];
  }

  /** Runs all checks; a fault ends them. */
  async run(blob) {
    await this.step("Form", "the zip, byte for byte in its one form", async () => {
      this.zip = await Zip.read(blob, this.progress);
      if (!this.zip.has("manifest.json")) {
        throw new Unreadable("Not a pack: a zip without manifest.json.");
      }
      return `${this.zip.files.size} files, ${blob.size.toLocaleString("en")} bytes`;
    });
    await this.step("Manifest", "manifest.json, and size and SHA-256 of every file", () => this.everyFile());
    await this.step("Signature", "manifest.dsse.json, ECDSA P-256 by the key in trust/signer.pem", () => this.signature());
    await this.step("Signer", "role, each certificate signed by the next, and the root", () => this.signer());
    await this.step("Scope", "what the manifest says was asked for, and the logs that are here", () => this.scope());
    const keys = await this.logKeys();
    for (const stated of this.manifest.logs) {
      const log = new Log(this.zip, stated, keys);
      const part = this.parts.find((one) => log.path === `log/${one.year}`);
      log.carried = part !== undefined && this.manifest.scope.kind === "range";
      log.end = part?.to ?? log.size;
      this.logs.push(log);
      await this.step("Checkpoint", `${log.path}/checkpoint, by every key of the log`, async () => {
        await log.checkpoint(this.trust);
        this.open.push(...log.unsupported);
        const named = this.trust ? "which the trust file names" : "of which only the pack speaks";
        return `${log.size.toLocaleString("en")} entries, signed by ${log.keys.length} keys, ${named}`;
      });
    }
    if (this.zip.has("records.ndjson")) {
      await this.step("Records", "the inclusion proof of each record in records.ndjson", async () => {
        const count = await singleRecords(await this.zip.bytes("records.ndjson"), this.logs, this.progress);
        return `${count.toLocaleString("en")} records lead to the root that was signed`;
      });
    }
    const surplus = this.logs.filter((log) => !log.carried).flatMap((log) => this.zip.under(`${log.path}/tile`))[0];
    if (surplus) {
      throw new Fault("tile-surplus", surplus, "does not belong beside single records");
    }
    for (const log of this.logs.filter((one) => one.carried).sort((a, b) => (a.path < b.path ? -1 : 1))) {
      await this.step("Entries", `every entry and tile of ${log.path}, up to the signed root`, async () => {
        const count = await log.tilesAndEntries(this.progress);
        return `${count.toLocaleString("en")} entries lead to the root that was signed`;
      });
    }
  }

  async step(name, what, check) {
    const row = { name, what, state: "running", detail: "" };
    this.rows.push(row);
    await this.progress(what);
    try {
      row.detail = await check();
      row.state = "good";
    } catch (e) {
      row.state = "bad";
      row.detail = e.message;
      throw e;
    }
  }

  async everyFile() {
    const file = "manifest.json";
    this.manifestBytes = await this.zip.bytes(file);
    const manifest = canonicalObject(this.manifestBytes, file, "manifest");
    if (!["pack/v1", "pack/v2"].includes(manifest.keyproof)) {
      throw new Fault("manifest-form", file, "not a manifest of the form pack/v1 or pack/v2", "keyproof");
    }
    const object = (value) => value && typeof value === "object" && !Array.isArray(value);
    if (!object(manifest.scope) || !Array.isArray(manifest.logs) || !Array.isArray(manifest.policies) || !object(manifest.files)) {
      throw new Fault("manifest-form", file, "scope, logs, policies or files is missing");
    }
    for (const log of manifest.logs) {
      const root = typeof log.root === "string" ? unbase64(log.root) : null;
      if (!root || root.length !== 32 || !Number.isSafeInteger(log.from) || !Number.isSafeInteger(log.size) || log.from < 0 || log.size < log.from) {
        throw new Fault("manifest-form", file, "size, from or root of a log makes no sense", "logs");
      }
    }
    requireDistinct(manifest.logs, file);
    const known = {
      keyproof: manifest.keyproof, scope: manifest.scope, policies: manifest.policies,
      logs: manifest.logs.map(({ origin, path, from, size, root }) => ({ origin, path, from, size, root })),
      files: Object.fromEntries(Object.entries(manifest.files).map(([name, { size, sha256 }]) => [name, { size, sha256 }])),
    };
    const differs = mismatch(this.manifestBytes, ascii(canonical(known)));
    if (differs >= 0) {
      throw new Fault("manifest-unknown", file, "holds something that the form does not know", `byte ${differs}`);
    }
    this.parts = scopeParts(manifest.scope);
    if (this.parts === null) {
      throw new Fault("scope-form", file, "neither entries of one year or of several, nor the records of a key, an actor, an operation or a case among them", "scope");
    }
    this.manifest = manifest;
    for (const name of this.zip.files.keys()) {
      if (!SIGNATURES.includes(name) && !Object.hasOwn(manifest.files, name)) {
        throw new Fault("file-not-listed", name, "is not listed in manifest.json");
      }
    }
    for (const [name, listed] of Object.entries(manifest.files)) {
      const there = this.zip.files.get(name);
      if (!there) {
        throw new Fault("file-missing", name, "is listed in manifest.json and not there");
      }
      if (there.size !== listed.size || there.sha256 !== listed.sha256) {
        throw new Fault("file-altered", name, "is not the file that manifest.json lists");
      }
    }
    return `${Object.keys(manifest.files).length} files are as listed`;
  }

  async signature() {
    const file = "manifest.dsse.json";
    this.chain = certificates(latin1(await this.zip.bytes("trust/signer.pem")), "trust/signer.pem");
    const bytes = await this.zip.bytes(file);
    let signature;
    try {
      signature = unbase64(JSON.parse(strictUtf8(bytes)).signatures[0].sig);
    } catch {
      throw new Fault("json-form", file, "not JSON", "envelope");
    }
    if (!signature) {
      throw new Fault("dsse-form", file, "the signature is not base64", "signatures");
    }
    const leaf = this.chain[0];
    const envelope = canonical({
      payload: base64(this.manifestBytes),
      payloadType: DSSE_TYPE,
      signatures: [{ keyid: hex(await sha256(leaf.spki)), sig: base64(signature) }],
    });
    const differs = mismatch(bytes, ascii(envelope));
    if (differs >= 0) {
      throw new Fault("dsse-form", file, "not the envelope that manifest.json and trust/signer.pem would have", `byte ${differs}`);
    }
    const signed = concat(ascii(`DSSEv1 ${DSSE_TYPE.length} ${DSSE_TYPE} ${this.manifestBytes.length} `), this.manifestBytes);
    if (!(await ecdsa(leaf.spki, signature, signed, true))) {
      throw new Fault("signature-false", file, "the signature is not the signer's over this manifest");
    }
    return `signed by ${leaf.name}`;
  }

  async logKeys() {
    const keys = [];
    for (const line of strictUtf8(await this.zip.bytes("trust/log.vkey")).split("\n").filter((text) => text !== "")) {
      keys.push(await verifierKey(line, "trust/log.vkey"));
    }
    return keys;
  }

  async signer() {
    const file = "trust/signer.pem";
    const leaf = this.chain[0];
    if (!leaf.policies.includes(PACK_ROLE)) {
      throw new Fault("signer-role", file, `the certificate of ${leaf.name} may not sign packs: it lacks the policy ${PACK_POLICY}`);
    }
    if ((await this.logKeys()).some((key) => same(key.key, leaf.spki))) {
      throw new Fault("signer-is-log-key", file, `the key of ${leaf.name} is a key of a log: it may not sign packs`);
    }
    const root = this.chain[this.chain.length - 1];
    if (!same(root.subject, root.issuer)) {
      throw new Fault("certificate-form", file, "does not end in a self-signed root");
    }
    for (let i = 0; i < this.chain.length; i++) {
      const one = this.chain[i];
      const issuer = this.chain[Math.min(i + 1, this.chain.length - 1)];
      if (one.algorithm !== ECDSA_SHA256) {
        throw new Fault("chain-not-valid", file, `the certificate of ${one.name} is signed in a way that this page does not know`);
      }
      if (!same(one.issuer, issuer.subject) || !(await ecdsa(issuer.spki, one.signature, one.tbs, false))) {
        throw new Fault("chain-not-valid", file, `the certificate of ${one.name} is not signed by ${issuer.name}`);
      }
    }
    const print = `${root.name}, SHA-256 ${hex(await sha256(root.der))}`;
    if (!this.trust) {
      return `under ${print}; no trust file says whether this is the right root`;
    }
    if (!this.trust.signers.some((trusted) => same(trusted.der, root.der))) {
      throw new Fault("signer-untrusted", file, `signed by ${this.chain[0].name} under ${root.name}, which the trust file does not name`);
    }
    return `under ${print}, the very root in the trust file`;
  }

  /** The pack is of the kind that was asked for, its logs are carried as far, and of others there are single records alone. */
  scope() {
    const refuse = (code, reason) => new Fault(code, "manifest.json", reason, "scope");
    const { logs, scope: { kind } } = this.manifest;
    const single = this.zip.has("records.ndjson");
    if (kind === "records" && !single) {
      throw refuse("scope-kind", "says that single records are here, and there are none");
    }
    for (const { year } of this.parts) {
      if (!logs.some((log) => log.path === `log/${year}`)) {
        throw refuse("scope-year", `is of the year ${year}, and log/${year} is not here`);
      }
    }
    for (const log of logs) {
      const part = this.parts.find(({ year }) => log.path === `log/${year}`);
      if (!part && (!single || log.from !== log.size)) {
        throw refuse("scope-year", `does not name the year of ${log.path}, which is carried`);
      }
      if (part && log.from !== part.from) {
        throw refuse("scope-from", `begins at entry ${part.from}, and ${log.path} is carried from entry ${log.from}`);
      }
      if (part && part.to > log.size) {
        throw refuse("scope-to", `ends before entry ${part.to}, and ${log.path} has ${log.size} entries`);
      }
    }
    const shown = this.parts.map(({ year, from, to }) => `${year} from ${from} ${to === undefined ? "on" : `to before ${to}`}`).join(", ");
    return kind === "records" ? `single records of ${shown}` : `the entries of ${shown}`;
  }

  /** What the page leaves to others, by name. */
  unchecked() {
    const zip = this.zip;
    const list = [...this.open];
    const add = (names, what) => {
      const there = names.flatMap((name) => (name.endsWith("/") ? zip.under(name.slice(0, -1)) : zip.has(name) ? [name] : []));
      const folders = new Map();
      there.forEach((name) => {
        const folder = name.slice(0, name.indexOf("/") + 1);
        folders.set(folder, [...(folders.get(folder) ?? []), name]);
      });
      const shown = [...folders].flatMap(([folder, inside]) =>
        (folder !== "" && inside.length > 2 ? [`${folder} (${inside.length} files)`] : inside));
      if (there.length > 0) {
        list.push(`${shown.join(", ")}: ${what}`);
      }
    };
    add(["manifest.p7s"], "the CMS signature over the manifest");
    add([...this.logs.map((log) => `${log.path}/checkpoint.p7s`), "trust/log-signer.pem"],
      "the CMS copy of the checkpoint's signature, and its certificate");
    add(["records.ndjson"], "whether each record is one that the scope asks for, or of a kind that those need, and of a case all that it attaches");
    add(["trust/signer.pem"], "dates, revocation and other permitted uses of the certificates");
    add(zip.under("trust").filter((name) => name.endsWith(".crl")),
      "the revocation lists, and so whether a signer's certificate was revoked before it signed");
    add([...zip.under("time"), "trust/tsa.pem", "trust/manifest-tsa.pem", "trust/tsa-roots.pem"],
      "the time tokens and evidence records, and so when the log existed and when the pack was signed");
    add(["approvals/"], "the approvers' signatures and enrolments");
    add(["results/", "keys/", "retention/"], "whether these follow from the entries");
    add(["policy/"], "whether each bundle has the digest it is named by, and whether every decision's policy is here");
    add(["report.html", "VERIFY.md", "NOT-PROVEN.md"], "what these texts say");
    this.logs.forEach((log) => list.push(`${log.path}, entries on the end of an earlier year: the last head of that year's log`));
    const asked = this.trust?.witnesses ? "; the trust file asks for some" : "";
    this.logs.forEach((log) => list.push(`${log.path}/checkpoint: signatures of others than the log, such as witnesses${asked}`));
    list.push("This page itself: it came with the pack");
    return list;
  }
}

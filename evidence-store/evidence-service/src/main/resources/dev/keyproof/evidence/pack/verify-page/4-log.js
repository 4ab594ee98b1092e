/* A log of the pack: its checkpoint, its tiles and bundles (C2SP tlog-tiles, RFC 6962 hashing), and single records. */
const WIDTH = 256;
const leafHash = (entry) => sha256(concat([0], entry));
const nodeHash = (left, right) => sha256(concat([1], left, right));

/** Root over the hashes of one tile, full or partial. */
async function tileRoot(hashes) {
  if (hashes.length === 1) {
    return hashes[0];
  }
  if ((hashes.length & (hashes.length - 1)) === 0) {
    let row = hashes;
    while (row.length > 1) {
      row = await Promise.all(row.filter((_, i) => i % 2 === 0).map((left, i) => nodeHash(left, row[2 * i + 1])));
    }
    return row[0];
  }
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return nodeHash(await tileRoot(hashes.slice(0, split)), await tileRoot(hashes.slice(split)));
}

function tilePath(level, index, size) {
  const hashes = level < 1 ? size : Math.floor(size / WIDTH ** level);
  const width = Math.min(WIDTH, hashes - index * WIDTH);
  let digits = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    digits = `x${String(rest % 1000).padStart(3, "0")}/${digits}`;
  }
  return { width, path: `tile/${level < 0 ? "entries" : level}/${digits}${width < WIDTH ? `.p/${width}` : ""}` };
}

/** Whether a proof leads from the root of the first `from` entries to that of all `to`: RFC 6962, 2.1.2. */
async function continues(from, to, path, older, newer) {
  if (from === to || from === 0) {
    return path.length === 0 && same(older, from === 0 ? await sha256(new Uint8Array()) : newer);
  }
  let node = from - 1;
  let last = to - 1;
  const up = () => { node = Math.floor(node / 2); last = Math.floor(last / 2); };
  while (node % 2 === 1) {
    up();
  }
  const rest = [...path];
  let old = node === 0 ? older : rest.shift();
  let hash = old;
  for (const sibling of rest) {
    if (last === 0) {
      return false;
    }
    if (node % 2 === 1 || node === last) {
      old = await nodeHash(sibling, old);
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        up();
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    up();
  }
  return last === 0 && old !== undefined && same(old, older) && same(hash, newer);
}

class Log {
  constructor(zip, stated, keys) {
    Object.assign(this, stated);
    this.zip = zip;
    this.keys = keys.filter((key) => key.name === stated.origin);
    this.root = unbase64(stated.root);
    this.end = this.size;
    this.before = null;
    this.carried = false;
    this.tiles = new Map();
    this.records = new Map();
    this.unsupported = [];
  }

  /** The checkpoint states what the manifest does, every key of the log signed it, and the trust file names each. */
  async checkpoint(trust) {
    const file = `${this.path}/checkpoint`;
    const stated = await this.signed(file);
    if (stated.origin !== this.origin || stated.size !== String(this.size) || !same(stated.root, this.root)) {
      throw new Fault("checkpoint-differs", file, "states another origin, size or root than manifest.json");
    }
    await this.begins();
    let longest = trust ? -1 : Infinity;
    for (const key of trust ? this.keys : []) {
      const known = trust.logKeys.filter((one) => one.vkey === key.line).map((one) => one.until);
      if (known.length === 0) {
        throw new Fault("log-key-untrusted", "trust/log.vkey", `the trust file does not name this key of the log: ${key.line}`);
      }
      longest = Math.max(longest, Math.min(...known));
    }
    if (this.size > longest) {
      throw new Fault("log-key-retired", file, `of ${this.size} entries is signed by keys alone that had handed over to others at ${longest}`);
    }
  }

  /** The log continues the checkpoint before the scope's first entry, if there is one, as a proof or else the tiles show. */
  async begins() {
    const file = `${this.path}/checkpoint.from`;
    const name = `${this.path}/consistency.json`;
    if (!this.zip.has(file) && !this.zip.has(name)) {
      return;
    }
    const before = await this.signed(file);
    const size = Number(before.size);
    if (before.origin !== this.origin || !(size <= this.size) || (size === this.size && !same(before.root, this.root))) {
      throw new Fault("checkpoint-not-earlier", file, "is not an earlier checkpoint of this log");
    }
    if (size > this.from) {
      throw new Fault("checkpoint-not-earlier", file, `is of ${size} entries, and the scope begins at entry ${this.from}`);
    }
    this.before = before;
    if (!this.zip.has(name)) {
      if (this.zip.under(`${this.path}/tile`).length === 0) {
        throw new Fault("consistency-missing", name, `is missing, and nothing else shows that the log continues ${file}`);
      }
      return;
    }
    const bytes = await this.zip.bytes(name);
    const { from, to, proof } = canonicalObject(bytes, name, "proof");
    const path = Array.isArray(proof) ? proof.map((hash) => (typeof hash === "string" ? unbase64(hash) : null)) : [null];
    const sound = [from, to].every((one) => Number.isSafeInteger(one) && one >= 0) && to >= from && path.every((hash) => hash?.length === 32);
    if (!sound || mismatch(bytes, ascii(canonical({ from, to, proof }))) >= 0) {
      throw new Fault("consistency-form", name, "is not a consistency proof and nothing else");
    }
    if (from !== size || to !== this.size || !(await continues(from, to, path, before.root, this.root))) {
      throw new Fault("consistency-false", name, "the proof does not lead from checkpoint.from to the root of the checkpoint");
    }
  }

  async signed(file) {
    if (this.keys.length === 0) {
      throw new Fault("log-key-missing", "trust/log.vkey", `has no key of the log ${this.origin}`);
    }
    const bytes = await this.zip.bytes(file);
    let note;
    try {
      note = strictUtf8(bytes);
    } catch {
      throw new Fault("checkpoint-form", file, "a note is valid UTF-8");
    }
    const blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n")) {
      throw new Fault("checkpoint-form", file, "a note is text, a blank line, and lines of signatures");
    }
    const message = ascii(note.slice(0, blank + 1));
    const signatures = note.slice(blank + 2, -1).split("\n").map((line) => {
      const parts = line.match(/^\u2014 (\S+) (\S+)$/);
      const blob = parts && unbase64(parts[2]);
      if (!blob || blob.length < 5) {
        throw new Fault("checkpoint-form", file, "a signature line cannot be read");
      }
      return { name: parts[1], id: hex(blob.subarray(0, 4)), value: blob.subarray(4) };
    });
    for (const key of this.keys) {
      const own = signatures.filter((signature) => signature.name === key.name && signature.id === key.id);
      if (own.length === 0) {
        throw new Fault("checkpoint-unsigned", file, "not signed by every key of the log");
      }
      for (const signature of own) {
        const holds = key.type === 1
          ? await ed25519(key.key, signature.value, message)
          : await ecdsa(key.key, signature.value, message, false);
        if (holds === null) {
          this.unsupported.push(`${file}: the Ed25519 signature; this browser has no Ed25519`);
        } else if (!holds) {
          throw new Fault("checkpoint-false", file, `the signature of ${key.name} does not verify`);
        }
      }
    }
    const [origin, size, root] = note.slice(0, blank).split("\n");
    const rootBytes = root === undefined ? null : unbase64(root);
    if (!rootBytes || rootBytes.length !== 32) {
      throw new Fault("checkpoint-form", file, "a checkpoint has at least three lines, none of them empty");
    }
    return { origin, size, root: rootBytes };
  }

  tileNames(level) {
    const hashes = level < 0 ? this.end : level < 1 ? this.size : Math.floor(this.size / WIDTH ** level);
    const first = level < 0 ? Math.floor(this.from / WIDTH) : 0;
    const last = level < 0 && this.from === this.end ? first : Math.ceil(hashes / WIDTH);
    return Array.from({ length: Math.max(0, last - first) }, (_, i) => ({ index: first + i, ...tilePath(level, first + i, this.size) }));
  }

  levels() {
    const levels = [];
    for (let hashes = this.size; hashes > 0; hashes = Math.floor(hashes / WIDTH)) {
      levels.push(this.tileNames(levels.length));
    }
    return levels;
  }

  /** Exactly the tiles and bundles of this size are here, and all lead to the root. */
  async tilesAndEntries(progress) {
    const levels = this.levels();
    const bundles = this.tileNames(-1);
    const expected = new Set([...levels.flat(), ...bundles].map((tile) => `${this.path}/${tile.path}`));
    const missing = [...expected].filter((name) => !this.zip.has(name)).sort()[0];
    if (missing) {
      throw new Fault("tile-missing", missing, "is missing from the log");
    }
    const surplus = this.zip.under(`${this.path}/tile`).filter((name) => !expected.has(name))[0];
    if (surplus) {
      throw new Fault("tile-surplus", surplus, `does not belong to a log of ${this.size} entries`);
    }
    await this.hashTiles(levels, progress);
    if (this.before && !same(await this.subtree(0, Number(this.before.size)), this.before.root)) {
      throw new Fault("log-forked", `${this.path}/checkpoint.from`, "the log at its end is not a continuation of this checkpoint");
    }
    if (!same(await this.subtree(0, this.size), this.root)) {
      throw new Fault("tiles-root", this.path, "the tiles do not lead to the root that the checkpoint states");
    }
    let count = 0;
    for (const bundle of bundles) {
      count += await this.bundle(bundle);
      await progress(`Hashing entries: ${count.toLocaleString("en")}`);
    }
    return this.end - this.from;
  }

  async hashTiles(levels, progress) {
    let below = [];
    for (let level = 0; level < levels.length; level++) {
      const roots = [];
      for (const tile of levels[level]) {
        const file = `${this.path}/${tile.path}`;
        const bytes = await this.zip.bytes(file);
        if (bytes.length !== tile.width * 32) {
          throw new Fault("tile-form", file, `has ${bytes.length} bytes, not 32 for each hash`);
        }
        const hashes = Array.from({ length: tile.width }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
        for (let i = 0; level > 0 && i < tile.width; i++) {
          if (!same(hashes[i], below[tile.index * WIDTH + i])) {
            throw new Fault("tile-mismatch", file, `is not the root of ${this.path}/${levels[level - 1][tile.index * WIDTH + i].path}`, `hash ${i}`);
          }
        }
        this.tiles.set(`${level}/${tile.index}`, hashes);
        if (tile.width === WIDTH) {
          roots.push(await tileRoot(hashes));
        }
        await progress(`Hashing ${tile.path}`);
      }
      below = roots;
    }
  }

  /** The root over the entries from..to, from the tiles. */
  async subtree(from, to) {
    const width = to - from;
    if (width === 0) {
      return sha256(new Uint8Array());
    }
    const bits = Math.log2(width);
    if (Number.isInteger(bits) && from % width === 0) {
      const level = Math.floor(bits / 8);
      const span = WIDTH ** level;
      const first = from / span;
      const tile = this.tiles.get(`${level}/${Math.floor(first / WIDTH)}`);
      return tileRoot(tile.slice(first % WIDTH, first % WIDTH + width / span));
    }
    const split = 2 ** Math.floor(Math.log2(width - 1));
    return nodeHash(await this.subtree(from, from + split), await this.subtree(from + split, to));
  }

  async entries(bundle) {
    const file = `${this.path}/${bundle.path}`;
    const bytes = await this.zip.bytes(file);
    const entries = [];
    for (let at = 0; at < bytes.length;) {
      const length = bytes.length - at < 2 ? Infinity : bytes[at] * 256 + bytes[at + 1];
      if (at + 2 + length > bytes.length) {
        throw new Fault("bundle-form", file, "an entry runs past the end of the bundle");
      }
      entries.push(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    if (entries.length !== bundle.width) {
      throw new Fault("bundle-form", file, `has ${entries.length} entries, not ${bundle.width}`);
    }
    return entries;
  }

  async bundle(bundle) {
    const entries = await this.entries(bundle);
    const hashes = await Promise.all(entries.map(leafHash));
    const leaves = this.tiles.get(`0/${bundle.index}`);
    hashes.forEach((hash, i) => {
      if (!same(hash, leaves[i])) {
        throw new Fault("entry-altered", `${this.path}/${bundle.path}`, "is not the entry that was sealed", `entry ${bundle.index * WIDTH + i}`);
      }
    });
    return entries.length;
  }

  /** Siblings from the leaf upwards: RFC 6962, 2.1.1. */
  async proof(index) {
    const path = [];
    for (let from = 0, to = this.size; to - from > 1;) {
      const middle = from + 2 ** Math.floor(Math.log2(to - from - 1));
      if (index < middle) {
        path.unshift(await this.subtree(middle, to));
        to = middle;
      } else {
        path.unshift(await this.subtree(from, middle));
        from = middle;
      }
    }
    return path;
  }

  /** One record with its proof, proven again; null if the pack does not carry it. */
  async record(index) {
    if (this.records.has(index)) {
      return this.records.get(index);
    }
    if (!this.carried || !Number.isInteger(index) || index < this.from || index >= this.end) {
      return null;
    }
    const bundle = tilePath(-1, Math.floor(index / WIDTH), this.size);
    const entry = (await this.entries(bundle))[index % WIDTH];
    const proof = await this.proof(index);
    return { index, entry, proof, steps: await this.climb(index, entry, proof) };
  }

  /** Each step from the leaf to the root; null if the path does not lead there. */
  async climb(index, entry, proof) {
    const steps = [];
    let hash = await leafHash(entry);
    let node = index;
    let last = this.size - 1;
    for (const sibling of proof) {
      if (last === 0) {
        return null;
      }
      const left = node % 2 === 1 || node === last;
      hash = left ? await nodeHash(sibling, hash) : await nodeHash(hash, sibling);
      steps.push({ sibling, left, hash });
      while (left && node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
      node = Math.floor(node / 2);
      last = Math.floor(last / 2);
    }
    return last === 0 && same(hash, this.root) ? steps : null;
  }
}

/** records.ndjson: each line is canonical, its proof leads from its entry to its log's root, and they stand as they were sealed. */
async function singleRecords(bytes, logs, progress) {
  const file = "records.ndjson";
  let count = 0;
  let before = null;
  for (let at = 0; at < bytes.length;) {
    const place = `line ${count + 1}`;
    const end = bytes.indexOf(10, at);
    if (end < 0) {
      throw new Fault("record-form", file, "does not end in a newline", place);
    }
    const line = canonicalObject(bytes.subarray(at, end), file, place);
    const log = logs.find((one) => one.path === line.log);
    if (!log) {
      throw new Fault("record-form", file, "names a log that the pack does not hold", place);
    }
    const entry = unbase64(line.entry);
    const proof = Array.isArray(line.proof) ? line.proof.map(unbase64) : [null];
    if (!entry || proof.some((hash) => !hash || hash.length !== 32) || !Number.isInteger(line.index) || line.index < 0 || line.index >= log.size) {
      throw new Fault("record-form", file, "entry, index or proof makes no sense", place);
    }
    const steps = await log.climb(line.index, entry, proof);
    if (!steps) {
      throw new Fault("proof-false", file, "the proof does not lead from the entry to the log's root", place);
    }
    if (before && before.log === line.log && before.index === line.index) {
      throw new Fault("record-twice", file, `entry ${line.index} stands twice`, place);
    }
    if (before && (before.log > line.log || (before.log === line.log && before.index > line.index))) {
      throw new Fault("record-order", file, `entry ${line.index} stands after entry ${before.index}`, place);
    }
    if (log.carried && line.index >= log.from && line.index < log.end) {
      throw new Fault("record-twice", file, `entry ${line.index} stands in the range as well`, place);
    }
    before = line;
    log.records.set(line.index, { index: line.index, entry, proof, steps });
    count++;
    at = end + 1;
    await progress(`Proving records: ${count.toLocaleString("en")}`);
  }
  return count;
}

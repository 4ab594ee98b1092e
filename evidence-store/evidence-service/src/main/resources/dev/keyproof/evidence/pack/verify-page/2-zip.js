/* The canonical zip: stored entries, sorted, fixed date and flags, nothing before, between or after. Every header is written
   again from name, size, CRC-32 and offset, and compared. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DATE = 0x0021;
const VERSION = 10;
const LOCAL_FIXED = 30;
const CENTRAL_FIXED = 46;
const END_SIZE = 22;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Little-endian fields, as [bytes, value] pairs. */
function fields(...pairs) {
  const bytes = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of pairs) {
    if (width === 2) {
      view.setUint16(at, value, true);
    } else {
      view.setUint32(at, value, true);
    }
    at += width;
  }
  return bytes;
}

const localHeader = (name, size, crc) => concat(
  fields([4, LOCAL], [2, VERSION], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]),
  ascii(name));
const centralHeader = (name, size, crc, offset) => concat(
  fields([4, CENTRAL], [2, VERSION], [2, VERSION], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size],
    [2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
  ascii(name));
const endRecord = (count, size, start) =>
  fields([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, start], [2, 0]);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) {
    c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return c >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const printable = (name) => Array.from(name.slice(0, 80), (c) => (c > " " && c < "\u007f" ? c : "?")).join("");

/** A pack on disk. Contents are read when they are asked for. */
class Zip {
  constructor(blob) {
    this.blob = blob;
    this.files = new Map();
  }

  async slice(at, end) {
    return new Uint8Array(await this.blob.slice(at, end).arrayBuffer());
  }

  has(name) {
    return this.files.has(name);
  }

  under(folder) {
    return [...this.files.keys()].filter((name) => name.startsWith(`${folder}/`));
  }

  async bytes(name) {
    const file = this.files.get(name);
    if (!file) {
      throw new Fault("file-missing", name, "the pack has no such file");
    }
    return this.slice(file.at, file.at + file.size);
  }

  /** Reads directory and contents; each file's SHA-256 is kept for the manifest. */
  static async read(blob, progress) {
    const zip = new Zip(blob);
    const directory = await zip.directory();
    let offset = 0;
    let previous = "";
    for (const record of directory.records) {
      const { name, size, crc } = record;
      const place = `zip directory record of ${printable(name)}`;
      if (!NAME.test(name) || name.length > 200) {
        throw new Fault("zip-name", place, "not a name a pack may hold");
      }
      if (name <= previous) {
        throw new Fault("zip-order", place, "names are not sorted, or one stands twice");
      }
      if (record.offset !== offset) {
        throw new Fault("zip-gap", place, `the entry is said to begin at ${record.offset}, but the one before ends at ${offset}`);
      }
      previous = name;
      const at = offset + LOCAL_FIXED + name.length;
      if (at + size > directory.start) {
        throw new Fault("zip-gap", place, "the entry would run into the directory: its size is altered");
      }
      const header = await zip.slice(offset, at);
      const content = await zip.slice(at, at + size);
      const actual = crc32(content);
      const differs = mismatch(header, localHeader(name, size, crc));
      if (differs < 0 && actual !== crc) {
        throw new Fault("zip-crc", name, "the content is not the one packed: its CRC-32 differs");
      }
      if (differs >= 0 && same(header, localHeader(name, size, actual))) {
        throw new Fault("zip-crc", place, "its CRC-32 is not the content's");
      }
      if (differs >= 0) {
        throw new Fault("zip-header", `zip header of ${name}`, "header, directory and content do not agree", `byte ${offset + differs}`);
      }
      zip.files.set(name, { at, size, sha256: hex(await sha256(content)) });
      offset = at + size;
      await progress(`Reading ${name}`);
    }
    if (offset !== directory.start) {
      throw new Fault("zip-gap", "zip directory", "bytes stand between the last entry and the directory");
    }
    return zip;
  }

  async directory() {
    const length = this.blob.size;
    const first = await this.slice(0, 4);
    const tail = await this.slice(Math.max(0, length - END_SIZE), length);
    const begins = first.length === 4 && new DataView(first.buffer).getUint32(0, true) === LOCAL;
    const ends = tail.length === END_SIZE && new DataView(tail.buffer).getUint32(0, true) === END;
    if (!begins && !ends) {
      throw new Unreadable("Not a pack: neither begins nor ends as a zip does.");
    }
    if (!ends) {
      throw new Fault("zip-cut-off", "zip end", "no end record in the last 22 bytes: cut off, appended to or altered");
    }
    const view = new DataView(tail.buffer);
    const count = view.getUint16(10, true);
    const size = view.getUint32(12, true);
    const start = view.getUint32(16, true);
    if (!same(tail, endRecord(count, size, start)) || start + size !== length - END_SIZE || count === 0) {
      throw new Fault("zip-end", "zip end", "the end record is not the one that its zip would have");
    }
    return { start, records: Zip.records(await this.slice(start, start + size), start, count) };
  }

  static records(directory, start, count) {
    const view = new DataView(directory.buffer);
    const records = [];
    let at = 0;
    let last = "none";
    for (let i = 0; i < count; i++) {
      const place = `zip directory record ${i} (after ${last})`;
      if (at + CENTRAL_FIXED > directory.length || view.getUint32(at, true) !== CENTRAL) {
        throw new Fault("zip-directory", place, `no record where one must begin, at byte ${start + at}`);
      }
      const end = at + CENTRAL_FIXED + view.getUint16(at + 28, true);
      if (end > directory.length) {
        throw new Fault("zip-directory", place, "the name runs past the directory");
      }
      const name = latin1(directory.subarray(at + CENTRAL_FIXED, end));
      const [crc, size, offset] = [16, 24, 42].map((field) => view.getUint32(at + field, true));
      const wrong = mismatch(directory.subarray(at, end), centralHeader(name, size, crc, offset));
      if (wrong >= 0) {
        throw new Fault("zip-directory", `zip directory record of ${printable(name)}`, "written again it would be another", `byte ${start + at + wrong}`);
      }
      records.push({ name, crc, size, offset });
      last = printable(name);
      at = end;
    }
    if (at !== directory.length) {
      throw new Fault("zip-directory", "zip directory", "bytes stand between the directory and the end record");
    }
    return records;
  }
}

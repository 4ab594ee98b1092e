"use strict";

/** What is wrong, and where: with the command-line verifier's code, and worded as it words it. */
class Fault extends Error {
  constructor(code, file, reason, entry) {
    super(entry ? `${file}, ${entry}: ${reason}` : `${file}: ${reason}`);
    this.code = code;
    this.file = file;
    this.entry = entry;
    this.reason = reason;
  }
}

/** The files are not what they are taken for at all. */
class Unreadable extends Error {}

const utf8 = new TextEncoder();
const ascii = (text) => utf8.encode(text);
const latin1 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
};
const strictUtf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (bytes) => btoa(latin1(bytes));

/** Base 64 with one spelling for each value; null for anything else. */
function unbase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** First place at which two byte arrays differ, or -1. */
function mismatch(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) {
      return i;
    }
  }
  return a.length === b.length ? -1 : shorter;
}

const same = (a, b) => mismatch(a, b) < 0;
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** RFC 8785: JSON.stringify writes numbers and strings as it asks for, so only the order of names is left to do. */
function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The object that the bytes hold, which must be in canonical form. */
function canonicalObject(bytes, file, place) {
  let value;
  try {
    value = JSON.parse(strictUtf8(bytes));
  } catch {
    throw new Fault("json-form", file, "not JSON", place);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Fault("json-form", file, "not a JSON object", place);
  }
  const differs = mismatch(bytes, ascii(canonical(value)));
  if (differs >= 0) {
    throw new Fault("json-not-canonical", file, "not in canonical form (RFC 8785)", `byte ${differs}`);
  }
  return value;
}

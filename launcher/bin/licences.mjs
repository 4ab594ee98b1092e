// Checks that each part of the product has a licence of those in licences.json: what the bill of materials lists, and what
// npm's lock files put into a page. One line for each that has not; exit code 1 if there is one.
import { readFileSync } from "node:fs";

const [rules, bom, ...locks] = process.argv.slice(2);
if (!bom) {
  console.error("usage: node licences.mjs LICENCES.json BOM.json [package-lock.json ...]");
  process.exit(2);
}
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const { allowed, exceptions, ours } = read(rules);
const used = new Set();
const faults = [];
let count = 0;

// Whoever offers several licences lets us choose.
function check(name, licences) {
  count++;
  const exception = Object.keys(exceptions).find((one) => name.startsWith(`${one}@`));
  if (exception) {
    used.add(exception);
  } else if (!licences.some((licence) => Object.hasOwn(allowed, licence))) {
    faults.push(`${name}: ${licences.length > 0 ? `${licences.join(" or ")} is not in ${rules}` : "names no licence"}`);
  }
}

for (const component of read(bom).components ?? []) {
  const name = component.purl ?? component.name;
  if (!ours.some((own) => name.startsWith(own))) {
    const named = (component.licenses ?? []).flatMap(({ license, expression }) =>
      (expression ? alternatives(expression) : [license?.id ?? license?.name]));
    check(name.split("?")[0], named.filter((one) => one !== undefined));
  }
}
for (const lock of locks) {
  for (const [place, part] of Object.entries(read(lock).packages)) {
    if (place !== "" && !part.dev) {
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      check(`pkg:npm/${name}@${part.version}`, part.license ? alternatives(part.license) : []);
    }
  }
}
for (const unused of Object.keys(exceptions).filter((one) => !used.has(one))) {
  faults.push(`${unused}: an exception in ${rules} that nothing needs`);
}
if (count === 0) {
  faults.push(`${bom}: lists nothing`);
}
faults.forEach((fault) => console.log(`licence: ${fault}`));
if (faults.length === 0) {
  console.log(`licences of ${count} parts are allowed`);
}
process.exitCode = faults.length > 0 ? 1 : 0;

/** "(A OR B)" offers both; anything else is taken as one licence, so "A AND B" must itself be allowed. */
function alternatives(expression) {
  return expression.replace(/^\((.*)\)$/, "$1").split(" OR ");
}

#!/bin/sh
# Checks the packs with the real opa and builds their bundle: build.sh OUTPUT
# opa is $KEYPROOF_OPA, or the one on PATH. The same sources give the same bytes.
set -eu
out=$1
opa=${KEYPROOF_OPA:-opa}
command -v "$opa" >/dev/null 2>&1 || {
  echo "packs: no opa ($opa): put opa 1.x on PATH or set KEYPROOF_OPA (go install github.com/open-policy-agent/opa@v1.22.2)" >&2
  exit 2
}
cd "$(dirname "$0")"
mkdir -p "$(dirname "$out")" target

# What goes into the bundle; the paths stand in it as they stand here, so that they do not depend on the machine.
sources="authz rules lib keyproof.parameters:parameters keyproof.frameworks:frameworks"

"$opa" fmt --list --fail authz rules lib || { echo "packs: run opa fmt -w on these" >&2; exit 1; }
"$opa" check --strict --schema schemas --capabilities capabilities.json --ignore '*_test.rego' $sources
"$opa" check --strict $sources
"$opa" test --coverage $sources > target/coverage.json || { cat target/coverage.json >&2; exit 1; }
"$opa" build --target wasm --capabilities capabilities.json --ignore '*_test.rego' \
  --entrypoint keyproof/authz/decision --entrypoint keyproof/compliance/results --output "$out" $sources

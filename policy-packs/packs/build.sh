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

# What was checked and built before, by the same opa and with or without regal, is not checked and built again.
regal=$(command -v regal || true)
stamp=$({ "$opa" version; echo "$regal"; find . -path ./target -prune -o -type f -print | LC_ALL=C sort | xargs sha256sum; } | sha256sum)
[ ! -f "$out" ] || [ "$(cat target/stamp 2>/dev/null)" != "$stamp $(sha256sum < "$out")" ] || exit 0

fail() {
  echo "packs: $1" >&2
  exit 1
}

# What goes into the bundle. Modules stand in it by the paths they have here, so that no path of the machine gets in.
sources="authz rules lib keyproof.parameters:parameters/data.json keyproof.frameworks:frameworks
  keyproof.schemas.parameters:schemas/parameters.json"

unformatted=$("$opa" fmt --list authz rules lib lint) || fail "this is no Rego"
[ -z "$unformatted" ] || { echo "$unformatted" >&2; fail "run opa fmt -w on these"; }
"$opa" check --strict --schema schemas --capabilities capabilities.json --ignore '*_test.rego' $sources ||
  fail "these do not compile against the schemas and the built-ins that the engine has"
"$opa" check --strict $sources lint || fail "these do not compile"
# The lint says by name what is missing, which tests would only fail by.
{
  printf '{"modules": ['
  separator=
  for file in $(find authz lib rules -name '*.rego' | LC_ALL=C sort); do
    printf '%s{"file": "%s", "ast": ' "$separator" "$file"
    "$opa" parse --format json "$file"
    printf '}'
    separator=,
  done
  printf ']}'
} > target/modules.json
"$opa" eval --format raw --data lint --data keyproof.parameters:parameters/data.json --data keyproof.frameworks:frameworks \
  --data keyproof.schemas.compliance-input:schemas/compliance-input.json --input target/modules.json 'concat("\n", sort(data.keyproof.lint.findings))' > target/lint.txt
[ ! -s target/lint.txt ] || [ -z "$(cat target/lint.txt)" ] || { cat target/lint.txt >&2; fail "lint"; }

# Which Regal it is, and so what it finds, is not ours to say: what is built must not hang on it.
if [ -n "$regal" ]; then
  "$regal" lint --config-file .regal/config.yaml authz lib rules lint > target/regal.txt 2>&1 || {
    cat target/regal.txt >&2
    echo "packs: regal has findings, which fail nothing" >&2
  }
else
  echo "packs: no regal on PATH, so its lint is left out"
fi

# A busy machine may take its time.
"$opa" test --timeout 60s $sources lint > target/tests.txt || { cat target/tests.txt >&2; fail "tests failed"; }
"$opa" test --timeout 60s --coverage --threshold 100 $sources lint > target/coverage.json || fail "every line is to be covered by a test"

# What runs is the plan that opa makes of the policy.
"$opa" build --target plan --capabilities capabilities.json --ignore '*_test.rego' \
  --entrypoint keyproof/authz/decision --entrypoint keyproof/authz/explanation --entrypoint keyproof/compliance/results --output target/plan.tar.gz $sources

# opa takes the entry points' rules out of the source that it packs; an auditor is to read all of it, so it is packed anew.
rm -rf target/bundle
mkdir -p target/bundle
tar -xzf target/plan.tar.gz --transform 's|^/||' -C target/bundle /plan.json /data.json /.manifest 2> /dev/null || fail "opa built no plan"
find authz rules lib -name '*.rego' ! -name '*_test.rego' | tar -cf - -T - | tar -xf - -C target/bundle
(cd target/bundle && find . -type f | sed 's|^\./||' | LC_ALL=C sort |
  tar --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 -cf - -T -) | gzip -9n > "$out.new"
mv "$out.new" "$out"
printf '%s' "$stamp $(sha256sum < "$out")" > target/stamp

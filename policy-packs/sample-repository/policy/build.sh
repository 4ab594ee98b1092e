#!/bin/sh
# Makes the policy in force: Keyproof's packs, with this organisation's own values (overlay.json) over theirs: build.sh OUTPUT
# $KEYPROOF is a checkout of Keyproof; opa is $KEYPROOF_OPA, or the one on PATH. The same sources give the same bytes.
set -eu
opa=${KEYPROOF_OPA:-opa}
packs=${KEYPROOF:?is to name a checkout of Keyproof}/policy-packs/packs
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$(dirname "$0")"

fail() {
  echo "policy: $1" >&2
  exit 1
}

[ -f overlay.json ] || fail "there is no overlay.json"

# The packs with all their own checks; what was built before is not built again.
theirs=$packs/target/classes/keyproof/policy/bundle.tar.gz
sh "$packs/build.sh" "$theirs"

[ "$("$opa" eval --format raw --data overlay:overlay.json 'is_object(data.overlay)' 2> /dev/null)" = true ] || fail "overlay.json is no JSON object"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bundle"
tar -xzf "$theirs" -C "$work/bundle"
mv "$work/bundle/data.json" "$work/theirs.json"

# A merge patch (RFC 7396), as an installation's own overlays are: an object is laid over an object, null takes a value away, and all else, a
# list too, stands in the place of theirs.
"$opa" eval --format raw --data "theirs:$work/theirs.json" --data overlay:overlay.json \
  'object.union(json.remove(data.theirs, ["keyproof/parameters"]), {"keyproof": {"parameters": json.remove(
    object.union(data.theirs.keyproof.parameters, data.overlay),
    [path | [path, null] = walk(data.overlay); every part in path { is_string(part) }],
  )}})' > "$work/bundle/data.json" || fail "overlay.json cannot be laid over theirs"
"$opa" eval --format raw --data "$work/bundle/data.json" \
  'concat("\n", [sprintf("%s: %s", [error.field, error.desc]) | some error in json.match_schema(data.keyproof.parameters, data.keyproof.schemas.parameters)[1]])' \
  > "$work/faults"
[ -z "$(cat "$work/faults")" ] || { cat "$work/faults" >&2; fail "overlay.json leaves the bounds of the packs"; }

unformatted=$("$opa" fmt --list .) || fail "this is no Rego"
[ -z "$unformatted" ] || { echo "$unformatted" >&2; fail "run opa fmt -w on these"; }
"$opa" test "$work/bundle/authz" "$work/bundle/lib" "$work/bundle/data.json" . > "$work/tests" || {
  cat "$work/tests" >&2
  fail "this is not what the organisation relies on"
}

mkdir -p "$(dirname "$out")"
(cd "$work/bundle" && find . -type f | sed 's|^\./||' | LC_ALL=C sort |
  tar --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 -cf - -T -) | gzip -9n > "$out"

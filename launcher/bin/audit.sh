# Looks the product's parts up among known vulnerabilities. Sourced by ./keyproof, and run by its test.

osv_version=2.4.0

audit_usage() {
  cat <<'TEXT'
Usage: ./keyproof audit [--advisories DIR]

Lists the parts that the product is made of and looks each up among known vulnerabilities: at osv.dev, or offline in the advisories
of a folder, which has them as OSV publishes them (Maven/all.zip, npm/all.zip).
Exit code: 0 none is known, 1 a part has one, or nothing could be looked up.

Example: ./keyproof audit --advisories /srv/osv
TEXT
}

find_osv() {
  local candidate
  for candidate in "$(command -v osv-scanner || true)" "$HOME/go/bin/osv-scanner" "$cache/bin/osv-scanner"; do
    [ -z "$candidate" ] || [ ! -x "$candidate" ] || { echo "$candidate"; return; }
  done
}

need_osv() {
  local go
  [ -z "$(find_osv)" ] || return 0
  go=$(find_go)
  [ -n "$go" ] || fail "no osv-scanner found (it looks vulnerabilities up): put it on the PATH, or install Go and run this again"
  step_begun=$(date +%s%3N)
  echo "  ...    osv-scanner                building osv-scanner $osv_version (go install, some minutes)"
  mkdir -p "$cache/bin"
  GOBIN=$cache/bin "$go" install "github.com/google/osv-scanner/v2/cmd/osv-scanner@v$osv_version" >"$cache/osv.log" 2>&1 ||
    fail "osv-scanner cannot be built: $(tail -n 1 "$cache/osv.log"); check the network, or put osv-scanner on the PATH"
  step osv-scanner "built: it looks vulnerabilities up"
}

# look_up ADVISORIES LIST...: the scanner's table, and its verdict; ADVISORIES is empty for osv.dev.
look_up() {
  local advisories=$1 status kept list
  local -a words=(scan source --verbosity error)
  shift
  for list in "$@"; do words+=(--lockfile "$list"); done
  kept=$(mktemp -d)
  if [ -n "$advisories" ]; then
    [ -f "$advisories/Maven/all.zip" ] || { rm -rf "$kept"; fail "$advisories has no Maven/all.zip: put OSV's advisories there"; }
    ln -s "$(cd "$advisories" && pwd -P)" "$kept/osv-scanner"
    words+=(--offline --offline-vulnerabilities)
  fi
  status=0
  OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY=$kept "$(find_osv)" "${words[@]}" || status=$?
  rm -rf "$kept"
  case $status in
    0) echo "audit: no part of $# lists has a known vulnerability" ;;
    1) fail "a part has a known vulnerability: take the version that mends it, or leave the part out" ;;
    *) fail "nothing was looked up (osv-scanner says why above): give --advisories a folder, or check the network" ;;
  esac
}

audit() {
  local advisories=${KEYPROOF_ADVISORIES:-}
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) audit_usage; return ;;
      --advisories) [ $# -ge 2 ] || fail "--advisories: a folder is missing"; advisories=$2; shift 2 ;;
      *) fail "audit takes --advisories DIR, not '$1'" ;;
    esac
  done
  need_jdk
  need_maven
  need_osv
  echo "  ...    parts                      listing what the product is made of"
  mkdir -p "$root/target"
  (cd "$root" && mvn -B -Psbom cyclonedx:makeAggregateBom >"$root/target/bom.log" 2>&1) ||
    fail "the parts cannot be listed (why: $root/target/bom.log)"
  look_up "$advisories" "$root/target/bom.json" "$root/dashboards/console/src/web/package-lock.json"
}

# What this machine has: Java, Maven, opa, a token, Node. Sourced by ./keyproof.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/keyproof
opa_version=1.22.2
terminal=false
[ ! -t 1 ] || terminal=true

fail() {
  printf 'keyproof: %s\n' "$1" >&2
  exit 1
}

# step NAME TEXT: a line in the shape of the launcher's own.
step() {
  printf '  %-6s %-18s %5.1f s  %s\n' ok "$1" "$(since "${step_begun:-$KEYPROOF_BEGUN}")" "$2"
}

since() {
  local ms=$(($(date +%s%3N) - $1))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install PACKAGE WHY: by the package manager when we may.
install() {
  step_begun=$(date +%s%3N)
  local log
  log=$(mktemp)
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1 >"$log" 2>&1; then
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1; } >"$log" 2>&1; then
      local why
      why=$(grep -m1 -E '^(E|W|Err):' "$log" || tail -n 1 "$log")
      rm -f "$log"
      fail "$1 cannot be installed ($2): $why; check the network, then: apt-get install -y $1"
    fi
  fi
  rm -f "$log"
  step "$1" "installed: $2"
}

java_major() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
  local candidate major
  for candidate in "${KEYPROOF_JAVA_HOME:-}" "${JAVA_HOME:-}" \
    "$(path=$(command -v javac || true); [ -z "$path" ] || dirname "$(dirname "$(readlink -f "$path")")")" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk*; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    major=$(java_major "$candidate")
    if [ "${major:-0}" -ge 25 ]; then
      echo "$candidate"
      return
    fi
  done
}

need_jdk() {
  JAVA_HOME=$(find_jdk)
  [ -n "$JAVA_HOME" ] || fail "no JDK 25 found (the parts are compiled for it): install one, for instance from https://adoptium.net, and name its folder in KEYPROOF_JAVA_HOME"
  export JAVA_HOME
}

need_maven() {
  command -v mvn >/dev/null && return
  can_install || fail "no mvn on the PATH (Maven builds the parts): install Maven 3.8.6 or later, on Debian: apt-get install -y maven"
  install maven "Maven builds the parts"
}

find_opa() {
  local candidate
  for candidate in "${KEYPROOF_OPA:-}" "$(command -v opa || true)" "$HOME/go/bin/opa" "$cache/bin/opa"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && [ "$(basename "$candidate")" != opa-when-ready ]; then
      echo "$candidate"
      return
    fi
  done
}

find_go() {
  command -v go || { [ -x /usr/local/go/bin/go ] && echo /usr/local/go/bin/go; } || true
}

# opa takes a minute to build from source, so it is built while Maven works on what does not need it; opa-when-ready waits for it.
need_opa() {
  local go
  [ -z "${KEYPROOF_OPA_CACHE:-}" ] || return 0
  KEYPROOF_OPA=$(find_opa)
  if [ -z "$KEYPROOF_OPA" ]; then
    go=$(find_go)
    [ -n "$go" ] || fail "no opa found (it compiles the policy packs): put opa $opa_version on the PATH, or install Go and run this again"
    mkdir -p "$cache/bin"
    rm -f "$cache/opa.failed"
    ( building=$(mktemp -d "$cache/opa.XXXXXX")
      trap 'rm -rf "$building"' EXIT
      if GOBIN=$building "$go" install "github.com/open-policy-agent/opa@v$opa_version" >"$cache/opa.log" 2>&1; then
        mv "$building/opa" "$cache/bin/opa"
      else
        tail -n 1 "$cache/opa.log" >"$cache/opa.failed"
      fi
    ) </dev/null >/dev/null 2>&1 &
    export KEYPROOF_OPA_CACHE=$cache
    KEYPROOF_OPA=$root/launcher/bin/opa-when-ready
    echo "  ...    opa                        building opa $opa_version in the background (go install, about a minute)"
  fi
  export KEYPROOF_OPA
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  can_install || fail "no node and npm on the PATH (they bundle the console's page): install Node 18 or later, on Debian: apt-get install -y nodejs npm"
  install "nodejs npm" "they bundle the console's page"
}

find_softhsm() {
  local candidate
  for candidate in "${KEYPROOF_SOFTHSM_MODULE:-}" /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so \
    /usr/lib64/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so /usr/lib64/libsofthsm2.so \
    /usr/local/lib/softhsm/libsofthsm2.so; do
    if [ -n "$candidate" ] && [ -e "$candidate" ]; then
      echo "$candidate"
      return
    fi
  done
}

need_softhsm() {
  if [ -n "${KEYPROOF_SOFTHSM_MODULE:-}" ] && [ ! -e "$KEYPROOF_SOFTHSM_MODULE" ]; then
    fail "no PKCS#11 module at $KEYPROOF_SOFTHSM_MODULE (KEYPROOF_SOFTHSM_MODULE names it): correct the path or unset it"
  fi
  if [ -z "$(find_softhsm)" ]; then
    can_install || fail "no SoftHSM module found (the keys live in it): install it, on Debian: sudo apt-get install -y softhsm2"
    install softhsm2 "the keys live in it"
  fi
  KEYPROOF_SOFTHSM_MODULE=$(find_softhsm)
  export KEYPROOF_SOFTHSM_MODULE
}

need_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && return
  can_install || fail "no chromium on the PATH (the console's tests look at it): install it, on Debian: sudo apt-get install -y chromium"
  install chromium "the console's tests look at its page"
}

need_strace() {
  command -v strace >/dev/null && return
  can_install || fail "no strace on the PATH (the log's crash tests make system calls fail with it): install it, on Debian: sudo apt-get install -y strace"
  install strace "the log's crash tests make system calls fail with it"
}

need_softokn() {
  [ -z "$(find_softokn)" ] || return 0
  can_install || fail "no NSS softokn found (the token tests take it for a second vendor's): install it, on Debian: sudo apt-get install -y libnss3"
  install libnss3 "the token tests take it for a second vendor's token"
}

find_softokn() {
  local candidate
  for candidate in /usr/lib/*/libsoftokn3.so /usr/lib/*/nss/libsoftokn3.so /usr/lib64/libsoftokn3.so; do
    [ ! -e "$candidate" ] || { echo "$candidate"; return; }
  done
}

need_cc() {
  command -v cc >/dev/null && return
  can_install || fail "no C compiler on the PATH (a token that can be taken away is built with it for the tests): install it, on Debian: sudo apt-get install -y gcc libc6-dev"
  install "gcc libc6-dev" "a token that can be taken away is built with it for the tests"
}

need_go() {
  [ -z "$(find_go)" ] || return 0
  can_install || fail "no go on the PATH (an independent reader of the log is built with it): install Go 1.19 or later, on Debian: sudo apt-get install -y golang-go"
  install golang-go "an independent reader of the log is built with it"
}

# The S3 servers that the tests talk to: one that enforces Object Lock, and one that pretends.
versitygw_version=1.8.0
moto_version=5.2.5

find_versitygw() { command -v versitygw || { [ -x "$cache/bin/versitygw" ] && echo "$cache/bin/versitygw"; } || true; }

find_moto() { [ ! -d "$cache/moto-$moto_version/moto" ] || echo "$cache/moto-$moto_version"; }

# go_tool NAME MODULE@VERSION WHY: a program built into the cache, under the name that its users call it by.
go_tool() {
  local go fresh
  mkdir -p "$cache/bin"
  step_begun=$(date +%s%3N)
  go=$(find_go)
  [ -n "$go" ] || fail "no $1 and no go found ($3): put $1 ${2##*@v} on the PATH, or install Go"
  fresh=$(mktemp -d "$cache/$1.XXXXXX")
  GOBIN=$fresh "$go" install "$2" >"$cache/$1.log" 2>&1 \
    || { rm -rf "$fresh"; fail "$1 cannot be built ($3): $(tail -n 1 "$cache/$1.log")"; }
  mv "$fresh"/* "$cache/bin/$1"
  rmdir "$fresh"
  step "$1" "installed: $3"
}

need_s3_peers() {
  local fresh
  mkdir -p "$cache/bin"
  [ -n "$(find_versitygw)" ] \
    || go_tool versitygw "github.com/versity/versitygw/cmd/versitygw@v$versitygw_version" "the log's copy is tested against it"
  if [ -z "$(find_moto)" ]; then
    step_begun=$(date +%s%3N)
    python3 -m pip --version >/dev/null 2>&1 || {
      can_install || fail "no pip for python3 (moto is installed with it): on Debian: sudo apt-get install -y python3-pip"
      install python3-pip "moto is installed with it"
    }
    fresh=$(mktemp -d "$cache/moto.XXXXXX")
    python3 -m pip install --no-input --disable-pip-version-check --target "$fresh/p" "moto[server]==$moto_version" >"$cache/moto.log" 2>&1 \
      || fail "moto cannot be installed (the probe of a bucket is tested against it): $(tail -n 1 "$cache/moto.log")"
    mv "$fresh/p" "$cache/moto-$moto_version"
    rmdir "$fresh"
    step moto "installed: the probe of a bucket is tested against it"
  fi
}

# What an auditor checks a pack with who has nothing of ours: a client of the log's format, and a clock that can be set.
tessera_version=1.0.0

find_fsck() { command -v tlog-fsck || { [ -x "$cache/bin/tlog-fsck" ] && echo "$cache/bin/tlog-fsck"; } || true; }

need_auditors_tools() {
  [ -n "$(find_fsck)" ] \
    || go_tool tlog-fsck "github.com/transparency-dev/tessera/cmd/fsck@v$tessera_version" "Tessera's, by which packs are checked"
  command -v faketime >/dev/null || {
    can_install || fail "no faketime (packs are checked with the clock set ahead): on Debian: sudo apt-get install -y faketime"
    install faketime "packs are checked with the clock set ahead"
  }
}

# doctor: one line for each thing, with its cure; 0 when nothing is missing.
doctor() {
  local missing=0 home=$root/.keyproof found
  [ "${1:-}" != --home ] || home=${2:?--home needs a folder}
  case "${1:-}" in -h | --help) echo "Usage: ./keyproof doctor [--home DIR]"; echo; echo "Example: ./keyproof doctor"; return ;; esac
  has() {
    if [ -n "$2" ]; then
      printf '  ok       %-22s %s\n' "$1" "$2"
    else
      printf '  MISSING  %-22s %s\n' "$1" "$3"
      missing=1
    fi
  }
  has "Linux on x86-64" "$([ "$(uname -sm)" != "Linux x86_64" ] || uname -r)" "PostgreSQL's binaries are for this kind of machine only"
  has "JDK 25" "$(find_jdk)" "install one, for instance from https://adoptium.net, and name its folder in KEYPROOF_JAVA_HOME"
  has "Maven" "$(command -v mvn || true)" "apt-get install -y maven"
  found=$(find_opa)
  [ -n "$found" ] || found=$(go=$(find_go); [ -z "$go" ] || echo "not yet; will be built by $go")
  has "opa" "$found" "put opa $opa_version on the PATH, or install Go: then './keyproof up' builds it"
  has "SoftHSM 2" "$(find_softhsm)" "apt-get install -y softhsm2"
  has "Node and npm" "$(command -v node >/dev/null && command -v npm || true)" "apt-get install -y nodejs npm"
  has "setsid, setpriv" "$(command -v setsid >/dev/null && command -v setpriv || true)" "apt-get install -y util-linux"
  has "openssl" "$(command -v openssl || true)" "apt-get install -y openssl (for checking a pack with nothing of ours)"
  has "Chromium (tests only)" "$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)" "apt-get install -y chromium"
  has "strace (tests only)" "$(command -v strace || true)" "apt-get install -y strace"
  has "NSS softokn (tests only)" "$(find_softokn)" "apt-get install -y libnss3"
  has "C compiler (tests only)" "$(command -v cc || true)" "apt-get install -y gcc libc6-dev"
  has "Go (tests only)" "$(find_go)" "apt-get install -y golang-go"
  found=$(find_versitygw)
  [ -n "$found" ] || found=$(go=$(find_go); [ -z "$go" ] || echo "not yet; './keyproof test' builds it by $go")
  has "versitygw (tests only)" "$found" "put versitygw $versitygw_version on the PATH, or install Go: then './keyproof test' builds it"
  found=$(find_moto)
  [ -n "$found" ] || ! python3 -m pip --version >/dev/null 2>&1 || found="not yet; './keyproof test' installs it"
  has "moto (tests only)" "$found" "apt-get install -y python3-pip: then './keyproof test' installs it"
  found=$(find_fsck)
  [ -n "$found" ] || found=$(go=$(find_go); [ -z "$go" ] || echo "not yet; './keyproof test' builds it by $go")
  has "Tessera's fsck (tests only)" "$found" "install Go: then './keyproof test' builds it"
  has "faketime (tests only)" "$(command -v faketime || true)" "apt-get install -y faketime"
  has "memory" "$(awk '/MemAvailable/ && $2 > 5 * 1024 * 1024 {printf "%.1f GiB free", $2 / 1024 / 1024}' /proc/meminfo)" "less than 5 GiB are free: stop something"
  while [ ! -d "$home" ]; do home=$(dirname "$home"); done
  has "disk" "$(df -Pk "$home" | awk 'NR == 2 && $4 > 3 * 1024 * 1024 {printf "%.0f GiB free at %s", $4 / 1024 / 1024, $6}')" "less than 3 GiB are free at $home: give another folder by --home"
  if [ "$(id -u)" = 0 ]; then
    if setpriv --reuid=nobody --clear-groups test -x "$home" 2>/dev/null; then
      has "home" "OpenSearch and PostgreSQL, running without rights, can enter $home" ""
    else
      has "home" "they cannot enter $home, so their data goes to /var/lib/keyproof; 'chmod o+x' on the way to it avoids that" ""
    fi
  fi
  return $missing
}

# Builds what is out of date, and runs the tests. Sourced by ./keyproof.

stamp=$root/target/keyproof.built
build_log=$root/target/build.log

# stale [FOLDER]: whether anything is newer than what was built from it, beside what lies in FOLDER.
stale() {
  [ -e "$stamp" ] && [ -e "$root/launcher/target/runtime.classpath" ] || return 0
  # Deleting a file changes its folder, so folders count too.
  [ -n "$(find "$root" \( -name target -o -name node_modules -o -name .git -o -name .keyproof -o -name .ci -o -name bin -o -path "${1:-$root/target}" \) -prune \
    -o -newer "$stamp" ! -name '*.md' ! -name keyproof ! -path "$root" -print -quit)" ]
}

built() {
  stale || return 0
  need_maven
  need_opa
  need_node
  begin_build
  if ! stale; then
    end_build
    return 0
  fi
  step_begun=$(date +%s%3N)
  touch "$stamp.begun"
  maven package -DskipTests -Dspotless.check.skip=true
  mv "$stamp.begun" "$stamp"
  end_build
  step build "$(grep -c -E 'Building .* \[[0-9]+/[0-9]+\]' "$build_log") modules built"
}

# begin_build, end_build: two commands at once do not build in one checkout, which would break both builds.
begin_build() {
  mkdir -p "$root/target"
  command -v flock >/dev/null || return 0
  exec {build_lock}>"$root/target/keyproof.lock"
  flock --nonblock "$build_lock" && return 0
  echo "  ...    build              waiting for another build of this checkout"
  flock "$build_lock"
}

end_build() {
  [ -z "${build_lock:-}" ] || exec {build_lock}>&-
  build_lock=
}

# bench_ready NAME: the class path that a module's load drivers need.
bench_ready() {
  local module
  case "$1" in
    broker) module=key-broker/broker ;;
    token) module=key-broker/pkcs11 ;;
    log) module=evidence-store/sealed-log ;;
    pack) module=evidence-store/evidence-service ;;
    stream) module=stream-analytics/job ;;
    policy) module=policy-packs/policy-engine,policy-packs/policy-review ;;
    collect) module=collectors/collector ;;
    *) return 0 ;;
  esac
  begin_build
  step_begun=$(date +%s%3N)
  maven package dependency:build-classpath -DskipTests -Dspotless.check.skip=true -Dmdep.includeScope=test \
    -Dmdep.outputFile=target/test.classpath -pl "$module" -am
  end_build
}

# maven ARGUMENTS: runs Maven, shows one line a module, keeps all it said in target/build.log.
maven() {
  local status
  set +e
  (end_build; cd "$root" && mvn -B "$@" 2>&1) | tee "$build_log" | show_modules
  status=${PIPESTATUS[0]}
  set -e
  [ "$status" = 0 ] || fail "$(maven_reason)"
}

show_modules() {
  local line
  while IFS= read -r line; do
    [[ $line =~ Building\ (.*)\ 0\.1\.0\ +\[([0-9]+)/([0-9]+)\] ]] || continue
    if [ "$terminal" = true ]; then
      printf '\r\033[2K  ...    build                      %s of %s  %s' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[1]}"
    else
      printf '  ...    build              %5.1f s  %s of %s  %s\n' "$(since "$step_begun")" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[1]}"
    fi
  done
  [ "$terminal" = false ] || printf '\r\033[2K'
}

maven_reason() {
  local error
  if [ -s "$cache/opa.failed" ] && [ -n "${KEYPROOF_OPA_CACHE:-}" ]; then
    echo "opa could not be built ($(cat "$cache/opa.failed")): check the network, or put opa $opa_version on the PATH"
    return
  fi
  if error=$(grep -m1 -E 'Could not transfer|Unknown host|UnknownHostException|Connection refused|No route to host|Network is unreachable|ENOTFOUND|EAI_AGAIN|ECONNREFUSED' "$build_log"); then
    echo "the build cannot fetch what it needs (no network?): $(cut -c1-200 <<<"${error#\[ERROR\] }") (all of it in $build_log)"
    return
  fi
  error=$(grep -m1 -E '^\[ERROR\] .*(\.java:|FAIL|Failed to execute)' "$build_log" || grep -m1 -E '^\[ERROR\]' "$build_log" || tail -n 1 "$build_log")
  echo "the build failed: $(cut -c1-300 <<<"${error#\[ERROR\] }") (all of it in $build_log)"
}

# run_tests [--deep]: everything that the tests need, then the tests of all modules, then the total.
run_tests() {
  local deep=false
  case "${1:-}" in
    --deep) deep=true ;;
    -h | --help) printf 'Usage: ./keyproof test [--deep]\n\nSets up and runs the tests of all modules, at most 25 minutes; --deep adds crash sweeps and long properties.\n\nExample: ./keyproof test\n'; return ;;
    '') ;;
    *) fail "test takes --deep or nothing, not '$1'" ;;
  esac
  need_jdk
  need_maven
  need_opa
  need_node
  need_softhsm
  need_chromium
  need_strace
  need_softokn
  need_cc
  need_go
  need_s3_peers
  need_auditors_tools
  command -v openssl >/dev/null || { can_install || fail "no openssl on the PATH (packs are checked with it)"; install openssl "packs are checked with it"; }
  begin_build
  rm -f "$build_log"
  list_parts &
  parts_pid=$!
  test_maven verify -Dtests=all
  [ "$deep" = false ] || test_maven verify -Dtests=deep
}

test_maven() {
  local status begun licences
  begun=$(date +%s%3N)
  find "$root" \( -path '*/target/surefire-reports/TEST-*.xml' -o -path '*/target/surefire-reports/*-output.txt' \) -delete
  touch "$stamp.begun"
  set +e
  (end_build; cd "$root" && mvn -B -fae "$@" 2>&1) | tee "$build_log" |
    grep --line-buffered -E 'Building .* \[[0-9]+/[0-9]+\]|Tests run:.*(Time elapsed|FAIL|ERROR)|^\[ERROR\]|BUILD (SUCCESS|FAILURE)'
  status=${PIPESTATUS[0]}
  licences=0
  if [ -n "${parts_pid:-}" ]; then
    if [ "$status" = 0 ]; then check_licences || licences=1; else kill "$parts_pid" 2>/dev/null; fi
    parts_pid=
  fi
  set -e
  totals "$begun"
  [ "$status" = 0 ] || fail "$(maven_reason)"
  [ "$licences" = 0 ] || fail "a part's licence is not allowed: see the lines 'licence' above"
  mv "$stamp.begun" "$stamp"
}

# list_parts: the bill of materials, unless no POM changed since. Made while the last module is tested, for by then nothing is
# left to be fetched that another Maven might be fetching too.
list_parts() {
  local bom=$root/target/bom.json
  [ ! -e "$bom" ] || [ -n "$(find "$root" \( -name target -o -name node_modules -o -name .git \) -prune -o -name pom.xml -newer "$bom" -print -quit)" ] || return 0
  until grep -qs 'Building launcher ' "$build_log"; do sleep 2; done
  (end_build; cd "$root" && exec nice mvn -B -Psbom cyclonedx:makeAggregateBom >"$root/target/bom.log" 2>&1)
}

# check_licences: waits for the bill of materials; says which part has a licence that launcher/licences.json does not allow.
check_licences() {
  wait "$parts_pid" || { echo "licences: no bill of materials (why: $root/target/bom.log)"; return 1; }
  node "$root/launcher/bin/licences.mjs" "$root/launcher/licences.json" "$root/target/bom.json" "$root/dashboards/console/src/web/package-lock.json"
}

# totals: what servers of others were run; then counted from the reports, one line at the end.
totals() {
  find "$root" -path '*/target/surefire-reports/*-output.txt' -print0 | { xargs -0 -r grep -h '^peers run: ' || true; } | sort -u
  find "$root" -path '*/target/surefire-reports/TEST-*.xml' -print0 | xargs -0 -r grep -h -m1 '<testsuite ' |
    awk -v seconds="$(since "$1")" '
      { for (i = 1; i <= NF; i++) if (match($i, /^(tests|errors|failures|skipped)="[0-9]+"/)) { split($i, field, "\""); sub("=", "", field[1]); sum[field[1]] += field[2] } }
      END { bad = sum["errors"] + sum["failures"]
            printf "took %s s\n%d passed, %d failed, %d skipped\n", seconds, sum["tests"] - bad - sum["skipped"], bad, sum["skipped"] }'
}

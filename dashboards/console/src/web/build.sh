#!/usr/bin/env bash
# Installs the locked packages if they changed, then bundles the page into $1.
set -euo pipefail
cd "$(dirname "$0")"
command -v node >/dev/null && command -v npm >/dev/null || {
  echo "console: node and npm (18 or later) are needed to bundle the page; install nodejs and npm" >&2
  exit 1
}
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-progress --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
mkdir -p "$1"
node build.mjs "$1"

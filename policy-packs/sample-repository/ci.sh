#!/bin/sh
# Reviews a change of policy in any pipeline: ci.sh BASE, where BASE is the branch that the change goes to.
# KEYPROOF is a checkout of Keyproof; HISTORY a pack, or the folder of a log, without which nothing would be decided again; TRUST the trust
# file of a pack; POLICIES the folder of the bundles that a log's decisions cite. The reports go to review/.
set -eu
set -- --base "${1:?the branch that the change goes to}" --replay "${HISTORY:?a pack, or the folder of a log}"
[ -z "${TRUST:-}" ] || set -- "$@" --trust "$TRUST"
[ -z "${POLICIES:-}" ] || set -- "$@" --policies "$POLICIES"
exec "${KEYPROOF:?a checkout of Keyproof}/keyproof" policy review --packs policy --format md,sarif,junit,json --out review "$@"

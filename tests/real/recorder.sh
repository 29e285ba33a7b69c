#!/usr/bin/env bash
# Records a journey in a real Chromium, as its developer tools would, for tests of what is learned from recordings.
#
#   tests/real/recorder.sh record       plays the journey on stdin (see recorder/record.mjs) and writes its HAR
#   tests/real/recorder.sh --fetch      only fetches playwright-core from npm: the rest needs no network
#   tests/real/recorder.sh --missing    says what keeps it from working here, one line each; nothing where all is well
#   tests/real/recorder.sh --packages   names the Debian packages it needs that are not here
#
# playwright-core lies below target/, never in the repository; RECORDER_CACHE names another folder for it. It brings no
# browser: the system's is used.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${RECORDER_CACHE:-${CARGO_TARGET_DIR:-$here/../../target}/tmp/recorder}
wanted=$(sed -n 's/.*"playwright-core": "\(.*\)".*/\1/p' "$here/recorder/package.json")
client=$cache/$wanted

missing() {
  command -v chromium >/dev/null || echo "chromium is not installed"
  command -v node >/dev/null || { echo "node is not installed"; return; }
  node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || echo "node is older than version 18"
  [ -e "$client" ] || command -v npm >/dev/null || echo "npm is not installed"
  [ -e "$client" ] || echo "playwright-core is not fetched: tests/real/recorder.sh --fetch"
}

# Installs beside its place and moves it there whole, so that a run that is killed leaves nothing half done.
fetch() {
  [ -e "$client" ] && return
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  if [ ! -e "$client" ]; then
    local new
    new=$(mktemp -d "$cache/new.XXXXXX")
    cp "$here/recorder/package.json" "$new/"
    (cd "$new" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --silent --no-audit --no-fund --ignore-scripts >&2)
    mv "$new" "$client"
  fi
  exec 9>&-
}

case ${1-} in
--packages)
  # Where node comes from elsewhere it brings npm along, and Debian's would not go with it.
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  ;;
--missing) missing ;;
--fetch) fetch ;;
record)
  fetch
  exec node "$here/recorder/record.mjs" "$client"
  ;;
*)
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac

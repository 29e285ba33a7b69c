#!/usr/bin/env bash
# Runs a command with a Secret Service of its own: an unlocked gnome-keyring on a bus that nobody else is on. Both are
# gone when the command ends, and so is all that was kept; the user's own keyring is never touched.
#
#   tests/real/with-secret-service.sh COMMAND [WORD...]
#   tests/real/with-secret-service.sh --missing    says what keeps it from working here, one line each
#   tests/real/with-secret-service.sh --packages   names the Debian packages it needs
set -euo pipefail

case ${1-} in
--packages)
  # libsecret-tools has secret-tool, which reads the keyring as another program does.
  echo gnome-keyring dbus-daemon libsecret-tools
  exit ;;
--missing)
  for program in gnome-keyring-daemon dbus-run-session secret-tool; do
    command -v "$program" >/dev/null || echo "$program is not installed"
  done
  exit ;;
"" | -*)
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2 ;;
esac

export KEYRING_FOLDER OWN_HOME=${HOME-/}
KEYRING_FOLDER=$(mktemp -d)
# The keyring puts itself into the background, and does not always notice that its bus is gone: it is known by its folder.
clean() {
  local about
  for about in /proc/[0-9]*/cmdline; do
    if tr '\0' ' ' <"$about" 2>/dev/null | grep -q "^gnome-keyring-daemon .*$KEYRING_FOLDER/"; then
      about=${about%/cmdline}
      kill "${about#/proc/}" 2>/dev/null || true
    fi
  done
  rm -rf "$KEYRING_FOLDER"
}
trap clean EXIT
mkdir -m 700 "$KEYRING_FOLDER/run"

# Without a display the keyring cannot put up a window that waits for a person.
status=0
env -u DISPLAY -u WAYLAND_DISPLAY \
  HOME="$KEYRING_FOLDER" \
  XDG_DATA_HOME="$KEYRING_FOLDER/data" \
  XDG_CONFIG_HOME="$KEYRING_FOLDER/config" \
  XDG_CACHE_HOME="$KEYRING_FOLDER/cache" \
  XDG_RUNTIME_DIR="$KEYRING_FOLDER/run" \
  dbus-run-session -- bash -c '
    # The password makes the first collection and opens it; with an empty one there would be none.
    printf throw-away | gnome-keyring-daemon --unlock --components=secrets \
      --control-directory="$XDG_RUNTIME_DIR/keyring" >"$KEYRING_FOLDER/log" 2>&1 ||
      { cat "$KEYRING_FOLDER/log" >&2; exit 1; }
    export HOME=$OWN_HOME
    unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR KEYRING_FOLDER OWN_HOME
    exec "$@"' bash "$@" || status=$?
exit "$status"

#!/usr/bin/env bash
# Serves a DokuWiki on loopback, for tests of the engine on pages that nobody here wrote.
#
#   tests/real/dokuwiki.sh DIR PORT     makes a wiki in DIR, unless one is there, and serves it; PORT 0 takes a free one
#   tests/real/dokuwiki.sh --stop DIR   stops serving it
#   tests/real/dokuwiki.sh --fetch      only fetches and unpacks the package: the rest needs no network
#   tests/real/dokuwiki.sh --missing    says what keeps it from working here, one line each; nothing where all is well
#   tests/real/dokuwiki.sh --packages   names the Debian packages it needs
#
# The last line it prints when it serves is `http://127.0.0.1:PORT/ PID`. There is an admin (admin / adminpass) and a
# second user who may edit pages (editor / editorpass). Pages lie in DIR/data/pages, as DokuWiki stores them.
#
# DokuWiki comes from its Debian package, which is unpacked below target/, once, and not installed: the package would
# bring a web server and settings of the whole machine along. DOKUWIKI_CACHE names another folder for it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${DOKUWIKI_CACHE:-${CARGO_TARGET_DIR:-$here/../../target}/tmp/dokuwiki}
app=$cache/app

packages=(php-cli php-xml php-mbstring libphp-simplepie php-geshi php-phpseclib php-random-compat
  libjs-jquery libjs-jquery-cookie libjs-jquery-ui)

missing() {
  command -v php >/dev/null || { echo "php is not installed"; return; }
  for extension in mbstring xml; do
    php -r "exit(extension_loaded('$extension') ? 0 : 1);" || echo "php lacks the extension $extension"
  done
  # Debian's DokuWiki finds these libraries at fixed places.
  for library in php-geshi/geshi.php php/simplepie/library php/phpseclib/bootstrap.php; do
    [ -e "/usr/share/$library" ] || echo "/usr/share/$library is not installed"
  done
  [ -e "$app" ] || deb >/dev/null || echo "the package is not fetched: tests/real/dokuwiki.sh --fetch"
}

# A package that is already on this machine, if there is one.
deb() {
  local found
  for found in "$cache"/dokuwiki_*.deb /var/cache/apt/archives/dokuwiki_*.deb; do
    if [ -r "$found" ]; then echo "$found"; return; fi
  done
  return 1
}

# Unpacks the package beside its place and moves it there whole, so that a run that is killed leaves nothing half done.
fetch() {
  [ -e "$app" ] && return
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  if [ ! -e "$app" ]; then
    deb >/dev/null || (cd "$cache" && apt-get download -q dokuwiki >&2)
    local new
    new=$(mktemp -d "$cache/new.XXXXXX")
    dpkg -x "$(deb)" "$new/package"
    local code=$new/package/usr/share/dokuwiki state=$new/package/var/lib/dokuwiki
    # Debian puts plugins and templates elsewhere and links to them; here all lies together again, as DokuWiki ships it.
    rm -f "$code/.htaccess" "$code/install.php" "$code/lib/plugins" "$code/lib/tpl"
    mv "$state/lib/plugins" "$state/lib/tpl" "$code/lib/"
    mv "$new/package/etc/dokuwiki" "$code/conf"
    rm -f "$code/conf/users.auth.php" "$code/conf/acl.auth.php"
    mv "$state/data" "$code/data"
    # One copy of the code serves every wiki: each server says where its own settings lie.
    printf '%s\n' "<?php if (!defined('DOKU_CONF')) define('DOKU_CONF', getenv('DOKUWIKI_CONF') . '/');" \
      >"$code/inc/preload.php"
    chmod -R u+rwX,go+rX "$code"
    mv "$code" "$app"
    rm -rf "$new"
  fi
  exec 9>&-
}

make_wiki() {
  local wiki=$1
  [ -e "$wiki/conf/local.php" ] && return
  mkdir -p "$wiki/conf"
  cp -R "$app/data" "$wiki/data"
  cp "$app/conf"/* "$wiki/conf/"
  hash() { php -r 'echo password_hash($argv[1], PASSWORD_BCRYPT, ["cost" => 4]);' "$1"; }
  {
    printf 'admin:%s:Admin:admin@wiki.invalid:admin,user\n' "$(hash adminpass)"
    printf 'editor:%s:Editor:editor@wiki.invalid:user\n' "$(hash editorpass)"
  } >"$wiki/conf/users.auth.php"
  # Nobody reads without signing in; whoever has, may write, and delete with 8.
  printf '*\t@ALL\t0\n*\t@user\t8\n' >"$wiki/conf/acl.auth.php"
  # Written last: its presence says that the wiki is whole.
  cat >"$wiki/conf/local.php" <<PHP
<?php
\$conf['title'] = 'Wiki under test';
\$conf['savedir'] = '$wiki/data';
\$conf['useacl'] = 1;
\$conf['superuser'] = '@admin';
\$conf['disableactions'] = 'register';
\$conf['updatecheck'] = 0;
PHP
}

serving() { [ -s "$1/server.pid" ] && kill -0 "$(cat "$1/server.pid")" 2>/dev/null; }

serve() {
  local wiki=$1 port=$2
  if ! serving "$wiki"; then
    # It is looked at before the server may have opened it.
    : >"$wiki/server.log"
    DOKUWIKI_CONF=$wiki/conf nohup php -d display_errors=0 -S "127.0.0.1:$port" -t "$app" \
      </dev/null >"$wiki/server.log" 2>&1 &
    echo $! >"$wiki/server.pid"
  fi
  # The server says where it listens as soon as it does.
  local address=""
  for _ in $(seq 100); do
    address=$(sed -n 's/.*Development Server (\(http:[^)]*\)) started.*/\1/p' "$wiki/server.log")
    [ -n "$address" ] && break
    serving "$wiki" || break
    sleep 0.1
  done
  if [ -z "$address" ]; then
    cat "$wiki/server.log" >&2
    echo "DokuWiki could not be served" >&2
    return 1
  fi
  echo "$address/ $(cat "$wiki/server.pid")"
}

case ${1-} in
--packages) echo "${packages[@]}" ;;
--missing) missing ;;
--fetch) fetch ;;
--stop)
  wiki=${2:?DIR is missing}
  if serving "$wiki"; then kill "$(cat "$wiki/server.pid")"; fi
  rm -f "$wiki/server.pid"
  ;;
"" | -*)
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
*)
  mkdir -p "$1"
  fetch
  wiki=$(cd "$1" && pwd)
  make_wiki "$wiki"
  serve "$wiki" "${2:-0}"
  ;;
esac

#!/bin/sh
# Makes sure that what `make test` needs beyond Python is there: PostgreSQL, Redis, MariaDB, nginx,
# Chromium and a font. Installs only what is missing, and only as root on a Debian-like system;
# otherwise it says what to run. A server that stays missing is for the tests to judge (a skip on
# a laptop, a failure when CI is set), so this script always ends with 0.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"
export PATH

there() {
    for candidate in "$@"; do
        case $candidate in
            /*) if [ -e "$candidate" ]; then return 0; fi ;;
            *) if command -v "$candidate" >/dev/null 2>&1; then return 0; fi ;;
        esac
    done
    return 1
}

missing=
there initdb /usr/lib/postgresql/*/bin/initdb || missing="$missing postgresql"
there redis-server || missing="$missing redis-server"
there mariadbd || missing="$missing mariadb-server"
there nginx || missing="$missing nginx-light"
there chromium chromium-browser google-chrome || missing="$missing chromium"
there /usr/share/fonts/*/*/*.ttf /usr/share/fonts/*/*.ttf /usr/share/fonts/*.ttf /Library/Fonts ||
    missing="$missing fonts-liberation"
missing=${missing# }

if [ -z "$missing" ]; then
    exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Some tests need what is not installed here. On Debian or Ubuntu run:"
    echo "    sudo apt-get install --no-install-recommends $missing"
    exit 0
fi

log=$(mktemp)
policy=/usr/sbin/policy-rc.d
made_policy=

tidy() {
    if [ -n "$made_policy" ]; then rm -f "$policy"; fi
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The tests start servers of their own: the packages' services must not take ports and memory.
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

# apt-get names its mirrors while it works, so its words go to the log only.
quietly() {
    DEBIAN_FRONTEND=noninteractive "$@" >>"$log" 2>&1 </dev/null
}

echo "Installing for the tests: $missing"
quietly apt-get update || true
# shellcheck disable=SC2086 # a list of words
if ! quietly apt-get install --yes --no-install-recommends $missing; then
    for package in $missing; do
        quietly apt-get install --yes --no-install-recommends "$package" ||
            echo "Could not install $package; apt-get's own words are in $log" >&2
    done
    exit 0
fi
rm -f "$log"

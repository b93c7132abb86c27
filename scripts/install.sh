#!/bin/sh
# Install what a lock file pins, by hash; compile it once, so that every start is quick.
set -eu
venv=$1
lock=$2

if ! "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock" 2>"$venv/install.log"; then
    grep -v '^WARNING' "$venv/install.log" | tail -n 5 >&2 || true
    printf '%s\n' "The packages of $lock cannot be installed. Check the network, the package index and that the disk has 1 GB free, then run the same command again." >&2
    exit 1
fi
"$venv/bin/python" -m compileall -q -j 0 "$venv/lib" >/dev/null 2>&1 || true

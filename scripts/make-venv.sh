#!/bin/sh
# Make the virtual environment with uv inside it; say in a sentence what is in the way.
set -eu
python=$1
venv=$2

say() { printf '%s\n' "$*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
    say "There is no $python here. Install Python 3.11 or newer, or name it: make run PYTHON=python3.12"
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "DataMind needs Python 3.11 or newer; $python is $("$python" -c 'import platform; print(platform.python_version())'). Name a newer one: make run PYTHON=python3.12"
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    say "This Python lacks its venv module. On Debian or Ubuntu: apt-get install python3-venv"
    exit 1
fi
if ! "$python" -m venv "$venv" 2>/tmp/datamind-venv.$$; then
    say "The environment $venv cannot be made: $(tail -n 1 /tmp/datamind-venv.$$). Check that the folder can be written and the disk has 1 GB free."
    rm -rf "$venv" /tmp/datamind-venv.$$
    exit 1
fi
rm -f /tmp/datamind-venv.$$
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==0.13.9" 2>"$venv/pip.log"; then
    say "Packages cannot be installed: $(grep -v '^WARNING' "$venv/pip.log" | tail -n 1). Check the network and pip's package index, then run the same command again."
    rm -rf "$venv"
    exit 1
fi

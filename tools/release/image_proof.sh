#!/usr/bin/env bash
# Proves docker/Dockerfile without a container engine: every step of it, then the image at work. make image-proof
#
# buildah (chroot isolation, a store of its own below build/) builds the image over a bare Debian that debootstrap makes here in
# place of the base image. The image's own command then digitizes a dozen samples as the image's own user, with a read-only root,
# /tmp in memory, no privileges and no network.
#
#   IMAGE_ARCHIVE=FILE   also write the image there, for `docker load`
#   PIP_CERT, PIP_CONFIG_FILE, http_proxy   of this machine are used for the build and stay out of the image
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tools/release/trees.sh
. tools/release/trees.sh

PLACE=$PWD/build/image-proof
IMAGE=localhost/sohoa
KEEPER=10001

buildah_() { buildah --root "$PLACE/store" --runroot "$PLACE/run" --storage-driver vfs "$@"; }

clean_up() {
    [ ! -d "$PLACE" ] || buildah_ umount --all >/dev/null 2>&1 || true
    rm -rf --one-file-system "$PLACE"
}

base_image() {  # the bare tree in the place of debian:bookworm-slim
    local tar container
    tar=$(base_tar)
    container=$(buildah_ from scratch)
    buildah_ add --quiet "$container" "$tar" / >/dev/null
    buildah_ commit --quiet "$container" "$IMAGE-base" >/dev/null
    buildah_ rm "$container" >/dev/null
}

pip_settings() {  # this machine's, as the build's secrets
    mkdir -p "$PLACE/secrets"
    cat "${PIP_CONFIG_FILE:-/etc/pip.conf}" 2>/dev/null | grep -v '^ *cert' > "$PLACE/secrets/pip" || true
    grep -q '^\[global\]' "$PLACE/secrets/pip" || echo '[global]' >> "$PLACE/secrets/pip"
    sed -i 's|^\[global\]|[global]\ncert = /run/secrets/ca|' "$PLACE/secrets/pip"
}

build() {
    buildah_ bud --isolation chroot --network host --format docker --tag "$IMAGE" --file docker/Dockerfile \
        --build-arg BASE="$IMAGE-base" --build-arg VERSION="$(version)" --build-arg REVISION="$(git rev-parse HEAD)" \
        --secret id=pip,src="$PLACE/secrets/pip" --secret id=ca,src="${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}" . \
        > "$PLACE/build.log" 2>&1 || { tail -40 "$PLACE/build.log" >&2; stop "the build failed"; }
}

version() { sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml; }

config() {  # config EXPRESSION: of the image, as lines
    buildah_ inspect --type image "$IMAGE" | python3 -c "import json, sys; c = json.load(sys.stdin)['Docker']['config']; print('\n'.join($1))"
}

start_image() {  # start_image ARGUMENT...: as `docker run --read-only --network none --cap-drop ALL` would
    local env
    mapfile -t env < <(config "c['Env']")
    inside "$ROOT" --read-only --user "$KEEPER" --bind "$PLACE/data:/data" -- \
        env --ignore-environment --chdir=/data "${env[@]}" "$@"
}

prove() {  # prove SENTENCE COMMAND...
    local sentence=$1 started=$SECONDS
    shift
    "$@" > "$PLACE/said.log" 2>&1 || { tail -30 "$PLACE/said.log" >&2; stop "NOT TRUE: $sentence"; }
    printf '  proven (%3d s)  %s\n' $((SECONDS - started)) "$sentence"
}

refuses_to_be_written() {
    ! start_image touch /opt/sohoa/x && ! start_image touch /etc/x && ! start_image touch /var/lib/x && start_image touch /tmp/x
}
has_no_network() { start_image python -c '
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3)
except OSError as error:
    raise SystemExit("unreachable" not in str(error))
raise SystemExit(1)'; }
runs_as_keeper() {
    [ "$(config "[c['User']]")" = "$KEEPER:$KEEPER" ] && [ "$(start_image python -c 'import os; print(os.getuid(), os.getgid())')" = "$KEEPER $KEEPER" ]
}
knows_its_names() { [ "$(config "c['Entrypoint'] + c['Cmd'] + [c['StopSignal']] + list(c['Volumes'])" | tr '\n' ' ')" = 'sohoa work SIGTERM /data ' ]; }
holds_no_secret() {  # neither what pip was told nor pip itself
    ! ls "$ROOT"/run/secrets/* "$ROOT/etc/pip.conf" 2>/dev/null && [ ! -e "$ROOT/opt/sohoa/bin/pip" ]
}
answers() {  # asked as compose.yml asks
    # shellcheck disable=SC2016
    start_image sh -c 'sohoa init; sohoa serve & sleep 8; python -c "from urllib.request import urlopen; urlopen(\"http://127.0.0.1:8080/healthz\", timeout=5)"'
}
digitizes() { start_image sohoa demo --folder /data/demo; }
made_renditions() { [ "$(find "$PLACE/data/demo/kho/store" -name rendition.pdf -size +1k | wc -l)" = 12 ]; }
finds_again() { start_image env SOHOA_HOME=/data/demo/kho sohoa search 'uy ban nhan dan' | grep -q 'hồ sơ'; }
belongs_to_keeper() { [ -z "$(find "$PLACE/data" ! -user "$KEEPER" -print -quit)" ]; }
stops_when_asked() {  # the exit code of an interrupted command, not that of a killed one
    local shell code=0 tries=60
    start_image sohoa init || return
    start_image sohoa work > "$PLACE/work.log" 2>&1 &
    shell=$!
    # Before it has said this it hears nothing: to process 1 a signal that it does not handle is none.
    until grep -q 'Đang chờ' "$PLACE/work.log" || [ $((tries -= 1)) = 0 ]; do sleep 1; done
    kill -TERM "$(only_child "$(only_child "$shell")")"  # the shell's child is unshare, its child is process 1 in there
    wait "$shell" || code=$?
    [ "$code" = 130 ]
}
only_child() { tr -d ' ' < "/proc/$1/task/$1/children"; }

main() {
    need_root
    need_programs buildah=buildah debootstrap=debootstrap unshare=util-linux setpriv=util-linux ip=iproute2
    trap clean_up EXIT
    clean_up
    mkdir -p "$PLACE"
    install --directory --owner "$KEEPER" --group "$KEEPER" "$PLACE/data"
    local started=$SECONDS container
    pip_settings
    base_image
    local built=$SECONDS
    build
    built=$((SECONDS - built))
    container=$(buildah_ from "$IMAGE")
    ROOT=$(buildah_ mount "$container")
    printf 'docker/Dockerfile over Debian %s (%s): built in %d s, %d MB unpacked\n' "$SUITE" "$ARCH" "$built" "$(du --summarize --block-size=MB "$ROOT" | cut -f1 | tr -d MB)"
    prove 'its user, entry point, stop signal and volume are as promised' knows_its_names
    prove "it runs as $KEEPER" runs_as_keeper
    prove 'nothing of the build is left in it: no pip, no settings of pip, no secret' holds_no_secret
    prove 'its root cannot be written, /tmp can' refuses_to_be_written
    prove 'there is no network where the following ran' has_no_network
    prove 'sohoa doctor finds nothing bad' start_image sohoa doctor
    prove 'sohoa demo takes in, reads and finds a dozen samples' digitizes
    prove 'each has its PDF/A' made_renditions
    prove 'what was read is found by a later command' finds_again
    prove 'all that was written lies below /data and belongs to the user' belongs_to_keeper
    prove 'sohoa serve answers as healthy' answers
    prove 'sohoa work, as process 1, parks its work on SIGTERM' stops_when_asked
    [ -z "${IMAGE_ARCHIVE:-}" ] || buildah_ push --quiet "$IMAGE" "docker-archive:$IMAGE_ARCHIVE:sohoa:$(version)"
    printf 'all proven in %d s\n' $((SECONDS - started))
}

main

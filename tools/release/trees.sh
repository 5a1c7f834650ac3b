# Debian trees to build and to prove in, for `source`: made once with debootstrap, kept as a tar, entered without network.
# shellcheck shell=bash
#
#   SUITE             Debian's release (bookworm)
#   DEBIAN_MIRROR, DEBIAN_SECURITY_MIRROR
#                     where packages come from; else what debootstrap itself knows, and the same with -security after it
#   http_proxy        is heeded by debootstrap and apt

SUITE=${SUITE:-bookworm}
ARCH=$(dpkg --print-architecture)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sohoa-release

say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }
stop() { say "$@"; exit 1; }

need_root() { [ "$(id -u)" = 0 ] || stop "this makes trees and mounts: please run it as root"; }

need_programs() {  # need_programs PROGRAM=PACKAGE...
    local need missing=()
    for need in "$@"; do
        command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >/dev/null
}

base_tar() {  # the path of a bare tree of SUITE as tar, made when there is none or it is older than a month
    local tar=$CACHE/debian-$SUITE-$ARCH.tar tree
    if [ -n "$(find "$tar" -mtime -30 2>/dev/null)" ]; then
        echo "$tar"
        return
    fi
    need_programs debootstrap=debootstrap
    mkdir -p "$CACHE"
    tree=$(mktemp -d "$CACHE/tree.XXXXXX")
    say "making a bare Debian $SUITE ($ARCH)"
    # shellcheck disable=SC2086  # no mirror is no argument
    debootstrap --variant=minbase "$SUITE" "$tree" ${DEBIAN_MIRROR:-} >"$tree.log" 2>&1 || stop "debootstrap failed: $(tail -3 "$tree.log")"
    chmod 755 "$tree"  # mktemp made it for root alone
    name_sources "$tree"
    tar --directory "$tree" --create --file "$tar.part" --exclude='./dev/*' --exclude='./var/cache/apt/archives/*.deb' .
    mv "$tar.part" "$tar"
    rm -rf --one-file-system "$tree" "$tree.log"
    echo "$tar"
}

name_sources() {  # name_sources TREE: with the release's corrections and security updates
    local mirror security
    mirror=$(awk '$1 == "deb" { print $2; exit }' "$1/etc/apt/sources.list")
    security=${DEBIAN_SECURITY_MIRROR:-${mirror%/}-security}
    cat > "$1/etc/apt/sources.list" <<LIST
deb $mirror $SUITE main
deb $mirror $SUITE-updates main
deb $security $SUITE-security main
LIST
}

new_tree() {  # new_tree FOLDER: a bare tree of one's own
    local tar
    tar=$(base_tar)
    mkdir -p "$1"
    tar --directory "$1" --extract --file "$tar"
}

drop_tree() {  # never follows a mount that was forgotten
    rm -rf --one-file-system "$1"
}

# inside TREE [--network] [--read-only] [--user UID] [--bind FOLDER:PLACE[:ro]]... -- COMMAND...
#
# Runs a command with TREE as its root: processes and mounts of its own, /tmp in memory, an empty /dev but for the usual devices, and
# no network but a loopback of its own, unless --network says otherwise. With --user no privilege is left to be had. Of this
# machine's environment only the proxies get in.
inside() {
    local tree=$1 network=off root=rw user=0 binds=() flags=(--mount --pid --fork --kill-child --ipc --uts --propagation private)
    shift
    while [ "$1" != -- ]; do
        case $1 in
            --network) network=on ;;
            --read-only) root=ro ;;
            --user) user=$2; shift ;;
            --bind) binds+=("$2"); shift ;;
            *) stop "inside: unknown $1" ;;
        esac
        shift
    done
    shift
    [ "$network" = on ] && cp --dereference /etc/resolv.conf "$tree/etc/resolv.conf"
    [ "$network" = on ] || flags+=(--net)
    unshare "${flags[@]}" -- bash -euc "$ENTER" enter "$tree" "$root" "$user" "$network" "${#binds[@]}" "${binds[@]}" env --ignore-environment \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

# What `inside` runs in its new namespaces; single quotes, since it is for that other shell.
# shellcheck disable=SC2016
ENTER='
    tree=$1 root=$2 user=$3 network=$4 count=$5
    shift 5
    [ "$network" = on ] || ip link set lo up
    mount --bind "$tree" "$tree"
    mount -t proc proc "$tree/proc"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmp "$tree/tmp"
    mount -t tmpfs -o mode=755,nosuid dev "$tree/dev"
    for device in null zero full random urandom; do
        touch "$tree/dev/$device"
        mount --bind "/dev/$device" "$tree/dev/$device"
    done
    mkdir -m 1777 "$tree/dev/shm"
    ln -s /proc/self/fd "$tree/dev/fd"
    ln -s /proc/self/fd/1 "$tree/dev/stdout"
    ln -s /proc/self/fd/2 "$tree/dev/stderr"
    while [ "$count" -gt 0 ]; do
        IFS=: read -r from place how <<< "$1"
        mkdir -p "$tree$place"
        mount --bind "$from" "$tree$place"
        [ -z "$how" ] || mount -o "remount,bind,$how" "$tree$place"
        shift
        count=$((count - 1))
    done
    [ "$root" = rw ] || mount -o remount,bind,ro "$tree"
    if [ "$user" = 0 ]; then
        exec chroot "$tree" "$@"
    fi
    exec setpriv --no-new-privs chroot --userspec="$user:$user" --groups= "$tree" "$@"
'

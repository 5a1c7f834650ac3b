#!/usr/bin/env bash
# Proves the archive of `make bundle` where an office would use it: a bare Debian, no network, a USB stick. make bundle-proof
#
# In a fresh debootstrap tree without any network the archive is unpacked and installed by its own installer, twice; then a user
# without rights digitizes samples and goes the whole way of an embedded home. What must be refused is tried too.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tools/release/trees.sh
. tools/release/trees.sh

PLACE=$PWD/build/bundle-proof
LOG=$PWD/build/bundle-proof.log
STICK='/media/an/Ổ USB của An'  # blanks and marks, as sticks have them
CLERK=1000

as_root() { inside "$TREE" -- env --chdir="$BUNDLE" "$@"; }
as_clerk() { inside "$TREE" --user "$CLERK" -- env --chdir=/home/an HOME=/home/an SOHOA_HOME=/home/an/kho SOHOA_JOBS=2 "$@"; }

leave() {  # leave EXIT_CODE
    [ "$1" = 0 ] || { tail -25 "$LOG" >&2; say "it did not come to its end; all that was said is in $LOG"; }
    drop_tree "$PLACE"
}

prove() {  # prove SENTENCE COMMAND...
    local sentence=$1 started=$SECONDS
    shift
    printf '\n=== %s\n' "$sentence" >> "$LOG"
    "$@" >> "$LOG" 2>&1 || stop "NOT TRUE: $sentence"
    printf '  proven (%3d s)  %s\n' $((SECONDS - started)) "$sentence"
}

refuses() {  # refuses CODE COMMAND...: with that code on the last lines, and without having installed anything
    local code=$1 said
    shift
    if said=$("$@" 2>&1); then return 1; fi
    echo "$said"
    grep -q "($code)" <<< "$said" && [ ! -e "$TREE/usr/local/bin/sohoa" ]
}

unpacks() { inside "$TREE" -- tar --directory "$STICK" --extract --file "$STICK/$NAME.tar"; }
has_no_network() {  # nothing but a loopback of its own, and nowhere to go from it
    [ "$(inside "$TREE" -- cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' ')" = lo ] &&
        [ -z "$(inside "$TREE" -- cat /proc/net/route | tail -n +2)" ] &&
        ! inside "$TREE" -- bash -c 'echo > /dev/tcp/192.0.2.1/80' 2>/dev/null
}
refuses_strangers() { refuses NOT_ROOT inside "$TREE" --user "$CLERK" -- "$BUNDLE/install.sh"; }
refuses_damage() {
    local wheel code=0
    wheel=$(find "$TREE$BUNDLE/wheels" -name 'numpy-*.whl')
    cp "$wheel" "$PLACE/good.whl"
    printf x | dd of="$wheel" bs=1 seek=100000 conv=notrunc status=none
    refuses DAMAGED as_root ./install.sh || code=1
    cp "$PLACE/good.whl" "$wheel"
    return $code
}
refuses_another_debian() {
    local code=0
    sed -i.good 's/^VERSION_ID=.*/VERSION_ID="99"/' "$TREE/etc/os-release"
    refuses WRONG_SYSTEM as_root ./install.sh || code=1
    mv "$TREE/etc/os-release.good" "$TREE/etc/os-release"
    return $code
}
installs_again() {  # the same version, and nothing of Debian's is fetched again
    local before
    before=$(readlink "$TREE/opt/sohoa/current")
    as_root ./install.sh && [ "$(readlink "$TREE/opt/sohoa/current")" = "$before" ] && [ ! -e "$TREE/opt/sohoa/previous" ]
}
digitizes() {
    as_clerk sohoa samples mau --count 3 --seed 5 && as_clerk sohoa digitize mau -o ket-qua &&
        [ "$(find "$TREE/home/an/ket-qua" -name record.json -size +1k | wc -l)" = 3 ] &&
        [ "$(find "$TREE/home/an/ket-qua" -name rendition.pdf -size +1k | wc -l)" = 3 ]
}
goes_the_whole_way() {
    as_clerk sohoa init && as_clerk sohoa ingest mau --declared 3 && as_clerk sohoa work --once && as_clerk sohoa status &&
        as_clerk sohoa search 'uy ban nhan dan' --json | grep -c record_id && as_clerk sohoa fixity
}
is_removed() {
    as_root /opt/sohoa/install.sh --remove && [ ! -e "$TREE/opt/sohoa" ] && [ ! -e "$TREE/usr/local/bin/sohoa" ] && [ -d "$TREE/home/an/kho/store" ]
}

main() {
    local archive started=$SECONDS
    need_root
    need_programs debootstrap=debootstrap unshare=util-linux setpriv=util-linux ip=iproute2
    archive=$(find build -maxdepth 1 -name 'sohoa-*.tar' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)
    [ -n "$archive" ] || stop 'there is no archive: make bundle'
    NAME=$(basename "$archive" .tar)
    TREE=$PLACE/tree
    BUNDLE=$STICK/$NAME
    drop_tree "$PLACE"
    : > "$LOG"
    trap 'leave $?' EXIT
    new_tree "$TREE"
    install --directory --owner "$CLERK" --group "$CLERK" "$TREE/home/an"
    mkdir -p "$TREE$STICK"
    cp "$archive" "$TREE$STICK/"
    printf '%s on a bare Debian %s (%s)\n' "$archive" "$SUITE" "$ARCH"
    prove 'there is no network in the tree' has_no_network
    prove 'the archive is unpacked on the stick' unpacks
    prove 'the installer refuses who is not root' refuses_strangers
    prove 'the installer refuses a damaged archive before it installs anything' refuses_damage
    prove 'the installer refuses another Debian' refuses_another_debian
    prove 'the installer installs all, and sohoa doctor finds nothing bad' as_root ./install.sh
    prove 'installing again is harmless' installs_again
    prove 'a user without rights digitizes three samples into records and PDF/A' digitizes
    prove 'init, ingest, work, status, search and fixity work on a home' goes_the_whole_way
    prove 'it is removed, and the records stay' is_removed
    printf 'all proven in %d s\n' $((SECONDS - started))
}

main

#!/usr/bin/env bash
# Installs what is missing and nothing else: tools/setup.sh [run|dev|servers|bench|train]
#
#   run       what sohoa needs to work               requirements.lock
#   dev       run + the tests' tools                 requirements-dev.lock
#   servers   dev + what tests on real servers need  requirements-dev.lock, requirements-servers.lock
#   bench     dev + what the benchmark compares      requirements-dev.lock, requirements-bench.lock
#   train     dev + what trains the line network     requirements-dev.lock, requirements-train.lock
#
# On Debian and Ubuntu it installs missing programs with apt-get when it may (root or sudo without a password); on any other
# system, or without that right, it says exactly what to install. Python packages go into .venv, each checked against its digest.
set -euo pipefail
cd "$(dirname "$0")/.."

PROFILE=${1:-run}
VENV=.venv

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

locks_of() {
    case $1 in
        run) echo requirements.lock ;;
        dev) echo requirements-dev.lock ;;
        servers) echo requirements-dev.lock requirements-servers.lock ;;
        bench) echo requirements-dev.lock requirements-bench.lock ;;
        train) echo requirements-dev.lock requirements-train.lock ;;
        *) stop "unknown profile '$1': run, dev, servers, bench or train" ;;
    esac
}

# ---- programs and fonts: each need has a name, a test and a package ------------------------------------------------------------

# No pipe into `grep -q`: it hangs up at the first match, and under pipefail the writer's broken pipe would be a failure.
has_language() { command -v tesseract >/dev/null && grep -qx "$1" <<< "$(tesseract --list-langs 2>/dev/null)"; }
has_font() {  # a file of that name in a usual font folder
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts /Library/Fonts "$HOME/.local/share/fonts" "$HOME/.fonts" \
        "$HOME/Library/Fonts" -name "$1" -print -quit 2>/dev/null)" ]
}

missing_needs() {
    command -v tesseract >/dev/null || echo tesseract
    has_language vie || echo vie
    has_language osd || echo osd
    command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null && command -v pdftocairo >/dev/null || echo poppler
    has_font 'Tinos-Regular.ttf' || echo tinos
    has_font 'DejaVuSans.ttf' || echo dejavu
    [ "$PROFILE" = run ] || [ "$(uname -s)" != Linux ] || command -v strace >/dev/null || echo strace  # tests of power loss
    [ "$PROFILE" != train ] || has_font 'NotoSerif-Regular.ttf' || echo noto
    [ "$PROFILE" != bench ] || command -v gs >/dev/null || echo ghostscript  # OCRmyPDF makes PDF/A with it
}

package_of() {  # package_of SYSTEM NEED
    case $1:$2 in
        debian:tesseract) echo tesseract-ocr ;;     debian:vie) echo tesseract-ocr-vie ;;
        debian:osd) echo tesseract-ocr-osd ;;       debian:poppler) echo poppler-utils ;;
        debian:tinos) echo fonts-croscore ;;        debian:dejavu) echo fonts-dejavu-core ;;
        *:strace) echo strace ;;
        fedora:noto) echo google-noto-serif-fonts ;; arch:noto) echo noto-fonts ;;
        *:noto) echo fonts-noto-core ;;
        debian:venv) echo python3-venv ;;           *:ghostscript) echo ghostscript ;;
        fedora:tesseract) echo tesseract ;;         fedora:vie) echo tesseract-langpack-vie ;;
        fedora:osd) echo tesseract-osd ;;           fedora:poppler) echo poppler-utils ;;
        fedora:tinos) echo google-tinos-fonts ;;    fedora:dejavu) echo dejavu-sans-fonts ;;
        arch:tesseract) echo tesseract ;;           arch:vie) echo tesseract-data-vie ;;
        arch:osd) echo tesseract-data-osd ;;        arch:poppler) echo poppler ;;
        arch:tinos) echo ttf-croscore ;;            arch:dejavu) echo ttf-dejavu ;;
        mac:tesseract) echo tesseract ;;            mac:vie | mac:osd) echo tesseract-lang ;;
        mac:poppler) echo poppler ;;                mac:tinos) echo font-tinos ;;
        mac:dejavu) echo font-dejavu ;;
        *) echo "$2" ;;
    esac
}

system_name() {
    if command -v apt-get >/dev/null; then echo debian
    elif command -v dnf >/dev/null; then echo fedora
    elif command -v pacman >/dev/null; then echo arch
    elif [ "$(uname -s)" = Darwin ]; then echo mac
    else echo other; fi
}

packages_for() { for need in "$@"; do package_of "$(system_name)" "$need"; done | sort -u | tr '\n' ' '; }

command_to_type() {
    case $(system_name) in
        debian) echo "sudo apt-get install $*" ;;
        fedora) echo "sudo dnf install $*" ;;
        arch) echo "sudo pacman -S $*" ;;
        mac) echo "brew install $*" ;;
        *) echo "install these by your system's means (tesseract 5 with its vie and osd data, poppler, the fonts Tinos and DejaVu Sans): $*" ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    [ "$(system_name)" = debian ] && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

apt_install() {
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    # The package list of a fresh machine is empty or old: fetched only when the first try fails.
    as_root apt-get install --yes --quiet --no-install-recommends "$@" >/dev/null 2>&1 && return
    as_root apt-get update --quiet >/dev/null || say "apt-get update failed; trying with the list there is"
    as_root apt-get install --yes --quiet --no-install-recommends "$@" >/dev/null
}

install_needs() {
    local needs packages
    needs=$(missing_needs)
    [ -n "$needs" ] || return 0
    # shellcheck disable=SC2086  # a list of words
    packages=$(packages_for $needs)
    if may_install; then
        # shellcheck disable=SC2086
        apt_install $packages || say "apt-get could not install: $packages"
    fi
    needs=$(missing_needs)
    [ -n "$needs" ] || return 0
    # shellcheck disable=SC2086
    packages=$(packages_for $needs)
    say "missing: $(echo "$needs" | tr '\n' ' ')"
    may_install || say "this user may not install system packages here"
    # shellcheck disable=SC2086
    stop "please run: $(command_to_type $packages) and then this command again"
}

# ---- Python -----------------------------------------------------------------------------------------------------------------------

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && fits "$candidate"; then echo "$candidate"; return; fi
    done
    stop "no Python 3.11, 3.12 or 3.13 found; install one, or name one with PYTHON=/path/to/python3"
}

make_venv() {
    "$VENV/bin/python" -m pip --version >/dev/null 2>&1 && fits "$VENV/bin/python" && return
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian keeps ensurepip in a package of its own, named after the version.
        local package
        package="$("$python" -c 'import sys; print(f"python3.{sys.version_info.minor}-venv")')"
        may_install && apt_install "$package"
        "$python" -c 'import ensurepip, venv' 2>/dev/null || stop "please run: $(command_to_type "$package") and then this command again"
    fi
    say "making $VENV with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
}

digest_of() { cat "$@" pyproject.toml tools/setup.sh | "$VENV/bin/python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

is_done() {  # a larger profile covers the smaller ones
    local larger
    for larger in "$@"; do
        # shellcheck disable=SC2046
        [ "$(cat "$VENV/sohoa-$larger.stamp" 2>/dev/null)" = "$(digest_of $(locks_of "$larger"))" ] && return 0
    done
    return 1
}

install_packages() {
    local lock
    case $PROFILE in
        run) is_done run dev servers bench && return ;;
        dev) is_done dev servers bench && return ;;
        servers) is_done servers && return ;;
        bench) is_done bench && return ;;
    esac
    for lock in $(locks_of "$PROFILE"); do
        say "installing Python packages from $lock"
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock" \
            || stop "pip could not install $lock; without internet set PIP_NO_INDEX=1 and PIP_FIND_LINKS to a folder of wheels"
    done
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    # shellcheck disable=SC2046
    digest_of $(locks_of "$PROFILE") > "$VENV/sohoa-$PROFILE.stamp"
}

locks_of "$PROFILE" >/dev/null
install_needs
make_venv
install_packages
say "ready ($PROFILE): $VENV/bin/sohoa"

#!/usr/bin/env bash
# Cài đặt sohoa trên máy không có mạng, từ chính thư mục này. Hướng dẫn: cai-dat-khong-mang.md
#
#   sudo ./install.sh              cài, hoặc nâng cấp nếu đã cài; chạy lại bao nhiêu lần cũng được
#   sudo ./install.sh --rollback   trở về bản trước
#   sudo ./install.sh --remove     gỡ chương trình; hồ sơ không bị đụng đến
#
# Each installation is a folder of its own below /opt/sohoa/versions, and `current` is moved to it when it has shown that it works:
# an upgrade that fails half-way leaves the old one as it was. DESTDIR: another root, as packagers know it.
set -euo pipefail

ROOT=${DESTDIR:-}
PLACE=$ROOT/opt/sohoa
COMMAND=$ROOT/usr/local/bin/sohoa
LOG=$ROOT/var/log/sohoa-install.log
NEED_MB=1500  # Python packages 700, Debian's 250, and as much again while one version replaces the other
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin  # `su` may leave these out, and dpkg needs them
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

say() { printf '%s\n' "$*"; }
stop() {  # stop CODE SENTENCE NEXT_STEP
    printf '\nKHÔNG CÀI ĐƯỢC (%s): %s\n%s\n' "$1" "$2" "$3" >&2
    exit 1
}

# ---- may it be installed here -------------------------------------------------------------------------------------------------

of_system() { sed -n "s/^$1=\"\\{0,1\\}\\([^\"]*\\)\"\\{0,1\\}\$/\\1/p" "$ROOT/etc/os-release" 2>/dev/null; }
of_release() { sed -n "s/^$1=//p" release; }

check_root() {
    [ "$(id -u)" = 0 ] || stop NOT_ROOT 'cần quyền quản trị.' 'Gõ lại: sudo ./install.sh   (hoặc: su -c ./install.sh)'
}

check_system() {
    local arch
    [ "$(of_system ID)" = debian ] && [ "$(of_system VERSION_ID)" = "$(of_release DEBIAN)" ] ||
        stop WRONG_SYSTEM "gói này dành cho Debian $(of_release DEBIAN), máy này là $(of_system PRETTY_NAME)." \
            'Xin gói đúng phiên bản của máy; đừng cài thử gói này.'
    arch=$(dpkg --print-architecture)
    [ "$arch" = "$(of_release ARCH)" ] ||
        stop WRONG_ARCHITECTURE "gói này dành cho máy $(of_release ARCH), máy này là $arch." 'Xin gói đúng loại máy.'
}

check_room() {
    local free
    mkdir -p "$PLACE"
    free=$(df --output=avail --block-size=1M "$PLACE" | tail -1 | tr -d ' ')
    [ "$free" -ge "$NEED_MB" ] || stop NO_ROOM "ổ đĩa chứa $PLACE còn $free MB, cần $NEED_MB MB." 'Dọn bớt rồi chạy lại.'
}

check_sums() {
    local wrong
    [ -f SHA256SUMS ] || stop INCOMPLETE 'thiếu tệp SHA256SUMS.' 'Giải nén lại gói, hoặc chép lại gói từ nơi phát hành.'
    wrong=$(sha256sum --check --quiet SHA256SUMS 2>/dev/null | sed 's/: .*//' | head -5) || true
    [ -z "$wrong" ] ||
        stop DAMAGED "các tệp này hỏng hoặc thiếu: $(echo "$wrong" | tr '\n' ' ')" \
            'Chép lại gói từ nơi phát hành rồi chạy lại; chưa có gì được cài.'
}

# ---- installing ---------------------------------------------------------------------------------------------------------------

# Only this folder is asked, with lists and a cache of its own: what the machine knows of its usual sources stays as it is.
apt() {
    apt-get --quiet -o Dir::Etc::sourcelist="$WORK/sources.list" -o Dir::Etc::sourceparts=/nowhere -o Dir::State::lists="$WORK/lists" \
        -o Dir::Cache="$WORK/cache" -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=0 "$@" >> "$LOG" 2>&1
}

install_debs() {
    say '2. Cài các gói của Debian'
    ln -s "$PWD/debs" "$WORK/debs"  # apt's list of sources takes no blanks, the name of a USB stick may have some
    mkdir -p "$WORK/lists/partial" "$WORK/cache/archives/partial"
    echo "deb [trusted=yes] file:$WORK/debs ./" > "$WORK/sources.list"
    # shellcheck disable=SC2046  # a list of names
    { apt update && apt install --yes --no-install-recommends --no-remove $(cat packages.txt); } ||
        stop DEBIAN_PACKAGES "apt không cài được; chi tiết ở $LOG." \
            'Nếu máy đang dở một lần cài khác, gõ: dpkg --configure -a, rồi chạy lại.'
}

make_version() {  # make_version FOLDER: a Python environment of its own, from the wheels of this folder alone
    say '3. Cài sohoa'
    rm -rf "$1"
    mkdir -p "$PLACE/versions"
    { "$ROOT/usr/bin/python3" -m venv "$1" &&
        env PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_FIND_LINKS=wheels PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
            "$1/bin/python" -m pip install --quiet --require-hashes --only-binary :all: --no-warn-script-location \
            --requirement requirements.lock --requirement requirements-sohoa.lock; } >> "$LOG" 2>&1 ||
        stop PYTHON_PACKAGES "pip không cài được; chi tiết ở $LOG." 'Gửi tệp đó cho nơi phát hành; bản đang dùng (nếu có) vẫn như cũ.'
    touch "$1/complete"
}

try_version() {  # before anything points to it
    say '4. Kiểm tra (sohoa doctor)'
    (cd / && env --ignore-environment PATH="$1/bin:$PATH" HOME="${HOME:-/root}" LC_ALL=C.UTF-8 "$1/bin/sohoa" doctor) ||
        stop NOT_USABLE 'bản mới không dùng được trên máy này (xem các dòng «hỏng» ở trên).' 'Bản đang dùng (nếu có) vẫn như cũ.'
}

point() {  # point LINK FOLDER: in one step
    ln -sfn "$2" "$1.new"
    mv --no-target-directory "$1.new" "$1"
}

use_version() {  # use_version FOLDER: from now on; the one before it is kept for going back
    local old
    old=$(readlink "$PLACE/current" 2>/dev/null || true)
    if [ -n "$old" ] && [ "$old" != "$1" ]; then
        point "$PLACE/previous" "$old"
    fi
    point "$PLACE/current" "$1"
    mkdir -p "$(dirname "$COMMAND")"
    point "$COMMAND" /opt/sohoa/current/bin/sohoa
    if [ -d "$ROOT/run/systemd/system" ]; then  # what is under way is parked, and gone on with by the new version
        systemctl try-restart sohoa-work.service sohoa-serve.service >> "$LOG" 2>&1 || true
    fi
}

drop_older() {
    local folder
    for folder in "$PLACE"/versions/*; do
        case /opt/sohoa/versions/${folder##*/} in
            "$(readlink "$PLACE/current")" | "$(readlink "$PLACE/previous" 2>/dev/null)") ;;
            *) rm -rf "$folder" ;;
        esac
    done
}

say_next() {
    cat <<TEXT

Đã cài sohoa $(of_release VERSION) ($(of_release REVISION)).

Việc tiếp theo, với tài khoản của người dùng (không cần quyền quản trị):

  export SOHOA_HOME=\$HOME/kho-so-hoa       nơi giữ hồ sơ; nên thêm dòng này vào ~/.profile
  sohoa init                               tạo kho
  sohoa ingest THƯ_MỤC_BẢN_QUÉT            nhận bản quét vào kho
  sohoa work --once                        đọc những gì đã nhận
  sohoa search "ủy ban nhân dân"           tìm lại

Xem thử với văn bản mẫu: sohoa demo.   Gỡ bỏ: sudo /opt/sohoa/install.sh --remove
TEXT
}

install_all() {
    local version
    [ -f release ] || stop INCOMPLETE 'đây không phải thư mục của gói cài đặt.' 'Mở thư mục đã giải nén từ gói rồi chạy lại ở đó.'
    say "sohoa $(of_release VERSION) cho Debian $(of_release DEBIAN) ($(of_release ARCH)), không cần mạng"
    check_system
    check_room
    say '1. Kiểm tra các tệp của gói'
    check_sums
    version=versions/$(of_release VERSION)-$(sha256sum SHA256SUMS | cut -c1-12)
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    install_debs
    if [ -e "$PLACE/$version/complete" ]; then
        say "3. sohoa: bản này đã có"
    else
        make_version "$PLACE/$version"
    fi
    try_version "$PLACE/$version"
    install -m 755 install.sh "$PLACE/install.sh"
    rm -rf "$PLACE/deploy" && cp -R deploy "$PLACE/deploy"
    use_version "/opt/sohoa/$version"
    drop_older
    say_next
}

# ---- and back -----------------------------------------------------------------------------------------------------------------

roll_back() {
    local previous
    previous=$(readlink "$PLACE/previous" 2>/dev/null) && [ -e "$ROOT$previous/complete" ] ||
        stop NO_PREVIOUS 'không có bản trước.' 'Cài lại từ gói của bản muốn dùng.'
    use_version "$previous"
    say "Đã trở về bản trước: ${previous##*/}. Gõ lần nữa để quay lại bản vừa rời."
}

remove_all() {
    if [ -d "$ROOT/run/systemd/system" ]; then
        systemctl disable --now sohoa-work.service sohoa-serve.service >> "$LOG" 2>&1 || true
    fi
    [ ! -L "$COMMAND" ] || rm "$COMMAND"
    rm -rf "$PLACE"
    say 'Đã gỡ sohoa. Hồ sơ (SOHOA_HOME) và các gói của Debian vẫn còn nguyên.'
}

main() {
    cd "$(dirname "$(readlink -f "$0")")"
    case ${1:-} in
        '' | --rollback | --remove) check_root ;;
        *) say 'Cách dùng: sudo ./install.sh [--rollback | --remove]'; exit 2 ;;
    esac
    mkdir -p "$(dirname "$LOG")" "$ROOT/run/lock"
    exec 9> "$ROOT/run/lock/sohoa-install"
    flock --nonblock 9 || stop BUSY 'một lần cài khác đang chạy.' 'Đợi lần đó xong.'
    printf '\n=== %s %s\n' "$(date --iso-8601=seconds)" "${1:-install}" >> "$LOG"
    [ ! -e "$COMMAND" ] || [ -L "$COMMAND" ] || stop FOREIGN "$COMMAND đã có và không phải do gói này cài." 'Xem đó là gì, chuyển đi rồi chạy lại.'
    case ${1:-} in
        '') install_all ;;
        --rollback) roll_back ;;
        --remove) remove_all ;;
    esac
}

main "$@"

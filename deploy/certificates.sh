#!/usr/bin/env bash
# An authority of one's own, and a certificate for each server:
#
#   deploy/certificates.sh FOLDER SERVER=NAME[,NAME...]...
#   deploy/certificates.sh /etc/sohoa/tls store=store.tinh.local,10.0.0.5 redis=redis.tinh.local elastic=elastic.tinh.local
#
# NAME is a host name or an IP address by which clients call the server; localhost is always among them. Written are
#
#   FOLDER/ca.pem  ca.key               the authority: ca.pem goes to every machine, ca.key stays here, or better on a stick in a safe
#   FOLDER/SERVER/public.crt  private.key
#
# What is there stays: run it again to add a server. To renew a server's certificate delete its folder first; it lasts 825 days, the
# authority ten years. A province with an authority of its own needs none of this: it names that one's certificate in the settings.
set -euo pipefail

SERVER_DAYS=825
CA_DAYS=3650

stop() { printf 'certificates: %s\n' "$*" >&2; exit 1; }

new_key() { (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$1"); }

make_authority() {
    [ ! -e "$1/ca.key" ] && [ ! -e "$1/ca.pem" ] || return 0
    new_key "$1/ca.key"
    openssl req -x509 -new -key "$1/ca.key" -sha256 -days "$CA_DAYS" -subj '/CN=sohoa authority' -out "$1/ca.pem" \
        -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign'
}

alternative_names() {  # "a.local,10.0.0.5" -> "DNS:localhost,IP:127.0.0.1,DNS:a.local,IP:10.0.0.5"
    local name list=DNS:localhost,IP:127.0.0.1
    for name in ${1//,/ }; do
        case $name in
            *:*) list+=,IP:$name ;;
            *[!0-9.]*) list+=,DNS:$name ;;
            *) list+=,IP:$name ;;
        esac
    done
    echo "$list"
}

make_certificate() {  # make_certificate FOLDER SERVER NAMES
    local place=$1/$2 names
    [ ! -e "$place/private.key" ] || { printf 'certificates: %s is there\n' "$2" >&2; return; }
    [ -e "$1/ca.key" ] || stop "$1/ca.key is missing: only with it can a certificate be made that $1/ca.pem vouches for"
    names=$(alternative_names "$3")
    mkdir -p "$place"
    new_key "$place/private.key.part"
    openssl req -new -key "$place/private.key.part" -sha256 -subj "/CN=$2" |
        openssl x509 -req -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -CAserial "$1/ca.srl" -sha256 -days "$SERVER_DAYS" \
            -extfile <(printf '%s\n' "subjectAltName=$names" basicConstraints=critical,CA:FALSE extendedKeyUsage=serverAuth \
                keyUsage=critical,digitalSignature authorityKeyIdentifier=keyid) \
            -out "$place/public.crt" 2>/dev/null
    mv "$place/private.key.part" "$place/private.key"
    printf 'certificates: %s: %s\n' "$2" "$names" >&2
}

[ $# -ge 2 ] || stop "usage: $0 FOLDER SERVER=NAME[,NAME...]..."
command -v openssl >/dev/null || stop "openssl is missing; please run: sudo apt-get install openssl"
folder=$1
shift
mkdir -p "$folder"
make_authority "$folder"
for server in "$@"; do
    case $server in
        */* | =* | [!A-Za-z]*) stop "$server: SERVER=NAME[,NAME...] was expected" ;;
        *=*) make_certificate "$folder" "${server%%=*}" "${server#*=}" ;;
        *) make_certificate "$folder" "$server" "$server" ;;
    esac
done

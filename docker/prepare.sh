#!/usr/bin/env bash
# Passwords and certificates for compose.yml, once: sudo docker/prepare.sh [FOLDER] [NAME[,NAME...]]
#
# FOLDER: docker/secrets, or what the variable SECRETS of compose names. NAME: host names and addresses of this machine by which workers
# on other machines call its servers. What is there stays. Each file can be read by the user of the container that needs it (hence
# root) and by nobody else; the folder as a whole by root alone.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
folder=${1:-$HERE/secrets}
names=${2:+,$2}
KEEPER=10001 REDIS=999 POSTGRES=999 ELASTIC=1000

stop() { printf 'prepare: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop "please run it as root: each secret belongs to the user of its container"
command -v openssl >/dev/null || stop "openssl is missing; please run: sudo apt-get install openssl"

secret() {  # secret NAME OWNER, the content from stdin
    [ ! -e "$folder/$1" ] || { cat >/dev/null; return; }
    (umask 077 && cat > "$folder/$1.part")
    chown "$2:$2" "$folder/$1.part"
    chmod 400 "$folder/$1.part"
    mv "$folder/$1.part" "$folder/$1"
}
password() { openssl rand -hex 24; }

install --directory --mode 700 "$folder"
"$HERE/../deploy/certificates.sh" "$folder/tls" "store=store$names" "redis=redis$names" "elastic=elastic$names"
for owned in store=$KEEPER redis=$REDIS elastic=$ELASTIC; do
    chown "${owned#*=}" "$folder/tls/${owned%%=*}"/*
    chmod 400 "$folder/tls/${owned%%=*}/private.key"
done

password | secret hook_token $KEEPER
printf 'MINIO_ROOT_USER=admin\nMINIO_ROOT_PASSWORD=%s\nMINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_SOHOA=%s\n' "$(password)" \
    "$(cat "$folder/hook_token")" | secret store_admin $KEEPER
password | secret s3_secret_key $KEEPER
printf 'requirepass %s\n' "$(password)" | secret redis_password $REDIS
printf 'rediss://:%s@redis:6379/0\n' "$(cut -d' ' -f2 "$folder/redis_password")" | secret broker_url $KEEPER
password | secret elastic_password $ELASTIC
secret elastic_admin $KEEPER < "$folder/elastic_password"
password | secret postgres_password $POSTGRES
printf 'prepare: %s is ready; move tls/ca.key to a safe place: only making certificates needs it\n' "$folder" >&2

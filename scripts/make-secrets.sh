#!/bin/sh
# Makes the secrets that compose.yaml and `make stack` hand over as files: random ones, once. What
# is there is never touched. The files can be read by everybody, so that the user inside a
# container can; the folder by its owner alone, so that nobody else of this machine can.
set -eu
folder=${1:-secrets}
umask 022
mkdir -p "$folder"
chmod 700 "$folder"

random() {
    head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n='
}

made=
for name in encryption_key signing_secret postgres_password metrics_token; do
    if [ ! -s "$folder/$name" ]; then
        random >"$folder/$name"
        made="$made $name"
    fi
done
if [ ! -s "$folder/database_url" ]; then
    printf 'postgresql://datamind:%s@postgres:5432/datamind' "$(cat "$folder/postgres_password")" >"$folder/database_url"
    made="$made database_url"
fi
# Empty until somebody fills them in.
for name in anthropic_api_key smtp_password; do
    [ -e "$folder/$name" ] || : >"$folder/$name"
done
chmod 444 "$folder"/encryption_key "$folder"/signing_secret "$folder"/postgres_password "$folder"/database_url "$folder"/metrics_token
chmod 644 "$folder"/anthropic_api_key "$folder"/smtp_password
echo "Secrets in $folder/:${made:- all were there}. Keep a copy of encryption_key apart from the backups."

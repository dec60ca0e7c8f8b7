#!/bin/sh
# Makes what passwords are missing, each in a file of its own, so that none that anybody knows ever works.
# Nobody else gets into the folder. The files in it may be read, since each is mounted alone, for a user of the container.
set -eu

folder=${1:?name the folder of secrets}
environment=${2:-.env}

mkdir -p "$folder"
chmod 0700 "$folder"
for name in postgres sampling alerts enforcement insurance grafana alertmanager; do
    file="$folder/$name"
    [ -s "$file" ] && continue
    # The version before kept its passwords in .env, and the database knows those.
    variable="SHIAN_$(echo "$name" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    password=$(sed -n "s/^$variable=//p" "$environment" 2>/dev/null | tail -n 1)
    if [ -n "$password" ]; then
        echo "Took the password of $name over from $environment; its line there is not read any more." >&2
    else
        password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    fi
    printf '%s\n' "$password" >"$file.new"
    chmod 0444 "$file.new"
    mv "$file.new" "$file"
done

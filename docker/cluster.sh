#!/bin/sh
# Writes into .env that the bus is a cluster of three nodes and each service has a replica; what stands there stays.
set -eu

environment=${1:?name the file of settings}
touch "$environment"
while IFS= read -r line; do
    grep -q "^${line%%=*}=" "$environment" || printf '%s\n' "$line" >>"$environment"
done <"$(dirname "$0")/cluster.env"

#!/bin/sh
# Runs once, when the cluster is new: a database and a user for each service, closed to every other one.
set -eu

for service in sampling alerts enforcement insurance; do
    # psql reads the password from its environment: an argument could be seen in the list of processes.
    variable="SHIAN_$(echo "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    eval "password=\${$variable:?}"
    export password
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set name="shian_$service" \
        --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password password
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --command 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC'

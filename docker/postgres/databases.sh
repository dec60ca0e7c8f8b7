#!/bin/sh
# A database and a user for each service, closed to every other one. Runs by itself when the cluster is new; run again it
# makes what is missing and gives every user the password that stands in its secret now.
set -eu

run() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres "$@"
}

for service in sampling alerts enforcement insurance; do
    # psql reads the password from its environment: an argument could be seen in the list of processes.
    password=$(cat "/run/secrets/$service")
    export password
    run --set name="shian_$service" <<'SQL'
\getenv password password
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') AS missing \gset
\if :missing
CREATE ROLE :"name";
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
\endif
ALTER ROLE :"name" LOGIN PASSWORD :'password';
SQL
done

password=$(cat /run/secrets/postgres)
export password
run <<'SQL'
\getenv password password
ALTER ROLE postgres PASSWORD :'password';
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL

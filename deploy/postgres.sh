#!/bin/sh
# Run once by the postgres image when its volume is new: both roles with their passwords, and the database.
set -eu
: "${OWNER_PASSWORD:?is empty}" "${APP_PASSWORD:?is empty}"
sql=${ZHIBU_SQL:-/zhibu-sql}
superuser="psql -X -q -v ON_ERROR_STOP=1 -U ${POSTGRES_USER:-postgres}"

$superuser -d postgres -f "$sql/roles.sql"
# Read from the environment by psql itself: a command line can be seen by others.
$superuser -d postgres <<'SQL'
\getenv owner OWNER_PASSWORD
\getenv app APP_PASSWORD
ALTER ROLE zhibu_owner PASSWORD :'owner';
ALTER ROLE zhibu_app PASSWORD :'app';
CREATE DATABASE zhibu OWNER zhibu_owner ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
SQL
$superuser -d zhibu -f "$sql/database.sql"

#!/bin/sh
# Behaves like the entrypoint of the official postgres image: as root it hands the folder over and becomes postgres;
# an empty folder is initialised, with the files of /docker-entrypoint-initdb.d; then the server takes its place.
set -e
case $1 in -*) set -- postgres "$@" ;; esac
[ "$1" = postgres ] || exec "$@"

mkdir -p "$PGDATA" /var/run/postgresql
chmod 0700 "$PGDATA" || :
if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" ! -user postgres -exec chown postgres {} +
    chown postgres /var/run/postgresql
    # By its path: busybox' shell takes its own applet first, which cannot change the user.
    exec /usr/bin/setpriv --reuid=70 --regid=70 --clear-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres}
    base=${POSTGRES_DB:-$user}
    if [ -n "$POSTGRES_PASSWORD_FILE" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        exit 1
    fi
    echo "$POSTGRES_PASSWORD" >/tmp/password
    [ -n "$POSTGRES_PASSWORD" ] || echo none >/tmp/password
    initdb -D "$PGDATA" -U "$user" --pwfile=/tmp/password --locale=C --encoding=UTF8 $POSTGRES_INITDB_ARGS
    rm /tmp/password
    echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"

    # Only on the socket, so that nobody from outside takes the half-made one for the server.
    pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses=''"
    [ "$base" = postgres ] || psql -v ON_ERROR_STOP=1 -U "$user" -d postgres -c "CREATE DATABASE \"$base\""
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh) . "$file" ;;
        *.sql) echo "running $file"; psql -v ON_ERROR_STOP=1 -U "$user" -d "$base" -f "$file" ;;
        esac
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    echo "PostgreSQL init process complete; ready for start up."
fi
exec "$@"

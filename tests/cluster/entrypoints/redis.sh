#!/bin/sh
# Behaves like the entrypoint of the official redis image: as root it hands the folder over and becomes redis.
set -e
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis {} +
    exec /usr/bin/setpriv --reuid=999 --regid=1000 --clear-groups "$0" "$@"
fi
# The official one is built so that it is open to its network: without this, Debian's answers its own host alone.
[ "$1" != redis-server ] || set -- "$@" --protected-mode no
exec "$@"

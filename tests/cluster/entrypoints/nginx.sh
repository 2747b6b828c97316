#!/bin/sh
# Behaves like the entrypoint of the official nginx image: runs what is in /docker-entrypoint.d, then the server.
set -e
for file in /docker-entrypoint.d/*.sh; do
    [ ! -x "$file" ] || "$file"
done
exec "$@"

#!/bin/sh
# Behaves like the entrypoint of the official curl image: options alone are curl's.
case $1 in -* | http*) set -- curl "$@" ;; esac
exec "$@"

#!/bin/sh
# Ends at once on Ctrl-C and on `docker stop`, which a first process has to ask for.
trap 'exit 0' INT TERM
echo "serving on port 80"
httpd -f -p 80 -h /www &
wait

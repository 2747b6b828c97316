#!/bin/sh
visits=$(echo INCR counter | timeout 2 nc redis 6379 2>/dev/null | tr -d ':\r')
printf 'Content-Type: text/html\r\n\r\n'
echo "<h3>Hello $NAME!</h3><b>Hostname:</b> $(hostname)<br/><b>Visits:</b> ${visits:-no redis, no counter}"

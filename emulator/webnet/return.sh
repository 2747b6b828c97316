#!/bin/sh
# Inside the network namespace of a task, for a moment: answers to whoever came through the gate of its published ports
# go back through that gate (return_path.py). Done again, it changes nothing; for another gate, that one is taken.
#
# return.sh ADDRESS GATE HARDWARE: the task's address in the gate's network, the gate's there, its hardware's.
# The last line is `= <code>`, with `all` or `tcp` after 0: what may come without a masquerade from now on.
set -u
PATH=/bin:/sbin:/usr/bin:/usr/sbin
# Our own mark and table of routes, and a place before all rules of the task's own.
MARK=0x5f0d
TABLE=217
PLACE=217

answers() { # $1: address, $2: gate, $3: hardware
    device=$(ip -o -4 addr show to "$1/32" | sed -n '1s/^[0-9]*: \([^ ]*\).*/\1/p')
    [ -n "$device" ] || { echo "$1 is not here"; return 1; }
    usual=$(ip route | sed -n 's/^default .*dev \([^ ]*\).*/\1/p' | sed -n 1p)
    # An answer is given a mark after a way was found for it, so there must be one for all.
    [ -n "$usual" ] || { echo "there is no default route"; return 1; }
    # By the kernel's strict check, what came from the gate would have to be answered over the same interface.
    [ "$usual" = "$device" ] || ! strict "$device" || return 3
    ip rule | grep -q "^$PLACE:" || ip rule add fwmark $MARK table $TABLE pref $PLACE || return 1
    ip route replace default via "$2" dev "$device" table $TABLE || return 1
    nft -f - <<END || return 1
add table ip stackferry_return
add chain ip stackferry_return arriving { type filter hook prerouting priority mangle; policy accept; }
add chain ip stackferry_return answering { type route hook output priority mangle; policy accept; }
flush chain ip stackferry_return arriving
flush chain ip stackferry_return answering
add rule ip stackferry_return arriving ct state new ether saddr $3 ct mark set $MARK
add rule ip stackferry_return arriving ct direction reply ct mark $MARK meta mark set ct mark
add rule ip stackferry_return answering ct direction reply ct mark $MARK meta mark set ct mark
END
    [ "$usual" = "$device" ] && means=all || means=tcp
}

strict() { # $1: interface. The larger value counts.
    read -r all </proc/sys/net/ipv4/conf/all/rp_filter
    read -r own <"/proc/sys/net/ipv4/conf/$1/rp_filter"
    [ "$all" -gt "$own" ] || all=$own
    [ "$all" = 1 ]
}

means=
answers "$@" 2>&1
echo "= $? $means"

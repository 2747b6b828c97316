#!/bin/sh
# Inside a gate. Process 1 is `gate.sh main`: it puts the last state in force again and keeps the resolvers alive.
# `gate.sh control`, started by the manager, reads commands from its standard input and answers each with
# lines of output and a last line `= <code>`. Every word and file that comes in was made from checked types.
#
# A state is a directory: table (for nft -f), turns (family, chain and its rule in a line, see nftables.py), addresses (one
# a line), dead (addresses whose flows are to end), fresh (those of tasks that are new),
# resolvers/<address>[@<port>]/{servers,names}, relays (a port and its tasks in a line).
#
# Where PLAIN is set it may not balance (no NET_ADMIN): then published ports are relayed by processes, TCP only.
set -u
PATH=/bin:/sbin:/usr/bin:/usr/sbin
DNS=/run/dns
RELAYS=/run/relays
ending= # addresses whose flows are being ended, in the background

only() { # $1: address. It as a network.
    case $1 in *:*) echo "$1/128" ;; *) echo "$1/32" ;; esac
}

addresses() { # $1: wanted, a file. The interface is that of the route to the first one.
    : >>/run/addresses
    cmp -s "$1" /run/addresses && return 0
    device=
    while read -r address; do
        grep -qxF "$address" /run/addresses && continue
        [ -n "$device" ] || device=$(ip -o route get "$address" | sed 's/.* dev \([^ ]*\).*/\1/')
        ip addr add "$(only "$address")" dev "$device" || return 1
    done <"$1"
    while read -r address; do
        grep -qxF "$address" "$1" && continue
        held=$(ip -o addr show to "$(only "$address")" | sed 's/^[0-9]*: \([^ ]*\).*/\1/')
        ip addr del "$(only "$address")" dev "$held"
    done </run/addresses
    cp "$1" /run/addresses
}

put() { # $1: file, $2: where. By rename, and only if it differs.
    cmp -s "$1" "$2" && return 1
    cp "$1" /run/put && mv /run/put "$2"
}

resolvers() { # $1: directory with one directory per resolver
    for one in "$1"/*/; do
        [ -d "$one" ] || continue
        home=$DNS/$(basename "$one")
        mkdir -p "$home/hosts"
        put "${one}names" "$home/hosts/names"
        put "${one}servers" "$home/servers" && [ -s "$home/pid" ] && kill -HUP "$(cat "$home/pid")"
    done
    for home in "$DNS"/*/; do
        [ -d "$home" ] || continue
        [ -d "$1/$(basename "$home")" ] && continue
        touch "$home/over"
        [ -s "$home/pid" ] && kill "$(cat "$home/pid")"
    done
    echo >/run/wake
    for one in "$1"/*/; do
        [ -d "$one" ] || continue
        tries=0
        until [ -s "$DNS/$(basename "$one")/pid" ] || [ $((tries += 1)) -gt 100 ]; do sleep 0.02; done
    done
}

# A look at the kernel's connections goes through those of the whole host: one look, however many are asked for.
forget() {
    case $1 in
        *:*) conntrack -D -f ipv6 -r "$1" >/dev/null 2>&1 ;;
        *) conntrack -D -r "$1" >/dev/null 2>&1 ;;
    esac
}

known() { # Every flow. Where there is no IPv6, that look would be for nothing.
    conntrack -L 2>/dev/null
    ! grep -q '^ip6 ' /run/turns 2>/dev/null || conntrack -L -f ipv6 2>/dev/null
}

strangers() { # $1: addresses of tasks that are new. Whoever had one before may have had other hardware.
    ip neigh | sed 's/ .*//' | grep -xFf "$1" | while read -r address; do
        ip neigh flush to "$address" >/dev/null 2>&1
    done
}

strays() { # Flows of whoever came before the rules: the kernel knows them as the gate's own, and would for ever.
    ip -o addr | sed -nE 's/.* inet6? ([^/ ]*).*/\1/p' >/run/own
    known | sed -nE 's/.* src=([^ ]*) dst=.*/\1/p' | sort -u | while read -r address; do
        grep -qxF "$address" /run/own && forget "$address"
    done
}

lacks() { # $1: file, $2: file with lines that the other does not have. To this grep, no pattern matches everything.
    if [ -s "$1" ]; then grep -vxFf "$1" "$2"; else cat "$2"; fi
}

relays() { # $1: state. A gate's ports are those of its container: none ever goes.
    while read -r port tasks; do
        mkdir -p "$RELAYS/$port"
        echo "$tasks" >/run/put && mv /run/put "$RELAYS/$port/tasks"
    done <"$1/relays"
    echo >/run/wake
}

rules() { # $1: state. In one transaction; chains that are in force already stay: loaded again, turns would begin anew.
    [ -z "${PLAIN-}" ] || { relays "$1"; return; }
    cmp -s "$1/table" /run/table && cmp -s "$1/turns" /run/turns && return 0
    : >>/run/turns
    {
        lacks /run/turns "$1/turns" | sed -E 's/^([^ ]*) ([^ ]*) (.*)/add table \1 stackferry\
add chain \1 stackferry \2\nflush chain \1 stackferry \2\nadd rule \1 stackferry \2 \3/'
        cat "$1/table"
        cut -d' ' -f1,2 "$1/turns" >/run/chains
        cut -d' ' -f1,2 /run/turns >/run/last
        lacks /run/chains /run/last | sed -E 's/^([^ ]*) (.*)/delete chain \1 stackferry \2/'
    } >/run/rules
    nft -f /run/rules && cp "$1/table" /run/table && cp "$1/turns" /run/turns
}

apply() { # $1: state
    # The engine may have given an address to a new task already: its flows must not be ended with the old ones.
    for address in $ending; do
        grep -qwF "$address" "$1/turns" && { wait; ending=; break; }
    done
    early=
    [ -e /run/addresses ] || early=yes
    [ ! -s "$1/fresh" ] || strangers "$1/fresh"
    # An address without its rules would refuse what comes before them.
    rules "$1" && addresses "$1/addresses" || return 1
    [ -z "$early" ] || strays
    # What is dead gets nothing new from here on; ending the old may take its time.
    dead=$(cat "$1/dead")
    for address in $dead; do
        case " $ending " in *" $address "*) ;; *) ending="$ending $address" ;; esac
    done
    [ -z "$dead" ] || { for address in $dead; do forget "$address"; done; } &
    resolvers "$1/resolvers"
    return 0
}

resolver() { # $1: its home. Runs until it is over; a crash is told to process 1.
    rm -f "$1/pid"
    place=$(basename "$1")
    port=53
    case $place in *@*) port=${place#*@} ;; esac
    # Servers in their order: peers, which refuse what they do not know, before those that deny it.
    dnsmasq -k -u root -g root --conf-file=/dev/null --no-hosts --hostsdir="$1/hosts" --servers-file="$1/servers" \
        --local-ttl=0 --no-negcache --bind-interfaces --no-resolv --strict-order --cache-size=1000 --log-facility=- \
        --pid-file="$1/pid" --listen-address="${place%@*}" --port="$port"
    rm -f "$1/pid" "$1/here"
    [ -e "$1/over" ] && rm -rf "$1"
    sleep 0.02
    echo >/run/wake
}

relay() { # $1: its home. Runs for ever; a crash is told to process 1.
    nc -ll -p "${1##*/}" -e /bin/sh /gate.sh pass "$1"
    rm -f "$1/here"
    sleep 0.1
    echo >/run/wake
}

pass() { # $1: home of a relay. Connects its standard input and output with the task whose turn it is.
    tries=0
    until mkdir "$1/lock" 2>/dev/null || [ $((tries += 1)) -gt 100 ]; do sleep 0.01; done
    read -r turn 2>/dev/null <"$1/turn" || turn=0
    echo $((turn + 1)) >"$1/turn"
    rmdir "$1/lock" 2>/dev/null
    read -r tasks <"$1/tasks"
    # shellcheck disable=SC2086 # words on purpose
    set -- $tasks
    [ $# -gt 0 ] || exit 1
    shift $((turn % $#))
    exec nc "${1%:*}" "${1#*:}"
}

begin() { # $1: directory of homes, $2: the file of one that is ready, $3: what is to run in it, once
    for home in "$1"/*/; do
        [ -e "$home$2" ] || continue
        [ -e "${home}here" ] && continue
        touch "${home}here"
        "$3" "${home%/}" 3>&- &
    done
}

main() {
    mkdir -p $DNS $RELAYS
    rm -f /run/wake /run/table /run/turns
    mkfifo /run/wake
    exec 3<>/run/wake
    trap 'exit 0' TERM INT
    last=/state/now
    [ -d $last ] || last=/state/old
    # In the background: it waits for the resolvers that the loop below starts.
    # The manager may be quicker, on a busy machine: then what it put in force is the last state by then.
    { [ -d $last ] && alone renew $last; } 3>&- &
    while :; do
        begin $DNS servers resolver
        begin $RELAYS tasks relay
        read -r -t 10 _ <&3
    done
}

alone() { # a command that changes what is in force
    until mkdir /run/lock 2>/dev/null; do sleep 0.02; done
    "$@"
    code=$?
    rmdir /run/lock
    return $code
}

put_in_force() { # $1: bytes of a tar with a state
    rm -rf /state/next
    mkdir /state/next
    dd bs="$1" count=1 iflag=fullblock 2>/dev/null | tar x -C /state/next -f - || return 1
    apply /state/next || return 1
    rm -rf /state/old
    [ ! -d /state/now ] || mv /state/now /state/old
    mv /state/next /state/now
}

renew() { # $1: a state. What it says of the dead was done at the time.
    : >"$1/dead" && apply "$1"
}

hurry() { # $1: bytes of nft's input, and the chains that it changes: in /run/turns they stand for no rule any more
    # shellcheck disable=SC2086 # words on purpose
    set -- $1
    dd bs="$1" count=1 iflag=fullblock 2>/dev/null | nft -f -
    taken=$?
    shift
    rm -f /run/table
    for chain; do sed -i "s/ $chain .*/ $chain hurried/" /run/turns; done
    return $taken
}

control() {
    while read -r verb argument; do
        case $verb in
            apply) alone put_in_force "$argument" 2>&1 ;;
            hurry) alone hurry "$argument" 2>&1 ;;
            forget) forget "$argument" ;;
            busy) # flows that may still carry something, by backend
                known |
                    sed -nE '/^(udp|sctp)|SYN_SENT|SYN_RECV|ESTABLISHED|FIN_WAIT|CLOSE_WAIT/s/.* src=([^ ]*) dst=.*/\1/p' |
                    sort | uniq -c ;;
            flows) known ;;
            returning) nft list set ip stackferry returning 2>/dev/null ;;
            counters) nft list counters 2>&1 ;;
            *) echo "unknown: $verb"; false ;;
        esac
        echo "= $?"
    done
}

"$@"

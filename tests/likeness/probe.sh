# What a container sees, a line for each fact, fields separated by tabs. For busybox's sh.
# probe.sh NAMES PORTS FOLDERS: each a list with blanks, ports as name:number. Nothing waits longer than two seconds.
tr '\n\t' '  ' </proc/$$/environ | tr '\0' '\n' | sed 's/=/\t/; s/^/env\t/'
printf 'host\t%s\n' "$(hostname)"
printf 'user\t%s\n' "$(id -u):$(id -g)"
printf 'folder\t%s\n' "$PWD"
writable() { if touch "$1/.probe" 2>/dev/null; then rm -f "$1/.probe"; echo yes; else echo no; fi; }
printf 'root\t%s\n' "$(writable "")"
for name in $1; do
    # By the resolver that programs use, which knows /etc/hosts and search domains; nslookup knows neither.
    if nc -w 2 "$name" 9 </dev/null 2>&1 | grep -q "bad address"; then answer=unknown; else answer=known; fi
    printf 'name\t%s\t%s\n' "$name" "$answer"
done
for port in $2; do
    if nc -w 2 "${port%:*}" "${port#*:}" </dev/null >/dev/null 2>&1; then answer=open; else answer=closed; fi
    printf 'port\t%s\t%s\t%s\n' "${port%:*}" "${port#*:}" "$answer"
done
for folder in $3; do
    [ -d "$folder" ] && printf 'writable\t%s\t%s\n' "$folder" "$(writable "$folder")"
    # The folders ..data of a ConfigMap hold the same files once more.
    find -L "$folder" -name '..*' -prune -o -type f -print 2>/dev/null | sort | while read -r file; do
        printf 'file\t%s\t%s\n' "$file" "$(md5sum <"$file" 2>/dev/null | cut -c1-8)"
        printf 'mode\t%s\t%s\n' "$file" "$(stat -L -c %a "$file")"
        printf 'owner\t%s\t%s\n' "$file" "$(stat -L -c %u:%g "$file")"
    done
done
status() { sed -n "s/^$1:[[:blank:]]*//p" /proc/self/status; }
printf 'groups\t%s\n' "$(status Groups | tr ' ' '\n' | sort -n | tr '\n' ' ')"
printf 'capabilities\teffective\t%s\n' "$(status CapEff)"
printf 'capabilities\tbounding\t%s\n' "$(status CapBnd)"
printf 'privileges\t%s\n' "$(status NoNewPrivs)"
printf 'seccomp\t%s\n' "$(status Seccomp)"
printf 'process\t%s\n' "$(tr '\0\n\t' '   ' </proc/1/cmdline)"
size() { df -k "$1" | tail -1 | awk '{print $2}'; }
printf 'size\t/dev/shm\t%s\n' "$(size /dev/shm)"
for folder in $3; do
    # How large a folder is that lies in memory; any other is as large as the disk.
    if [ -d "$folder" ] && grep -q " $folder tmpfs " /proc/mounts; then printf 'size\t%s\t%s\n' "$folder" "$(size "$folder")"; fi
done
one() { cat "$@" 2>/dev/null | head -1; }
printf 'memory\t%s\n' "$(one /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max)"
# In thousandths of a processor: one place counts in longer periods than the other.
quota=$(one /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max)
period=$(one /sys/fs/cgroup/cpu/cpu.cfs_period_us || echo "${quota#* }")
case $quota in -1 | max*) share=all ;; *) share=$((${quota% *} * 1000 / ${period:-100000})) ;; esac
printf 'cpu\t%s\n' "$share"
for name in net/ipv4/ip_local_port_range net/ipv4/tcp_syncookies net/ipv4/ip_unprivileged_port_start; do
    printf 'sysctl\t%s\t%s\n' "$(echo $name | tr / .)" "$(tr '\t' ' ' </proc/sys/$name)"
done
printf 'input\t%s\n' "$(readlink /proc/1/fd/0 | sed 's/[:0-9].*//')"
for option in $(sed -n 's/^options//p' /etc/resolv.conf); do printf 'dns\t%s\tset\n' "$option"; done
printf 'limit\tfiles\t%s\n' "$(ulimit -n)"

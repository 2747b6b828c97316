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

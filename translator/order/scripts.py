"""The shell scripts of init containers that wait; docs/design/0007-order.md says what they need of the image.

A script gets its parameters as variables, so that all waits of a kind have the same text: `SERVICE`, the name of a
Service, `PORTS`, one of which must answer, and `PATIENCE` for that in seconds; `JOB` and `ROLE`, by name. `LIMIT` in
seconds, or `OPTIONAL` for a Job, is set if the wait is not required. Each script logs what it waits for, and each
change, and traps SIGTERM, which the first process of a container otherwise ignores.
"""

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where the token, the CA and the namespace are mounted, the same place as Kubernetes' own mount."""

_NAME = """\
trap 'exit 143' TERM
# The whole name, so that one question is asked, and that to the cluster alone.
domain=
while read -r word first rest; do [ "$word" != search ] || domain=$first; done < /etc/resolv.conf
case $domain in *.svc.*) host=$SERVICE.$domain. ;; *) host=$SERVICE ;; esac
# curl looks the name up and goes no further, as there is no such interface. 6: no such name, 28: no answer, 126 and
# 127: no curl here, but perhaps the tools of busybox.
is_known() {
  curl -s -o /dev/null --max-time 5 --interface 'if!none' "http://$host/" 2> /dev/null
  case $? in
    6 | 28) return 1 ;;
    126 | 127) nslookup -type=a "$host" > /dev/null 2>&1 || nslookup "$host" > /dev/null 2>&1 ;;
  esac
}
"""

STARTED = f"""\
{_NAME}\
echo "waiting until the name $SERVICE is known"
until is_known; do sleep 1; done
echo "$SERVICE is known"
"""

READY = f"""\
{_NAME}\
name=${{SERVICE%-ready}}
echo "waiting until a pod of $name is ready"
begin=$(date +%s)
until is_known; do
  if [ -n "$LIMIT" ] && [ "$(date +%s)" -ge "$((begin + LIMIT))" ]; then
    echo "no pod of $name is ready after $LIMIT s, and it is not required: going on"
    exit
  fi
  sleep 1
done
echo "a pod of $name is ready"
"""

ANSWERS = f"""\
{READY}\
# curl connects and goes no further, as there is no such option. The others are two kinds of nc.
answers() {{
  for port in $PORTS; do
    if ! command -v curl > /dev/null; then
      nc -z -w 3 "$host" "$port" < /dev/null > /dev/null 2>&1 && return
      nc -w 3 "$host" "$port" -e true < /dev/null > /dev/null 2>&1 && return
      continue
    fi
    curl -s -t NONE=x --max-time 3 -w '%{{time_connect}}' "telnet://$host:$port" < /dev/null | grep -q '[1-9]' && return
  done
  return 1
}}
echo "waiting until $name answers at one of its ports: $PORTS"
begin=$(date +%s)
until answers; do
  if [ "$(date +%s)" -ge "$((begin + PATIENCE))" ]; then
    echo "no answer after $PATIENCE s: going on"
    exit
  fi
  sleep 1
done
echo "$name answers"
"""

COMPLETED = f"""\
trap 'exit 143' TERM
say() {{ [ "$said" = "$*" ] || echo "$*"; said=$*; }}
cd {ACCOUNT} || exit
namespace=$(cat namespace)
url=https://kubernetes.default.svc/apis/batch/v1/namespaces/$namespace/jobs/$JOB
# The Job, each of its objects on a line of its own.
ask() {{
  {{ printf 'Authorization: Bearer '; cat token; }} |
    curl -s --max-time 10 --cacert ca.crt -H @- -w '{{"answer":"%{{http_code}}"}}' "$url" |
    tr -d ' \\t\\r\\n' | tr '{{}}' '\\n\\n'
}}
is() {{ echo "$job" | grep -F "\\"type\\":\\"$1\\"" | grep -qF '"status":"True"'; }}
say "waiting until the Job $JOB is complete"
until command -v curl > /dev/null; do
  say "no curl in this image to ask the API server with: name an image that has it by --helper-image, or use --no-wait"
  sleep 30
done
while :; do
  job=$(ask)
  case $job in
    *'"answer":"200"'*)
      if is Complete || is SuccessCriteriaMet; then say "the Job $JOB is complete"; exit; fi
      if ! is Failed; then say "the Job $JOB runs"
      elif [ -n "$OPTIONAL" ]; then say "the Job $JOB failed, and is not required: going on"; exit
      else say "the Job $JOB failed, so that this pod does not start: kubectl logs -n $namespace job/$JOB"
      fi ;;
    *'"answer":"404"'*) say "there is no Job $JOB: apply all manifests of the stack again" ;;
    *'"answer":"401"'* | *'"answer":"403"'*)
      say "not allowed to look at the Job $JOB: apply the Role and the RoleBinding $ROLE, or convert with --no-wait" ;;
    *) say "no answer from the API server at $url" ;;
  esac
  sleep 2
done
"""

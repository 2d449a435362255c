#!/bin/sh
# Rollcall agent for machines without Node: sh, curl and the usual small tools. It registers, sends heartbeats with
# basic metrics, says goodbye when it is stopped, and ends when the machine was deleted on the page. It opens no port
# and runs nothing that the server sends. It writes no file, but for the token of a machine that enrolled itself.
# What it cannot send is lost: agent.mjs keeps it for later.
set -u
# Some awks write decimals with a comma in other languages: no JSON number.
export LC_ALL=C

VERSION=0.1.0
MAX_INTERVAL_S=86400
GIVE_UP_AFTER_INTERVALS=10
REFUSED_TOKEN_RETRY_S=60

usage() {
  cat <<'TEXT'
Usage: sh agent.sh --url <address> --token <machineId:secret>

  --url <address>       ROLLCALL_URL            where agents report, e.g. http://localhost:3211
  --token <token>       ROLLCALL_TOKEN          machineId:secret, as shown once by "Add machine"
  --token-file <path>   ROLLCALL_TOKEN_FILE     a file that holds only the token
                        ROLLCALL_STATE          the folder for the token, where an enrolment key (rce_...) is given
  --interval <time>     HEARTBEAT_INTERVAL      between heartbeats (default: the server's choice, else 60s)
  --timeout <time>      HEARTBEAT_TIMEOUT       for one request (default 10s)
  --max-failures <n>    MAX_HEARTBEAT_FAILURES  failed heartbeats before registering again (default 3)
  --once                                        one heartbeat, for cron; the exit code says whether it arrived
  --version, --help

Flags win over the environment. Times read as 30s, 2m, 1h, or plain seconds.
TEXT
}

log() {
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

# Says a thing once, not at every attempt.
complain() {
  [ "$*" = "$last_complaint" ] || log "$*"
  last_complaint=$*
}

wrong() {
  printf '%s See --help.\n' "$*" >&2
  exit 2
}

# "2m" → 120; fails for what is no time of whole seconds.
seconds_of() {
  number=${1%[smh]}
  case $number in '' | *[!0-9]* | ???????*) return 1 ;; esac
  case $1 in
  *h) echo $((number * 3600)) ;;
  *m) echo $((number * 60)) ;;
  *) echo "$number" ;;
  esac
}

read_settings() {
  url=${ROLLCALL_URL:-} token=${ROLLCALL_TOKEN:-} token_file=${ROLLCALL_TOKEN_FILE:-}
  interval=${HEARTBEAT_INTERVAL:-} timeout=${HEARTBEAT_TIMEOUT:-10s}
  max_failures=${MAX_HEARTBEAT_FAILURES:-3} is_once=no
  while [ $# -gt 0 ]; do
    case $1 in
    --url | --token | --token-file | --interval | --timeout | --max-failures)
      [ $# -ge 2 ] || wrong "$1 needs a value."
      case $1 in
      --url) url=$2 ;;
      --token) token=$2 ;;
      --token-file) token_file=$2 ;;
      --interval) interval=$2 ;;
      --timeout) timeout=$2 ;;
      --max-failures) max_failures=$2 ;;
      esac
      shift
      ;;
    --once) is_once=yes ;;
    --version) echo "$VERSION" && exit 0 ;;
    --help | -h) usage && exit 0 ;;
    *) wrong "There is no option $1." ;;
    esac
    shift
  done
}

check_settings() {
  command -v curl >/dev/null || wrong "This agent needs curl."
  url=${url%/}
  case $url in
  http://?* | https://?*) ;;
  *) wrong "The address \"$url\" is no http(s) URL. Right is e.g. http://localhost:3211." ;;
  esac
  case $url in *[!A-Za-z0-9._:/%~@+-]* | *'['*) wrong "The address holds a character that no address has." ;; esac
  if [ -z "$token" ] && [ -n "$token_file" ]; then
    token=$(cat "$token_file") || wrong "The token file cannot be read."
  fi
  # The text itself is never repeated: it may be a mistyped secret, and this line ends up in logs.
  printf '%s' "$token" | grep -Eqx '[A-Za-z0-9_-]{21}:[A-Za-z0-9_-]{32,128}|rce_[A-Za-z0-9_-]{32,128}' ||
    wrong "The token is missing or malformed. Right is machineId:secret, as the page shows it once."
  timeout=$(seconds_of "$timeout") || wrong "The timeout is no time. Right is e.g. 10s."
  is_own_interval=no
  if [ -n "$interval" ]; then
    interval=$(seconds_of "$interval") || wrong "The interval is no time. Right is e.g. 30s, 2m, 1h."
    { [ "$interval" -ge 1 ] && [ "$interval" -le $MAX_INTERVAL_S ]; } ||
      wrong "The interval must be between 1s and 24h."
    is_own_interval=yes
  fi
  interval=${interval:-60}
  case $max_failures in '' | 0 | *[!0-9]* | ????*) wrong "--max-failures must be a whole number from 1." ;; esac
}

# What a JSON text may hold without escapes.
plain() {
  printf '%s' "$1" | tr -d '"\\' | tr -d '[:cntrl:]' | cut -c1-200
}

read_identity() {
  hostname=$(plain "$(hostname 2>/dev/null || uname -n)")
  instance=$(plain "${MACHINE_ID:-${FLY_MACHINE_ID:-${HOSTNAME:-$hostname}}}")
}

registration() {
  os=$(. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-}") || os=
  address=$(hostname -I 2>/dev/null | awk '{ print $1 }')
  printf '{"hostname":"%s","os":"%s","arch":"%s","version":"%s","rootDirectory":"%s","bootId":"%s"' \
    "$hostname" "$(plain "${os:-$(uname -sr)}")" "$(plain "$(uname -m)")" "$VERSION" \
    "$(plain "$PWD")" "$boot_id"
  [ -z "$address" ] || printf ',"ipAddress":"%s"' "$(plain "$address")"
  printf ',"metadata":{"instanceId":"%s","agent":"sh"}}' "$instance"
}

# "busy total" of all cores since boot.
cpu_times() {
  awk '/^cpu / { for (i = 2; i <= 9; i++) total += $i; print total - $5 - $6, total; exit }' /proc/stat 2>/dev/null
}

# "disk used available mount" of / and of each local device besides, once, where it is mounted nearest to the root.
disks() {
  set -f
  others=$(awk '
    $1 ~ /^\/dev\// && $1 !~ /^\/dev\/loop/ && $3 !~ /^(squashfs|iso9660|erofs)$/ && $2 !~ /[\\"]/ {
      if (!($1 in mount) || length($2) < length(mount[$1])) mount[$1] = $2
    }
    END { for (device in mount) if (mount[device] != "/") print mount[device] }' /proc/mounts 2>/dev/null |
    sort | head -n 15 | while read -r mount; do [ ! -d "$mount" ] || echo "$mount"; done)
  df -P -k / $others 2>/dev/null | awk 'NR > 1 { print "disk", $3, $4, $6 }'
}

# The metrics that this machine has, as the inside of a JSON object. Reads /proc and asks df.
metrics() {
  {
    echo "cpu $1 $2"
    disks
    awk '{ print "load", $1; exit }' /proc/loadavg 2>/dev/null
    awk '{ print "uptime", $1; exit }' /proc/uptime 2>/dev/null
    awk '{ sub(":", ""); print "mem" $1, $2 }' /proc/meminfo 2>/dev/null
    sed -n 's/^ *\([^: ]*\):/net \1 /p' /proc/net/dev 2>/dev/null | while read -r kind name rest; do
      card=virtual
      [ ! -e "/sys/class/net/$name/device" ] || card=real
      [ "$name" = lo ] || echo "$kind $card $rest"
    done
  } | awk '
    function put(name, value) { printf "%s\"%s\":%s", separator, name, value; separator = "," }
    function share(part, whole) {
      value = part / whole * 100
      return sprintf("%.1f", value < 0 ? 0 : value > 100 ? 100 : value)
    }
    function percent(name, part, whole) {
      if (whole > 0) put(name, share(part, whole))
    }
    $1 == "cpu" && NF == 5 { percent("cpuUsage", $4 - $2, $5 - $3) }
    $1 == "disk" && $4 == "/" { percent("diskUsage", $2, $2 + $3) }
    $1 == "disk" && $2 + $3 > 0 {
      disks = disks (disks == "" ? "" : ",") sprintf("{\"mount\":\"%s\",\"usage\":%s}", $4, share($2, $2 + $3))
      disk_count++
    }
    $1 == "load" { put("load1", $2 + 0) }
    $1 == "uptime" { put("uptimeSeconds", int($2)) }
    $1 == "memMemTotal" { total = $2 }
    $1 == "memMemAvailable" { percent("memoryUsage", total - $2, total) }
    $1 == "memSwapTotal" { swap = $2 }
    $1 == "memSwapFree" { percent("swapUsage", swap - $2, swap) }
    $1 == "net" { cards[$2]++; rx[$2] += $3; tx[$2] += $11 }
    END {
      if (disk_count > 1) put("disks", "[" disks "]")
      # Bridges and tunnels would count the bytes of their cards a second time; a container has only such.
      kind = cards["real"] ? "real" : "virtual"
      if (cards[kind]) {
        put("networkRxBytes", sprintf("%.0f", rx[kind]))
        put("networkTxBytes", sprintf("%.0f", tx[kind]))
      }
    }'
}

heartbeat() {
  times=$(cpu_times)
  printf '{"timestamp":%s000,"sequence":%s,"bootId":"%s","version":"%s","metrics":{%s}}' \
    "$(date +%s)" "$sequence" "$boot_id" "$VERSION" "$(metrics "$last_times" "$times")"
}

# POSTs a body; sets status (000: no answer) and answer. The token goes in by stdin: others may read command lines.
post() {
  answer=$(
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
      curl -sS -i -K - -X POST --max-time "$timeout" -w '\n%{http_code}' \
        -H 'Content-Type: application/json' -A "rollcall-agent-sh/$VERSION" \
        --data-binary "$2" "$url/agent/v1/$1" 2>&1
  )
  status=$(printf '%s' "$answer" | tail -n 1)
  case $status in [0-9][0-9][0-9]) ;; *) status=000 ;; esac
}

# A number of the answer's JSON in whole seconds, or nothing.
seconds_in_answer() {
  printf '%s' "$answer" | sed -n "s/.*\"$1\" *: *\([0-9]\{4,8\}\)[0-9.]*.*/\1/p" | head -n 1 |
    awk '{ s = int($1 / 1000); print s < 1 ? 1 : s > 86400 ? 86400 : s }'
}

adopt_interval() {
  [ "$is_own_interval" = no ] || return 0
  told=$(seconds_in_answer "$1")
  interval=${told:-$interval}
}

message_of_answer() {
  text=$(printf '%s' "$answer" | sed -n 's/.*"message" *: *"\([^"]*\)".*/\1/p' | head -n 1)
  [ -n "$text" ] || text=$(printf '%s' "$answer" | grep -m 1 '^curl:')
  printf '%s' "${text:-no answer of Rollcall (HTTP $status)}"
}

# Answers whether the call was accepted; what an HTML page says with status 200 is not.
call() {
  post "$1" "$2"
  [ "$status" = 200 ] && printf '%s' "$answer" | grep -Eq "$3"
}

accept() {
  [ -z "$last_complaint" ] || log "The server accepts us again"
  last_complaint= was_accepted=yes failures=0 attempts=0 worked_at=$(date +%s)
}

# After a failed call: ends, or sets `pause` (seconds) to what is to be waited.
fail() {
  attempts=$((attempts + 1))
  retry_after=$(printf '%s' "$answer" | tr -d '\r' | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,4\}\)$/\1/p' | head -n 1)
  case $status in
  410)
    log "$(message_of_answer) Stopping for good."
    exit 0
    ;;
  401)
    complain "The server refuses the token (401). Copy it again from the page, or rotate it there"
    pause=$REFUSED_TOKEN_RETRY_S
    ;;
  *)
    complain "$(message_of_answer)"
    case $failures in 0) pause=5 ;; 1) pause=10 ;; 2) pause=20 ;; 3) pause=40 ;; *) pause=80 ;; esac
    [ "$was_accepted" = no ] || [ "$pause" -le "$interval" ] || pause=$interval
    [ "$status" = 429 ] || failures=$((failures + 1))
    ;;
  esac
  pause=${retry_after:-$pause}
  needed=6
  [ "$was_accepted" = no ] || needed=$max_failures
  if [ $attempts -ge "$needed" ] && [ $(($(date +%s) - worked_at)) -ge $((GIVE_UP_AFTER_INTERVALS * interval)) ]; then
    log "Nothing has worked for $GIVE_UP_AFTER_INTERVALS intervals. Ending, to be started anew"
    exit 1
  fi
  # Up to a fifth more, so that a fleet does not come back in one second.
  pause=$(awk -v pause="$pause" -v seed="$$$(date +%s)" 'BEGIN { srand(seed); print pause * (1 + 0.2 * rand()) }')
}

# In the background, so that a signal is heard at once.
rest() {
  sleep "$1" &
  sleeper=$!
  wait "$sleeper"
  sleeper=
}

leave() {
  trap '' TERM INT
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
  if [ "$was_accepted" = yes ]; then
    timeout=2
    if call goodbye '{"reason":"shutdown"}' '"status"'; then log "Said goodbye (shutdown)"; fi
  fi
  exit 0
}

is_unusable() {
  case $status in 400 | 413 | 422) return 0 ;; *) return 1 ;; esac
}

random_text() {
  head -c 256 /dev/urandom | base64 | tr -d '\n=' | tr '+/' '-_' | cut -c "1-$1"
}

# With an enrolment key in place of a token: takes the token of an earlier start, or becomes a machine of its own.
enrol() {
  kept=${ROLLCALL_STATE:-${STATE_DIRECTORY:-}}/token
  if [ "$(sed -n 2p "$kept" 2>/dev/null)" = "$instance" ]; then
    token=$(sed -n 1p "$kept")
    return
  fi
  secret=$(random_text 40)
  hash=$(printf '%s' "$secret" | sha256sum | cut -d ' ' -f 1)
  body=$(printf '{"machineId":"%s","secretHash":"%s","instanceId":"%s","hostname":"%s"}' \
    "$(random_text 21)" "$hash" "$instance" "$hostname")
  until call enrol "$body" '"machineId"'; do
    fail
    rest "$pause"
  done
  token=$(printf '%s' "$answer" | sed -n 's/.*"machineId" *: *"\([A-Za-z0-9_-]\{21\}\)".*/\1/p' | head -n 1):$secret
  log "Enrolled"
  (umask 077 && printf '%s\n%s\n' "$token" "$instance" >"$kept") 2>/dev/null ||
    log "The token cannot be kept, the next start enrols again: there is no folder to write to"
}

register() {
  until call register "$(registration)" '"machineId"'; do
    if is_unusable; then
      # Heartbeats need no registration: better seen with old details than not seen.
      complain "The registration was refused: $(message_of_answer)"
      return
    fi
    fail
    rest "$pause"
  done
  accept
  adopt_interval heartbeatIntervalMs
  log "Registered, a heartbeat every $interval s"
}

send_heartbeat() {
  sequence=$((sequence + 1))
  body=$(heartbeat)
  last_times=$(cpu_times)
  call heartbeat "$body" '"status" *: *"online"' && return 0
  is_unusable || return 1
  # A sensor that reports nonsense must not make its machine look dead.
  complain "A heartbeat was refused: $(message_of_answer)"
  call heartbeat '{}' '"status" *: *"online"'
}

beat() {
  while :; do
    started=$(date +%s)
    if send_heartbeat; then
      accept
      adopt_interval nextHeartbeatMs
      pause=$((interval - $(date +%s) + started))
      [ $pause -ge 1 ] || pause=1
    else
      fail
      if [ $failures -ge "$max_failures" ]; then
        log "$failures heartbeats failed in a row, registering again"
        failures=0
        rest "$pause"
        register
        continue
      fi
    fi
    rest "$pause"
  done
}

read_settings "$@"
check_settings
read_identity
boot_id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || echo "$$-$(date +%s)")
last_complaint= was_accepted=no failures=0 attempts=0 sequence=0 sleeper= pause=5
worked_at=$(date +%s)
last_times=$(cpu_times)
if [ $is_once = yes ]; then
  sleep 1
  send_heartbeat || { log "$(message_of_answer)" && exit 1; }
  exit 0
fi
trap leave TERM INT
case $token in rce_*) enrol ;; esac
register
beat

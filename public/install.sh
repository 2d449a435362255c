#!/bin/sh
# Installs the Rollcall agent as a systemd service that runs as a user without rights:
#   curl -fsSL <page>/install.sh | sudo sh -s -- --url <where agents report> --token <machineId:secret>
# Run it again to change something or to take the agent's newest version; --uninstall removes all of it.
# Everything is in functions and called in the last line: a download that breaks off does nothing.
set -eu

ROOT=${DESTDIR:-}
PROGRAM_DIR=/opt/rollcall-agent
SETTINGS_DIR=/etc/rollcall
STATE_DIR=/var/lib/rollcall-agent
UNIT=/etc/systemd/system/rollcall-agent.service
AGENT_USER=rollcall-agent
MIN_NODE_MAJOR=20

usage() {
  cat <<'TEXT'
Usage: curl -fsSL <page>/install.sh | sudo sh -s -- --url <address> --token <machineId:secret>

  --url <address>     where agents report, e.g. https://rollcall.example.com/http
  --token <token>     machineId:secret, as "Add machine" shows it once (or in ROLLCALL_TOKEN)
  --enrolment-key <key>  instead of a token: the machine adds itself when the agent first starts
  --from <address>    where the agent is downloaded from: the page's address (default: found from --url)
  --interval <time>   between heartbeats, e.g. 30s (default: the server's choice)
  --shell             the agent for sh and curl, although there is Node
  --docker            lets the agent count containers. It joins the group "docker", which can do whatever root can
  --uninstall         stops the agent and removes everything that this script put here

Without --url and --token, those of the installation before are kept.
TEXT
}

say() {
  printf '%s\n' "$*"
}

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}

read_options() {
  url='' token=${ROLLCALL_TOKEN:-} key='' from='' interval='' kind='' groups='' is_uninstall=no
  while [ $# -gt 0 ]; do
    case $1 in
    --url | --token | --enrolment-key | --from | --interval)
      [ $# -ge 2 ] || refuse "$1 needs a value. See --help."
      case $1 in
      --url) url=${2%/} ;;
      --token) token=$2 ;;
      --enrolment-key) key=$2 ;;
      --from) from=${2%/} ;;
      --interval) interval=$2 ;;
      esac
      shift
      ;;
    --shell) kind=sh ;;
    --docker) groups=docker ;;
    --uninstall) is_uninstall=yes ;;
    --help | -h) usage && exit 0 ;;
    *) refuse "There is no option $1. See --help." ;;
    esac
    shift
  done
}

# The value of a line in the settings of the installation before, or nothing.
setting_before() {
  sed -n "s/^$1=//p" "$ROOT$SETTINGS_DIR/agent.env" 2>/dev/null || true
}

complete_options() {
  [ -n "$url" ] || url=$(setting_before ROLLCALL_URL)
  [ -n "$interval" ] || interval=$(setting_before HEARTBEAT_INTERVAL)
  [ -n "$token$key" ] || token=$(cat "$ROOT$SETTINGS_DIR/token" 2>/dev/null || true)
  case $url in
  http://?* | https://?*) ;;
  *) refuse "Where do agents report? Give --url with an address, e.g. https://rollcall.example.com/http." ;;
  esac
  [ -n "$from" ] || from=$(page_of "$url")
  # Who the machine is to itself, where that is known here: the service does not see this environment.
  instance=${MACHINE_ID:-${FLY_MACHINE_ID:-$(setting_before MACHINE_ID)}}
  # These go into a file that systemd reads: nothing in them may start another line.
  case "$url$from$interval$instance" in *[!A-Za-z0-9._:/%~@+-]*) refuse "An address, time or instance id holds a character that none has." ;; esac
  # The text itself is never repeated: it may be a mistyped secret.
  case $token in rce_*) key=$token ;; esac
  if [ -n "$key" ]; then
    token=$key
    printf '%s' "$key" | grep -Eqx 'rce_[A-Za-z0-9_-]{32,128}' || refuse "The enrolment key is malformed. Right is rce_ and 32 characters or more."
    return
  fi
  printf '%s' "$token" | grep -Eqx '[A-Za-z0-9_-]{21}:[A-Za-z0-9_-]{32,128}' ||
    refuse "The token is missing or malformed. Give --token with machineId:secret, as the page shows it once."
}

# The embedded server has the page beside the agents' address: without /http, or one port below.
page_of() {
  case $1 in
  */http) say "${1%/http}" ;;
  *:3211) say "${1%1}0" ;;
  *) say "$1" ;;
  esac
}

check_machine() {
  [ "$(id -u)" = 0 ] || refuse "This needs root: put sudo before sh."
  if [ ! -d "$ROOT/run/systemd/system" ]; then
    refuse "There is no systemd here, so nothing was installed. Run the agent under what you have instead:
  node agent.mjs --url <address> --token-file <path>    or    sh agent.sh --url <address> --token-file <path>
(both are on the page's address, e.g. $from/agent.sh)"
  fi
}

fetch() {
  if command -v curl >/dev/null; then
    curl -fsSL --max-time 60 "$from/$1" -o "$2"
  else
    wget -q -T 60 "$from/$1" -O "$2"
  fi || refuse "$from/$1 cannot be downloaded. If the page has another address, give it with --from."
}

# The path of a Node that is new enough and that a user without rights can run, or nothing.
usable_node() {
  node=$(command -v node) || return 0
  node=$(readlink -f "$node")
  # Homes are closed to the service.
  case $node in /home/* | /root/*) return 0 ;; esac
  major=$("$node" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  [ "${major:-0}" -ge $MIN_NODE_MAJOR ] && say "$node"
  return 0
}

choose_agent() {
  node=
  [ "$kind" = sh ] || node=$(usable_node)
  if [ -n "$node" ]; then
    file=agent.mjs
    flags=--max-semi-space-size=1
    # Without its compiler Node takes a fifth less memory, for good. Older ones warn of it at every start: not there.
    [ -n "$("$node" --jitless -e 0 2>&1)" ] || flags="--jitless $flags"
    command="$node $flags $PROGRAM_DIR/agent.mjs"
  else
    command -v curl >/dev/null || refuse "This machine has neither Node $MIN_NODE_MAJOR nor curl: install one of them first."
    file=agent.sh
    command="/bin/sh $PROGRAM_DIR/agent.sh"
  fi
}

download_agent() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fetch "$file" "$work/$file"
  fetch "$file.sha256" "$work/sum"
  wanted=$(cut -d ' ' -f 1 "$work/sum")
  found=$(sha256sum "$work/$file" | cut -d ' ' -f 1)
  [ ${#wanted} -eq 64 ] && [ "$wanted" = "$found" ] ||
    refuse "The download of $file is damaged (its SHA-256 is $found, not $wanted). Nothing was installed."
}

create_user() {
  ! getent passwd $AGENT_USER >/dev/null || return 0
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin $AGENT_USER
}

# The directory, then what others must not read with its rights from the first byte on.
write_files() {
  mkdir -p "$ROOT$PROGRAM_DIR" "$ROOT$SETTINGS_DIR" "$ROOT$(dirname $UNIT)"
  chmod 755 "$ROOT$PROGRAM_DIR" "$ROOT$SETTINGS_DIR"
  rm -f "$ROOT$PROGRAM_DIR/agent.mjs" "$ROOT$PROGRAM_DIR/agent.sh"
  cp "$work/$file" "$ROOT$PROGRAM_DIR/$file"
  chmod 755 "$ROOT$PROGRAM_DIR/$file"
  {
    say "ROLLCALL_URL=$url"
    [ -z "$interval" ] || say "HEARTBEAT_INTERVAL=$interval"
    [ -z "$instance" ] || say "MACHINE_ID=$instance"
  } >"$ROOT$SETTINGS_DIR/agent.env"
  (umask 077 && say "$token" >"$ROOT$SETTINGS_DIR/token.new")
  chown root:$AGENT_USER "$ROOT$SETTINGS_DIR/token.new"
  chmod 640 "$ROOT$SETTINGS_DIR/token.new"
  mv "$ROOT$SETTINGS_DIR/token.new" "$ROOT$SETTINGS_DIR/token"
  unit >"$ROOT$UNIT"
}

unit() {
  cat <<TEXT
# Written by Rollcall's install.sh. Own settings go into: systemctl edit rollcall-agent
[Unit]
Description=Rollcall agent
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=$command
EnvironmentFile=$SETTINGS_DIR/agent.env
Environment=ROLLCALL_TOKEN_FILE=$SETTINGS_DIR/token
# What cannot be sent waits in here; nothing else is writable.
StateDirectory=rollcall-agent
StateDirectoryMode=0700
WorkingDirectory=/
# A machine deleted on the page ends the agent with 0: then it stays ended. 2 is a wrong configuration.
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2
TimeoutStopSec=15

User=$AGENT_USER
Group=$AGENT_USER
${groups:+SupplementaryGroups=$groups
}NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallFilter=@system-service
SystemCallArchitectures=native
UMask=0077
MemoryMax=150M
TasksMax=64

[Install]
WantedBy=multi-user.target
TEXT
}

uninstall() {
  if [ -f "$ROOT$UNIT" ]; then
    systemctl disable --now rollcall-agent || true
    rm -f "$ROOT$UNIT"
    systemctl daemon-reload || true
  fi
  rm -rf "$ROOT$PROGRAM_DIR" "$ROOT$SETTINGS_DIR" "$ROOT$STATE_DIR"
  ! getent passwd $AGENT_USER >/dev/null || userdel $AGENT_USER
  say "The Rollcall agent is removed. Its machine is still on the page; delete it there if it is gone for good."
}

main() {
  read_options "$@"
  if [ $is_uninstall = yes ]; then
    [ "$(id -u)" = 0 ] || refuse "This needs root: put sudo before sh."
    uninstall
    return
  fi
  complete_options
  check_machine
  choose_agent
  download_agent
  create_user
  write_files
  systemctl daemon-reload
  systemctl enable rollcall-agent
  systemctl restart rollcall-agent
  say "The Rollcall agent runs ($file). See it with: journalctl -u rollcall-agent"
}

main "$@"

#!/usr/bin/env bash
# A PostgreSQL cluster of three servers under Patroni with one etcd, HAProxy and PgBouncer, on loopback, and
# the faults that ClusterBench does to it.
#
#   cluster.sh missing             names what is not installed
#   cluster.sh up | down           builds and starts a cluster in ROOT; stops it and removes ROOT
#   cluster.sh fault NAME          does something to the cluster, and undoes it where it ends by itself
#   cluster.sh heal                starts what is down and waits until all nodes follow one leader
#   cluster.sh list                shows the members
#
# Processes are ended by their recorded ids only, and only while they run in ROOT.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${BASE:=27000}"                                   # ports: BASE+1 to BASE+401
: "${ROOT:=${TMPDIR:-/tmp}/stowage-cluster-$BASE}"   # data, logs, process ids
: "${SYNC:=false}"                                   # synchronous_mode and synchronous_mode_strict
: "${DISK_MB:=0}"                                    # the size of each server's disk; 0 for no bound
: "${HOLD:=30}"                                      # seconds that a fault lasts
: "${SCHEMA:=trial}"                                 # the schema that is dumped and restored
BIN=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)
ETCD_PORT=$((BASE + 201)) ETCD_PEER=$((BASE + 202)) HAPROXY_PORT=$((BASE + 301)) POOLER_PORT=$((BASE + 401))
nodes="1 2 3"

pg_port() { echo $((BASE + $1)); }
rest_port() { echo $((BASE + 100 + $1)); }

missing() {
  local program
  for program in etcd:etcd-server patroni:patroni patronictl:patroni haproxy:haproxy pgbouncer:pgbouncer curl:curl \
    setpriv:util-linux pgrep:procps; do
    PATH=$PATH:/usr/sbin command -v "${program%%:*}" > /dev/null || echo "${program#*:}"
  done | sort -u
  [ -n "$BIN" ] && [ -x "$BIN/postgres" ] || echo postgresql
}

# Root hands everything to the user postgres, because the server refuses root.
as_user=()
[ "$(id -u)" -ne 0 ] || as_user=(env "HOME=$ROOT" setpriv --reuid=postgres --regid=postgres --init-groups)

# launch NAME COMMAND...: runs in a session of its own and records the id of the process.
launch() {
  local name=$1
  shift
  setsid ${as_user[@]+"${as_user[@]}"} "$@" >> "$ROOT/log/$name.log" 2>&1 < /dev/null &
  echo $! > "$ROOT/run/$name.pid"
  sleep 0.3
  kill -0 $! 2> /dev/null || { echo "$name did not start, see $ROOT/log/$name.log" >&2; return 1; }
}

# Prints a recorded id if the process runs in ROOT: another one may have the number since.
own() {
  [ -n "${1:-}" ] && grep -qs '^State:.[^Z]' "/proc/$1/status" && tr '\0' ' ' < "/proc/$1/cmdline" | grep -qF "$ROOT" && echo "$1"
}
process() { own "$(cat "$ROOT/run/$1.pid" 2> /dev/null)"; }
postmaster() { own "$(head -n 1 "$ROOT/node$1/data/postmaster.pid" 2> /dev/null)"; }
# The server's processes: the postmaster and its children.
server() {
  local of
  of=$(postmaster "$1") && echo "$of" && pgrep -P "$of"
}
receiver() {
  local each
  for each in $(server "$1"); do
    tr '\0' ' ' < "/proc/$each/cmdline" | grep -q walreceiver && echo "$each"
  done
}
signal() {
  local with=$1
  shift
  [ $# -eq 0 ] || kill "-$with" "$@" 2> /dev/null
}

control() { ${as_user[@]+"${as_user[@]}"} patronictl -c "$ROOT/conf/patroni1.yml" "$@"; }
client() { local program=$1; shift; ${as_user[@]+"${as_user[@]}"} "$BIN/$program" -h 127.0.0.1 -U postgres "$@"; }

# Reports whether the Patroni of a node answers a question with yes.
is_told() { [ "$(curl -s -m 1 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$(rest_port "$1")/$2")" = 200 ]; }
leader() {
  local i
  for i in $nodes; do
    is_told "$i" primary && echo "$i" && return
  done
}
others() { local i; for i in $nodes; do [ "$i" = "$1" ] || echo "$i"; done; }

start_etcd() {
  launch etcd etcd --name e0 --data-dir "$ROOT/etcd" --enable-v2 --log-level warn \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$ETCD_PEER" --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER" \
    --initial-cluster "e0=http://127.0.0.1:$ETCD_PEER"
}
start_node() { launch "patroni$1" patroni "$ROOT/conf/patroni$1.yml"; }
start_haproxy() { PATH=$PATH:/usr/sbin launch haproxy haproxy -db -f "$ROOT/conf/haproxy.cfg"; }
start_pooler() { PATH=$PATH:/usr/sbin launch pgbouncer pgbouncer "$ROOT/conf/pgbouncer.ini"; }

fill() {
  local i names=(-e "s|@ROOT@|$ROOT|g; s|@BIN@|$BIN|g; s|@SYNC@|$SYNC|g; s|@ETCD_PORT@|$ETCD_PORT|g")
  names+=(-e "s|@HAPROXY_PORT@|$HAPROXY_PORT|g; s|@POOLER_PORT@|$POOLER_PORT|g")
  names+=(-e "s|@WAL@|$([ "$DISK_MB" -gt 0 ] && echo 128MB || echo 1GB)|g; s|@NODE@|${2:-}|g")
  names+=(-e "s|@PG_PORT@|$(pg_port "${2:-0}")|g; s|@REST_PORT@|$(rest_port "${2:-0}")|g")
  for i in $nodes; do
    names+=(-e "s|@PG_PORT_$i@|$(pg_port "$i")|g; s|@REST_PORT_$i@|$(rest_port "$i")|g")
  done
  sed "${names[@]}" "$here/$1"
}

up() {
  local i n
  mkdir -p "$ROOT"/{run,log,conf} || return 1
  for i in $nodes; do
    mkdir -p "$ROOT/node$i"
    if [ "$DISK_MB" -gt 0 ]; then
      mount -t tmpfs -o "size=${DISK_MB}m" stowage-cluster "$ROOT/node$i" || { echo "a small disk needs the right to mount" >&2; return 1; }
    fi
    fill patroni.yml "$i" > "$ROOT/conf/patroni$i.yml"
  done
  fill haproxy.cfg > "$ROOT/conf/haproxy.cfg"
  fill pgbouncer.ini > "$ROOT/conf/pgbouncer.ini"
  [ "$(id -u)" -ne 0 ] || chown -R postgres "$ROOT"
  start_etcd || return 1
  start_node 1 || return 1
  for n in $(seq 120); do
    [ -n "$(leader)" ] && break
    sleep 0.5
  done
  start_node 2 && start_node 3 && start_haproxy && start_pooler && heal
}

down() {
  local name i n each
  for name in pgbouncer haproxy patroni1 patroni2 patroni3; do
    each=$(process $name) || continue
    signal CONT "$each"
    signal TERM "$each"
    for n in $(seq 100); do
      own "$each" > /dev/null || break
      sleep 0.1
    done
    own "$each" > /dev/null && signal KILL "$each"
  done
  for i in $nodes; do
    signal CONT $(server "$i")
    signal KILL $(server "$i")
  done
  signal KILL $(process etcd)
  sleep 0.5
  for i in $nodes; do
    mountpoint -q "$ROOT/node$i" && umount "$ROOT/node$i"
  done
  rm -rf "$ROOT"
}

# Prints the standbys that follow the leader.
followers() {
  client psql -Atq -p "$(pg_port "$1")" -c "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'" postgres 2> /dev/null
}
is_well() {
  local at
  at=$(leader)
  [ -n "$at" ] && [ "$(followers "$at" | grep -c '^node')" -eq 2 ]
}
# Builds standbys anew that run and do not follow: two servers that were promoted apart have a timeline of one
# number, and Patroni rewinds none of them.
rebuild() {
  local at i
  at=$(leader)
  [ -n "$at" ] || return
  for i in $(others "$at"); do
    if is_told "$i" health && ! followers "$at" | grep -qx "node$i"; then
      control reinit stowage "node$i" --force > /dev/null 2>&1
    fi
  done
}
heal() {
  local i n
  process etcd > /dev/null || start_etcd
  for i in $nodes; do
    rm -f "$ROOT/node$i/ballast"
    signal CONT $(server "$i") $(process "patroni$i")
    process "patroni$i" > /dev/null || start_node "$i"
  done
  process haproxy > /dev/null || start_haproxy
  process pgbouncer > /dev/null || start_pooler
  for n in $(seq 180); do
    is_well && echo "healed, node$(leader) leads" && return
    [ $((n % 40)) -ne 10 ] || rebuild
    sleep 0.5
  done
  control list
  echo "not healed"
  return 1
}

# A failback by hand: a primary that was cut off comes back on its old timeline and leads, the others are gone
# and come back.
fail_back() {
  local from=$1 i
  signal STOP $(server "$from") $(process "patroni$from")
  for i in $(seq 90); do
    [ -n "$(leader)" ] && break
    sleep 0.5
  done
  sleep 5
  for i in $(others "$from"); do
    signal KILL $(process "patroni$i") $(server "$i")
  done
  signal CONT $(server "$from") $(process "patroni$from")
  for i in $(seq 30); do
    [ "$(leader)" = "$from" ] && break
    sleep 1
  done
  [ "$(leader)" = "$from" ] || control failover --candidate "node$from" --force
  heal
}

# Standbys cease to receive, commits go on, then the primary dies; a synchronous primary waits instead.
lag() {
  local from=$1 stopped=() each
  for each in $(others "$from"); do
    stopped+=($(receiver "$each"))
  done
  signal STOP ${stopped[@]+"${stopped[@]}"}
  sleep 3
  signal KILL $(process "patroni$from") $(server "$from")
  signal TERM ${stopped[@]+"${stopped[@]}"}
  signal CONT ${stopped[@]+"${stopped[@]}"}
}

restore() {
  local port
  port=$(pg_port "$(leader)")
  client pg_dump -p "$port" -n "$SCHEMA" postgres > "$ROOT/run/dump.sql" || return 1
  sleep 5
  { echo "DROP SCHEMA $SCHEMA CASCADE;"; cat "$ROOT/run/dump.sql"; } | client psql -q -1 -v ON_ERROR_STOP=1 -p "$port" postgres > /dev/null
}

fault() {
  local at i
  at=$(leader)
  [ -n "$at" ] || { echo "nobody leads"; return 1; }
  case $1 in
    switchover) control switchover --master "node$at" --force 2>&1 | grep -iE 'success|error|fail' | tail -n 1 ;;
    kill-postgres) signal KILL "$(postmaster "$at")" ;;
    kill-node) signal KILL $(process "patroni$at") $(server "$at") ;;
    kill-patroni) signal KILL $(process "patroni$at") ;;
    etcd-away) signal KILL $(process etcd); sleep "$HOLD"; start_etcd ;;
    haproxy-away) signal KILL $(process haproxy); sleep 8; start_haproxy ;;
    frozen-postgres) signal STOP $(server "$at"); sleep "$HOLD"; signal CONT $(server "$at") ;;
    frozen-node) signal STOP $(server "$at") $(process "patroni$at"); sleep "$HOLD"; signal CONT $(server "$at") $(process "patroni$at") ;;
    lag-failover) lag "$at" ;;
    failback) fail_back "$at" > /dev/null ;;
    standbys-lost) for i in $(others "$at"); do signal KILL $(process "patroni$i") $(server "$i"); done; sleep "$HOLD" ;;
    disk-full) dd if=/dev/zero of="$ROOT/node$at/ballast" bs=1M 2> /dev/null; sleep 15; rm -f "$ROOT/node$at/ballast" ;;
    dump-restored) restore ;;
    *) echo "no fault is called $1" >&2; return 2 ;;
  esac
  echo "$1 of node$at"
}

case ${1:-} in
  missing) missing ;;
  up) up ;;
  down) down ;;
  fault) fault "$2" ;;
  heal) heal ;;
  list) control list ;;
  leader) leader ;;
  *) echo "cluster.sh missing | up | down | fault NAME | heal | list | leader" >&2; exit 2 ;;
esac

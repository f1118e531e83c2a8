# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What our scripts share: where things are, and how they report progress. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Beside the user's other caches, so that a second clone is built as quickly as a second build.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sluice
logs=$root/build/logs

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# give_up HOME REASON: this machine cannot build what belongs into that directory. The reason stands
# there for the tests to tell; that is not a failure.
give_up() {
  printf '%s\n' "$2" | tee "$1/reason"
  exit 0
}

# On a terminal, shows what a quiet step does right now. Runs until it is killed.
watch_log() {
  local name=$1 log=$2
  while sleep 1; do
    printf '\r\033[K[%4d s] %s: %s' "$SECONDS" "$name" "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-60)"
  done
}

# step NAME COMMAND...: one line of progress; the output is kept in build/logs, and told on failure.
step() {
  local name=$1 status=0 watcher='' log
  shift
  log=$logs/${name//[^a-zA-Z0-9]/-}.log
  mkdir -p "$logs" && : >"$log"
  if [[ -t 1 ]]; then
    watch_log "$name" "$log" &
    watcher=$!
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ $watcher ]]; then
    kill "$watcher"
    wait "$watcher" 2>/dev/null || true
    printf '\r\033[K'
  fi
  if ((status)); then
    say "$name: FAILED; the end of ${log#"$root"/}:"
    tail -n 60 "$log"
    exit "$status"
  fi
  say "$name"
}

# hash_of FILE...: names what is built from them. cmake/Cached.cmake computes the same.
hash_of() { cat "$@" | sha256sum | cut -c 1-16; }

# Where tools/build_control_plane leaves what it builds.
control_plane_home() (
  cd "$root/tests/kubernetes"
  printf '%s/control_plane-%s\n' "$cache" "$(hash_of {controlplane,etcd}/go.{mod,sum} controlplane/main.go)"
)

# Every file of ours that matches one of the patterns: tracked, or new and not ignored.
our_files() { (cd "$root" && git ls-files --cached --others --exclude-standard --deduplicate -- "$@"); }

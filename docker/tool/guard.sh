#!/usr/bin/env bash
# Watches over a command of run.sh from inside the tool container: guard.sh ID
#
# Each line of its input is a signal for the command. When the input ends, the caller of the command is gone, perhaps
# killed, and what is left of the command is ended: it may hold the migrations' lock.
set -uo pipefail
id=$1
state=/run/seedbed
mkdir -p $state
find $state -name '*.gone' -mmin +60 -delete

group() { cat "$state/$id" 2>/dev/null; }
while read -r signal; do
    # The command may not have begun.
    for _ in {1..100}; do
        if [[ -e $state/$id ]]; then break; fi
        sleep 0.05
    done
    if group=$(group); then kill -"$signal" -- "-$group" 2>/dev/null; fi
done
touch "$state/$id.gone"
for signal in TERM KILL; do
    group=$(group) || exit 0
    kill -$signal -- "-$group" 2>/dev/null || exit 0
    for _ in {1..100}; do
        group >/dev/null || exit 0
        sleep 0.1
    done
done

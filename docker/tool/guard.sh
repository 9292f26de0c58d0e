#!/usr/bin/env bash
# Watches over a command of run.sh from inside the tool container: guard.sh ID
#
# Each line of its input is a signal for the command. When the input ends, the caller of the command has ended or was
# killed. The guard then ends the remaining processes of the command, which may hold the lock of the migrations.
set -uo pipefail
id=$1
state=/run/seedbed
mkdir -p $state
find $state -name '*.gone' -mmin +60 -delete

group() { cat "$state/$id" 2>/dev/null; }
while read -r signal; do
    # The command may not have started yet.
    for _ in {1..100}; do
        if [[ -e $state/$id ]]; then break; fi
        sleep 0.05
    done
    if group=$(group); then kill -"$signal" -- "-$group" 2>/dev/null; fi
done
# If the command has not started yet, this file prevents run.sh from starting it.
touch "$state/$id.gone"
for signal in TERM KILL; do
    group=$(group) || exit 0
    kill -$signal -- "-$group" 2>/dev/null || exit 0
    for _ in {1..100}; do
        group >/dev/null || exit 0
        sleep 0.1
    done
done

#!/usr/bin/env bash
# Runs the command as the owner of the checkout, so that the files it writes are the user's and not root's.
#
# Where the engine runs rootless, and on a Mac, the owner seen from in here is root: then root it stays, since outside
# that is the user. HOST_UID and HOST_GID decide by hand.
set -euo pipefail

# Started with `--user`: there is nothing left to choose.
if [[ $(id -u) -ne 0 ]]; then exec "$@"; fi

uid=${HOST_UID:-$(stat -c %u .)}
gid=${HOST_GID:-$(stat -c %g .)}

# New volumes belong to root. chown takes a folder after its contents, so one that was interrupted is done again.
for folder in "$CARGO_HOME" "$CARGO_TARGET_DIR"; do
    mkdir -p "$folder"
    if [[ $(stat -c %u:%g "$folder") != "$uid:$gid" ]]; then chown -R "$uid:$gid" "$folder"; fi
done

if [[ $uid -eq 0 ]]; then exec "$@"; fi

# initdb, for one, refuses a user without a name.
export HOME=/home/seedbed
if ! getent passwd "$uid" >/dev/null; then
    echo "seedbed:x:$uid:$gid::$HOME:/bin/bash" >>/etc/passwd
fi
if ! getent group "$gid" >/dev/null; then
    echo "seedbed:x:$gid:" >>/etc/group
fi
mkdir -p "$HOME"
chown "$uid:$gid" "$HOME"
exec setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"

#!/usr/bin/env bash
# Runs a command in the tool container for a user outside of it: run.sh ID COMMAND [ARGUMENT]...
#
# `docker exec` runs as root, forwards no signals, and leaves the command running when the client is killed. For this
# reason, the command runs as the owner of the checkout, and its process group is recorded for guard.sh, which watches
# over it.
set -euo pipefail
id=$1
shift
state=/run/seedbed
mkdir -p $state

# The command runs as the owner of the checkout, so that its files belong to the user. If the engine runs rootless, and
# on a Mac, the owner seen from inside the container is root, which is the user on the host. HOST_UID and HOST_GID
# override this.
uid=${HOST_UID:-$(stat -c %u .)}
gid=${HOST_GID:-$(stat -c %g .)}
prepare() {
    # New volumes belong to root. chown changes a folder after its contents, so an interrupted chown is repeated.
    local folder
    for folder in "$CARGO_HOME" "$CARGO_TARGET_DIR"; do
        mkdir -p "$folder"
        if [[ $(stat -c %u:%g "$folder") != "$uid:$gid" ]]; then chown -R "$uid:$gid" "$folder"; fi
    done
    # Some programs, such as initdb, refuse a user without a name.
    if ! getent group "$gid" >/dev/null; then echo "seedbed:x:$gid:" >>/etc/group; fi
    if ! getent passwd "$uid" >/dev/null; then echo "seedbed:x:$uid:$gid::/home/seedbed:/bin/bash" >>/etc/passwd; fi
    install -d -o "$uid" -g "$gid" /home/seedbed
}
as_user=()
exec 9>$state/prepare.lock
flock 9
prepare
exec 9>&-
if [[ $uid -ne 0 ]]; then
    export HOME=/home/seedbed
    as_user=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups --)
fi

# docker exec begins a session, so this is the number of the process group. Signals reach the whole group. This shell
# only has to survive them, to pass on the exit code.
trap : INT TERM HUP
echo $$ >"$state/$id"
trap 'rm -f "$state/$id"' EXIT
if [[ -e $state/$id.gone ]]; then exit 143; fi
code=0
${as_user[@]+"${as_user[@]}"} "$@" || code=$?
exit "$code"

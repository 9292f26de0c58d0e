#!/usr/bin/env bash
# This script runs the README's two commands in a container that has Rust, make and git, and nothing else. The container
# has no PostgreSQL, no package lists and an empty cargo home. The script needs a Docker engine. IMAGE names another image
# with Rust.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^ARG RUST_VERSION=//p' docker/tool/Dockerfile)
image=${IMAGE:-rust:$version-slim-trixie}

if ! docker info >/dev/null 2>&1; then
    echo "error: no Docker engine answers, and the bare machine is a container" >&2
    echo "hint: start Docker, or type the README's two commands on a new machine" >&2
    exit 1
fi
# The container clones the repository, as a newcomer does, so it has only what is committed. Without the setting, git
# refuses a folder that another user owns.
docker run --rm --volume "$PWD:/source:ro" "$image" bash -euc '
    apt-get -qq update
    apt-get -qq install --yes --no-install-recommends git make >/dev/null
    git config --global --add safe.directory "*"
    git clone --quiet /source /root/seedbed
    cd /root/seedbed
    echo "\$ make fresh-start"
    time make fresh-start
    echo "\$ make test"
    time make test'

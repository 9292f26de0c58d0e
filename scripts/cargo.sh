#!/usr/bin/env bash
# Runs cargo, and says what to install where Rust or the linker is missing. `--is-there` only answers by its exit code.
set -euo pipefail
# shellcheck source=scripts/lib/say.sh
source "$(dirname "$0")/lib/say.sh"

# A shell that has not read its profile since Rust was installed.
if ! command -v cargo >/dev/null && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
fi
if [[ ${1-} == --is-there ]]; then
    command -v cargo >/dev/null
    exit
fi

command -v cargo >/dev/null ||
    fail "cargo is missing: Rust is not installed" \
        "install it from https://rustup.rs, or use the tool container: RUN=docker" 127
command -v cc >/dev/null ||
    fail "cc is missing: Rust links its programs with it" \
        "install it: apt-get install build-essential, dnf install gcc, or xcode-select --install" 127
exec cargo "$@"

# shellcheck shell=bash
# What the scripts say, all of it on stderr: stdout belongs to the programs.

say() { printf '%s\n' "$1" >&2; }

# An error, the hint that belongs to it, and the end; the third argument is the exit code.
fail() {
    say "error: $1"
    if [[ -n ${2-} ]]; then say "hint: $2"; fi
    exit "${3:-1}"
}

wrong_use() { fail "$1" "${2-}" 2; }

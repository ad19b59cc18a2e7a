# Shared by the scripts: where things are, and how steps are told. Sourced, not run.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
home="${GENLOCK_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/genlock}"
export GENLOCK_HOME="$home"

say() { printf '%s\n' "== $*" >&2; }

# fail WHAT REMEDY: ends the script with what to do about it.
fail() {
    printf '%s\n' "== failed: $1" "   what to do: $2" >&2
    exit 1
}

# Runs a command as root where that needs asking.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        fail "'$*' needs root" "run it as root, or install sudo, then run this again"
    fi
}

# The program's version, as the source states it.
program_version() { sed -n 's/.*static let tool = "\(.*\)"/\1/p' "$root/Sources/Values/SyncModel/Version.swift"; }

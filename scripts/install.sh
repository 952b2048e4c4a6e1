# Functions that install the missing tools on Debian and Ubuntu. ./run, ./test and the other commands source this file.
# Messages go to standard error. If nothing is missing, no function uses the network.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"

# A build must not change the machine's toolchain. rustup would install one automatically, and parallel builds would do
# so at the same time.
export RUSTUP_AUTO_INSTALL="${RUSTUP_AUTO_INSTALL:-0}"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Installs what every build needs: a C and C++ toolchain, CMake, NASM, Rust.
install_build_tools() {
    local missing=()
    has cc && has c++ && has make || missing+=(build-essential)
    has cmake || missing+=(cmake)
    has nasm || missing+=(nasm)
    has pkg-config || missing+=(pkg-config)
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    install_packages "${missing[@]}"
    install_rust
}

# Puts Rust on the PATH, at least in the workspace's rust-version.
install_rust() {
    local rustup_bin="${CARGO_HOME:-${HOME:-/root}/.cargo}/bin"
    if [[ -x "$rustup_bin/cargo" ]] && ! rust_is_recent; then
        export PATH="$rustup_bin:$PATH"
    fi
    if ! has cargo && ! has rustup; then
        if package_exists rustup; then
            install_packages rustup
        else
            has curl || install_packages curl
            say "Installing Rust with its official installer, rustup"
            curl --proto '=https' --tlsv1.2 --fail --silent --show-error https://sh.rustup.rs |
                sh -s -- -y --quiet --no-modify-path --profile minimal >&2
            export PATH="$rustup_bin:$PATH"
        fi
    fi
    if has rustup && ! rustc --version >/dev/null 2>&1; then
        say "Installing the stable Rust toolchain"
        rustup default stable >&2
    fi
    rust_is_recent || fail "Rust $(required_rust) or later is needed; here is $(rust_version || echo none)." \
        "With rustup, run 'rustup update stable'. Without rustup, remove the distribution's cargo and start again."
}

required_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml"; }

rust_version() { rustc --version 2>/dev/null | cut -d ' ' -f 2; }

rust_is_recent() {
    has cargo && is_at_least "$(required_rust)" "$(rust_version)"
}

# Succeeds if version $2 is $1 or later.
is_at_least() {
    [[ -n "$2" && "$(printf '%s\n' "$1" "$2" | sort --version-sort | head -n 1)" == "$1" ]]
}

# Installs Debian packages, if any are named.
install_packages() {
    [[ $# -gt 0 ]] || return 0
    has apt-get || fail "missing: $*. These are names of Debian packages. This machine has no apt-get: install them by hand."
    say "Installing with apt: $*"
    update_package_list
    # Unattended upgrades may hold apt's lock for some minutes after a machine has started.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=300 \
        install --yes --quiet=2 --no-install-recommends "$@" </dev/null >&2 || fail "apt could not install: $*"
}

# Succeeds if apt can install a package with this name.
package_exists() {
    has apt-cache || return 1
    update_package_list
    [[ "$(apt-cache policy "$1")" == *"Candidate: "[^\(]* ]]
}

# Updates apt's package list, at most once in a run.
update_package_list() {
    [[ -z "${package_list_is_fresh:-}" ]] || return 0
    say "Updating the package list of apt"
    as_root apt-get update --quiet=2 </dev/null >&2 || say "apt-get update failed; continuing with the existing package list"
    package_list_is_fresh=yes
}

as_root() {
    if [[ "$(id -u)" == 0 ]]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "'$*' needs root: run it as root, or install sudo"
    fi
}

# Prints the absolute path of the build directory.
target_directory() { realpath --canonicalize-missing "${CARGO_TARGET_DIR:-$root/target}"; }

# Runs a command unless the file STAMP records that it ran for the same content of FILE: `once_for FILE STAMP COMMAND…`.
once_for() {
    local file=$1 stamp=$2 sum
    shift 2
    sum=$(sha256sum <"$file")
    if [[ ! -e "$stamp" || "$(cat "$stamp")" != "$sum" ]]; then
        "$@"
        printf '%s\n' "$sum" >"$stamp"
    fi
}

# Installs ffmpeg and ffprobe, which transcode videos.
install_ffmpeg() {
    if ! has ffmpeg || ! has ffprobe; then install_packages ffmpeg; fi
}

# Makes a Python virtual environment in $2 with the packages of the requirements file $1.
install_python_packages() {
    "$2/bin/python" -c '' 2>/dev/null || rm -f "$2/.requirements"
    once_for "$1" "$2/.requirements" make_python_environment "$1" "$2"
}

make_python_environment() {
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
    say "Installing the Python packages of ${1#"$root"/}"
    python3 -m venv --clear "$2" >&2
    "$2/bin/python" -m pip install --quiet --disable-pip-version-check --retries 10 --requirement "$1" >&2 ||
        fail "pip could not install the packages of $1"
}

# Installs Node.js 18 or later and npm.
install_node() {
    has node || install_packages nodejs
    has npm || install_packages npm
    is_at_least 18 "$(node --version | tr -d v)" ||
        fail "Node.js 18 or later is needed; here is $(node --version)"
}

# Installs the packages of the lock file in directory $1.
install_node_packages() {
    mkdir -p "$1/node_modules"
    once_for "$1/package-lock.json" "$1/node_modules/.lock" run_npm_ci "$1"
}

run_npm_ci() {
    say "Installing the Node packages of ${1#"$root"/}"
    (cd "$1" && npm ci --no-audit --no-fund --fetch-retries=5 --loglevel=error </dev/null >&2) || fail "npm ci failed in $1"
    mkdir -p "$1/node_modules"
}

# Installs Chromium for browser tests and sets CHROMIUM to its path.
install_chromium() {
    CHROMIUM=${CHROMIUM:-$(find_chromium)}
    if [[ -z "$CHROMIUM" ]]; then
        if package_exists chromium; then install_packages chromium; else install_packages chromium-browser; fi
        CHROMIUM=$(find_chromium)
    fi
    [[ -x "$CHROMIUM" ]] || fail "the browser '$CHROMIUM' can't be run: set CHROMIUM to the path of a Chromium"
    export CHROMIUM
}

# Sets FIREFOX to the path of a Firefox, and installs one where it is missing.
install_firefox() {
    FIREFOX=${FIREFOX:-$(find_firefox)}
    if [[ -z "$FIREFOX" ]]; then
        if package_exists firefox-esr; then install_packages firefox-esr; else install_packages firefox; fi
        FIREFOX=$(find_firefox)
    fi
    [[ -x "$FIREFOX" ]] || fail "the browser '$FIREFOX' can't be run: set FIREFOX to the path of a Firefox"
    export FIREFOX
}

find_firefox() { command -v firefox-esr || command -v firefox || true; }

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

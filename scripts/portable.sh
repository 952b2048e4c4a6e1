# Settings for programs that run on other machines than the one that builds them. ./package and scripts/release source this
# file, after scripts/install.sh.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"

# Libraries that a program may link: glibc 2.34, as in Lambda's provided.al2023 and in every supported distribution, and GCC's
# runtime library.
glibc=2.34
libraries='linux-vdso\.so\.1|ld-linux-[a-z0-9-]*\.so\.[12]|libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libpthread\.so\.0|libdl\.so\.2|librt\.so\.1'

# for_architecture ARCHITECTURE TARGET PROFILE: sets $triple; $built, the folder of the programs below the folder TARGET of builds;
# $cross, cargo's options; and $prefix of the compiler's tools.
# shellcheck disable=SC2034 # for the script that sources this one
for_architecture() {
    local folder=$3
    target=$2
    case $1 in
        x86_64) triple=x86_64-unknown-linux-gnu ;;
        arm64 | aarch64) triple=aarch64-unknown-linux-gnu ;;
        *) fail "--arch: $1 is not x86_64 or arm64" ;;
    esac
    built=$target/$folder
    cross=()
    prefix=
    if [[ $triple != "$(uname -m)-unknown-linux-gnu" ]]; then
        built=$target/$triple/$folder
        cross=(--target "$triple")
        prefix=${triple/-unknown-/-}-
        export CC_aarch64_unknown_linux_gnu=${prefix}gcc CXX_aarch64_unknown_linux_gnu=${prefix}g++
        export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=${prefix}gcc
    fi
}

check_cross_compiler() {
    has "${prefix}gcc" || fail "${prefix}gcc is missing: install gcc-aarch64-linux-gnu and g++-aarch64-linux-gnu"
}

# Sets the compilers' flags. Path prefixes are replaced, so that the place of a build does not change its result. Each
# function gets its own section, so that the linker can drop unused ones.
set_flags() {
    local from to rust=() c=" -ffunction-sections -fdata-sections"
    for entry in "$root=/tintype" "${CARGO_HOME:-${HOME:-/root}/.cargo}=/cargo" "$target=/target"; do
        from=${entry%=*} to=${entry##*=}
        rust+=("--remap-path-prefix=$from=$to")
        c+=" -ffile-prefix-map=$from=$to"
    done
    "${prefix}gcc" -O2 -fPIC -fno-builtin -c "$root/scripts/glibc.c" -o "$target/packaged-glibc.o"
    rust+=("-Clink-arg=$target/packaged-glibc.o")
    # RUSTFLAGS would be split at the spaces of a path; the encoded form is not.
    CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${rust[*]}")
    CFLAGS="${CFLAGS:-}$c" CXXFLAGS="${CXXFLAGS:-}$c"
    export CARGO_ENCODED_RUSTFLAGS CFLAGS CXXFLAGS
}

# Prints the newest glibc version that a program needs.
needed_glibc() {
    "${prefix}objdump" -p "$1" | grep --only-matching --extended-regexp 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' |
        sort --version-sort | tail -n 1
}

# check_links PROGRAM [TOLERANT]: fails if a program needs another library than those above or a newer glibc; with TOLERANT, a newer
# glibc is only reported.
check_links() {
    local program=$1 newest strangers
    newest=$(needed_glibc "$program")
    if ! is_at_least "$newest" "$glibc"; then
        say "$program needs glibc $newest; Lambda's provided.al2023 and older distributions have $glibc"
        [[ -n ${2:-} ]] || fail "build it on a system with glibc $glibc or older, such as a container of amazonlinux:2023"
    fi
    strangers=$("${prefix}objdump" -p "$program" | awk '$1 == "NEEDED" { print $2 }' |
        grep --invert-match --extended-regexp --line-regexp "$libraries" || true)
    [[ -z $strangers ]] || fail "$(basename "$program") needs ${strangers//$'\n'/, }, which not every machine has"
}

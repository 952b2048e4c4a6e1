# A function that starts a local stack. Commands source this file after scripts/install.sh.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"

# Sets TINTYPE to the program: that of the environment, otherwise the one that the tests have built.
find_program() {
    TINTYPE=$(realpath --canonicalize-missing "${TINTYPE:-$(target_directory)/debug/tintype}")
    [[ -x $TINTYPE ]] || fail "$TINTYPE is missing: run 'cargo build --package tintype', or set TINTYPE"
}

# start_stack DATA [OPTIONS]: starts a local stack on free ports with its files in the folder DATA. Sets `stack`, its process id, which the
# caller ends, and EDGE, its address.
start_stack() {
    local addresses
    coproc STACK { exec "$TINTYPE" local --port 0 --data "$1" --json "${@:2}"; }
    # shellcheck disable=SC2034 # for the caller
    stack=$STACK_PID
    read -r -u "${STACK[0]}" addresses || fail "the local stack doesn't start"
    EDGE=${addresses#*\"edge\":\"}
    EDGE=${EDGE%%\"*}
    export EDGE
}

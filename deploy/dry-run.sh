# For deploy/up: starts the synthesised deployment on this machine and examines it.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"
: "${target:?the directory of build results, set by the same script}"

# Starts the deployment in the folder $1, runs the doctor against it, and prints what it would cost.
dry_run() {
    local synthesised=$1 data line edge status=0
    local tintype=$target/release/tintype
    install_build_tools
    (install_ffmpeg) || say "Going on without ffmpeg: videos can't be transcoded."
    say "Building Tintype"
    (cd "$root" && cargo build --release --locked --package tintype --features tls --target-dir "$target" >&2)

    say "Starting the deployment on this machine"
    data=$(mktemp --directory)
    coproc DEPLOYED { exec "$tintype" deployed "$synthesised" --port 0 --data "$data" --json; }
    # The variable is unset when the program ends.
    local program=$DEPLOYED_PID
    if ! read -r line <&"${DEPLOYED[0]}"; then
        rm -rf "$data"
        fail "The deployment doesn't start on this machine."
    fi
    edge=$(node --eval 'console.log(JSON.parse(process.argv[1]).edge)' "$line")
    session "$data"
    "$tintype" doctor --url "$edge" --session "$("$tintype" session --owner doctor --data "$data")" || status=$?
    kill "$program"
    wait "$program" || true
    rm -rf "$data"
    [[ $status == 0 ]] || fail "The doctor has found problems."
    say "The deployment works on this machine. What it would cost, in US dollars:"
    "$root/deploy/cost.py"
}

# Writes the secret of upload sessions where `tintype session` reads it.
session() {
    (umask 077 && node --eval 'const secrets = JSON.parse(require("fs").readFileSync(process.argv[1] + "/secrets.json", "utf8"));
        const [, secret] = Object.entries(secrets).find(([arn]) => arn.includes("SessionSecret")) ?? [, ""];
        require("fs").writeFileSync(process.argv[1] + "/session-secret", secret);' "$1")
}

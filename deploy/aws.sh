# Sourced by deploy/up and deploy/down: the AWS CLI, the account, the configuration.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"
: "${target:?the directory of build results, likewise}"

# The AWS CLI in $aws, installed beside the build if there is none, and the account in $account.
find_account() {
    aws=$(command -v aws || true)
    if [[ -z $aws ]]; then
        install_python_packages "$root/deploy/aws-requirements.txt" "$target/aws-venv"
        aws=$target/aws-venv/bin/aws
    fi
    account=$("$aws" sts get-caller-identity --query Account --output text 2>&1) ||
        fail "AWS doesn't know who you are: ${account##*$'\n'}"$'\n'"Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure'."
}

# A member of the configuration: `config .region`.
config() {
    node --eval 'const value = process.argv[2].split(".").slice(1).reduce((at, name) => at?.[name],
        JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))); console.log(value ?? "")' "$TINTYPE_DEPLOY_CONFIG" "$1"
}

# The CDK's CLI.
cdk() { (cd "$root/deploy" && npx --no-install cdk "$@"); }

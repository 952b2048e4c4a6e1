# Sourced by deploy/up and deploy/down: the AWS CLI, the account, the configuration.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"
: "${target:?the directory of build results, likewise}"

# The region in $region, the AWS CLI in $aws, installed beside the build if there is none, and the account in $account.
find_account() {
    install_node
    region=$(config .region)
    aws=$(command -v aws || true)
    if [[ -z $aws ]]; then
        install_python_packages "$root/deploy/aws-requirements.txt" "$target/aws-venv"
        aws=$target/aws-venv/bin/aws
    fi
    account=$("$aws" sts get-caller-identity --region "$region" --query Account --output text 2>&1) ||
        fail "AWS doesn't say who you are: ${account##*$'\n'}"$'\n'"Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure';" \
            "and look whether '$region', the configuration's region, exists."
}

# A member of the configuration: `config .region`.
config() {
    node --eval 'const [, file, path] = process.argv;
        try {
            const value = path.split(".").slice(1).reduce((at, name) => at?.[name],
                JSON.parse(require("fs").readFileSync(file, "utf8")));
            console.log(value ?? "");
        } catch (error) {
            console.error("error: " + file + ": " + error.message);
            process.exitCode = 1;
        }' "$TINTYPE_DEPLOY_CONFIG" "$1"
}

# The CDK's CLI.
cdk() { (cd "$root/deploy" && npx --no-install cdk "$@"); }

# For deploy/up and deploy/down: the AWS CLI, the account and the configuration.
# shellcheck shell=bash

: "${root:?the repository, set by the script that sources this one}"
: "${target:?the directory of build results, set by the same script}"

# Sets $region, $account and $aws, the AWS CLI. Installs the CLI into the build directory if the machine has none.
find_account() {
    install_node
    region=$(config .region)
    aws=$(command -v aws || true)
    if [[ -z $aws ]]; then
        install_python_packages "$root/deploy/aws-requirements.txt" "$target/aws-venv"
        aws=$target/aws-venv/bin/aws
    fi
    account=$("$aws" sts get-caller-identity --region "$region" --query Account --output text 2>&1) ||
        fail "AWS doesn't accept the credentials: ${account##*$'\n'}"$'\n'"Set AWS_PROFILE, or AWS_ACCESS_KEY_ID" \
            "and AWS_SECRET_ACCESS_KEY, or run 'aws configure'; and check that '$region', the configuration's region, exists."
}

# Prints a member of the configuration: `config .region`.
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

# Runs the CDK's CLI.
cdk() { (cd "$root/deploy" && npx --no-install cdk "$@"); }

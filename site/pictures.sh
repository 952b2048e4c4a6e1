#!/usr/bin/env bash
# Writes the pictures of docs/index.md, as it requests them: TINTYPE=target/release/tintype site/pictures.sh
set -euo pipefail

root=$(dirname "$(dirname "$(readlink --canonicalize "${BASH_SOURCE[0]}")")")
source "$root/scripts/install.sh"
source "$root/scripts/stack.sh"
find_program
stack=
scratch=$(mktemp --directory)
trap '[[ -z $stack ]] || kill "$stack"; rm -rf "$scratch"' EXIT
start_stack "$scratch/data"
ffmpeg -v error -y -f lavfi -i mandelbrot=size=1600x1200 -frames:v 1 "$scratch/photo.jpg"
url=$("$TINTYPE" upload --signer "$EDGE" "$scratch/photo.jpg")
mkdir -p "$root/docs/images/sizes"
number=0
# shellcheck disable=SC2016 # backticks of Markdown
while read -r query; do
    number=$((number + 1))
    curl --fail --silent --show-error --output "$root/docs/images/sizes/$number.webp" "$url$query"
done < <(sed -n 's/^`\(?[^`]*fm=webp\)` is .*/\1/p' "$root/docs/index.md")
echo "$number pictures"

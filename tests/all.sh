#!/usr/bin/env bash
# Runs every check and test.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$1"; }
for component in clippy rustfmt; do
  cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
done
step 'format'
cargo fmt --check
step 'clippy'
cargo clippy --all-targets -j2 -- -D warnings
step 'docs'
RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items -j2
step 'tests'
cargo test -j2

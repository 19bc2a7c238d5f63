//! The `yugang` command.
fn main() {}

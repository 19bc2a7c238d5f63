//! The `yugang` command; everything is in the library.

use std::process::ExitCode;

/// Many threads make and drop many small values; this allocator builds a large site about a
/// seventh faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    yugang::cli::run(std::env::args_os())
}

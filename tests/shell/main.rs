//! The shell on real files: reading, watching, writing, photos, and the preview server.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the tests lay out the files that the shell meets and look at what it makes of them"
)]

#[path = "../client/mod.rs"]
mod client;
#[path = "../folder/mod.rs"]
mod folder;
#[cfg(feature = "images")]
mod pictures;

#[cfg(feature = "images")]
mod photos;
mod read_random;
mod read_site;
mod serve_http;
mod watch_folder;
#[cfg(unix)]
mod write_kill;
mod write_random;
mod write_site;

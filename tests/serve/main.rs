//! `yugang serve` from end to end: the real program watches real files, and a client sees what
//! becomes of them.
//!
//! Nothing here waits for a time: a test changes files and follows the events that an open page
//! gets until the page is what it should be, or a long deadline has passed.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test runs the program on files of its own"
)]

#[path = "../client/mod.rs"]
mod client;
#[path = "../folder/mod.rs"]
mod folder;

mod broken;
mod entries;
mod preview;
mod program;
mod publicity;
mod server;
mod site;

//! What becomes of a site's files, without a disk: from a snapshot to the output tree.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the tests read the files of this repository"
)]

#[path = "../archive/mod.rs"]
mod archive;
#[path = "../folder/mod.rs"]
mod folder;

mod golden;
mod hostile;
mod markers;
mod properties;
mod suite;
mod theme_kit;
mod theme_reference;

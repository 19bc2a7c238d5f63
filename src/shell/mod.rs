//! Everything that touches the machine: files, the clock, the network, the system's language.
//!
//! Input: a site folder, an [`OutputTree`](crate::model::tree::OutputTree). Output: a
//! [`Snapshot`](crate::model::snapshot::Snapshot), what changes in it, an output folder.
//!
//! Invariants: sources are never written; a file in an output folder that this program did not
//! write is never changed or removed; what the machine refuses is a diagnostic, not a panic.
#![allow(
    clippy::disallowed_methods,
    reason = "the one module that may touch files, the clock and the environment"
)]

pub mod cache;
pub mod clock;
#[cfg(feature = "deploy")]
pub mod deploy;
pub mod fault;
pub mod images;
pub mod locale;
pub mod read;
pub mod serve;
pub mod session;
pub mod watch;
pub mod write;

//! Publishing as a plan: what is sent to a bucket, in which order, and what is removed.
//!
//! Input: the record of what is published ([`manifest`]), the digests of the finished site, the rules of a
//! target. Output: a [`DeployPlan`], which `shell::deploy` carries out. Nothing here does I/O.
//!
//! # Why no visitor meets a broken site
//!
//! Each object is replaced as a whole. What pages need is sent before the pages that need it, new pages before
//! those that lead to them, and nothing is removed before everything has been sent. So whatever moment a run
//! ends at, every link on every page leads to something. What a run is about to change it has written down in a
//! [`pack`] before, so the next one knows what to look at again.

pub mod codec;
pub mod headers;
pub mod manifest;
pub mod notification;
pub mod pack;
mod plan;
pub mod report;
mod written;

pub use plan::{
    DeployPlan, Phase, Policy, Reason, Seen, Upload, copy_file, garbage, is_packed, kept_file,
    pack_file, plan,
};

//! Yugang compiles a folder of Markdown and YAML into a static public portal.
//!
//! The modules in reading order; imports point only upwards in this list (`tests/tidy.rs`).

pub mod diag;

pub mod model;

pub mod content;

pub mod markdown;

pub mod link;

pub mod search;

pub mod theme;

pub mod assets;

pub mod render;

pub mod view;

pub mod feeds;

pub mod output;

pub mod compile;

pub mod preview;

#[cfg(feature = "deploy")]
pub mod deploy;

pub mod shell;

pub mod cli;

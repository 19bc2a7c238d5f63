//! Yugang compiles a folder of Markdown and YAML into a static public portal.
//!
//! The modules in reading order; imports point only upwards in this list (`tests/tidy.rs`).

pub mod diag;
pub mod model;
pub mod output;

//! The vocabulary of the whole program: what a site is made of.

pub mod digest;
pub mod snapshot;

//! The finished site as a value.

pub mod tree;

//! The vocabulary of the whole program: what a site is made of.
//!
//! Every kind of entry is a plain struct declared once with the macro `record!`, from which follow
//! reading it from YAML ([`value`]), looking into it without knowing its type ([`shape`]) and
//! describing it to people ([`form`]). Nothing here does I/O or knows of other entries.

pub mod characters;
pub mod config;
pub mod date;
pub mod digest;
pub mod form;
pub mod geo;
pub mod html;
mod kind;
pub mod kinds;
pub mod leaf;
pub mod media_type;
pub mod names;
pub mod node;
mod number;
pub mod picture;
pub(crate) mod record;
pub mod reference;
pub mod shape;
pub mod snapshot;
pub mod target;
pub mod tree;
pub mod value;
pub mod variables;
pub mod weekly;

pub use kind::Kind;

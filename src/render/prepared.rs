//! A part of a view as the template engine keeps it: made once, shown on many pages for nothing.
//!
//! A large site shows each entry's card a dozen times; to make a template value of it each time was a
//! tenth of a build.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};

use super::key::{PART, key};
use crate::model::digest::Fingerprint;

/// A `T`, ready for templates, which see it as they would see the `T`.
#[derive(Debug)]
pub struct Prepared<T> {
    value: tera::Value,
    number: u32,
    fingerprint: Fingerprint,
    of: PhantomData<fn() -> T>,
}

impl<T> Prepared<T> {
    /// Prepares a part of plain structs, strings and numbers. By its `number`, any that the caller
    /// likes, a page's [`ViewKey`](super::ViewKey) tells that it shows the part. `buffer` is working
    /// memory, reused from part to part.
    pub fn new(part: &impl Serialize, number: u32, buffer: &mut Vec<u8>) -> Self {
        // These always serialise.
        let value = tera::Value::try_from_serializable(part);
        Prepared {
            value: value.unwrap_or_else(|_| tera::Value::none()),
            number,
            fingerprint: key(part, buffer).fingerprint,
            of: PhantomData,
        }
    }

    /// Whether both show the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Prepared {
            value: self.value.clone(),
            of: PhantomData,
            ..*self
        }
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.value.serialize(serializer)
        } else {
            serializer.serialize_newtype_variant(PART, self.number, "", &self.fingerprint)
        }
    }
}

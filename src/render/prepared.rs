//! A part of a view as the template engine keeps it: made once, shown on many pages for nothing.
//!
//! A large site shows each entry's card a dozen times; to make a template value of it each time was a
//! tenth of a build.

use std::collections::HashMap;
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
    ///
    /// A part that is among those `made` before is taken from there.
    pub fn new(part: &impl Serialize, number: u32, made: &Made<T>, buffer: &mut Vec<u8>) -> Self {
        let fingerprint = key(part, buffer).fingerprint;
        let known = made.0.get(&fingerprint).map(|known| known.value.clone());
        // These always serialise.
        let made = || tera::Value::try_from_serializable(part).ok();
        Prepared {
            value: known.or_else(made).unwrap_or_else(tera::Value::none),
            number,
            fingerprint,
            of: PhantomData,
        }
    }

    /// Whether both show the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

/// Parts that have been prepared before.
#[derive(Debug)]
pub struct Made<'p, T>(HashMap<Fingerprint, &'p Prepared<T>>);

impl<'p, T> FromIterator<&'p Prepared<T>> for Made<'p, T> {
    fn from_iter<I: IntoIterator<Item = &'p Prepared<T>>>(parts: I) -> Self {
        let parts = parts.into_iter();
        Made(parts.map(|part| (part.fingerprint, part)).collect())
    }
}

impl<T> Default for Made<'_, T> {
    fn default() -> Self {
        Made(HashMap::new())
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

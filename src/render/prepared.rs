//! A part of a view as the template engine keeps it: made once, shown on many pages for nothing.
//!
//! A large site shows each entry's card a dozen times; to make a template value of it each time was a
//! tenth of a build.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};

use super::key::{PART, key};
use crate::model::digest::Fingerprint;

/// A `T`, ready for templates, which see it as they would see the `T`.
#[derive(Debug)]
pub struct Prepared<T> {
    /// One allocation: a large site hands out hundreds of thousands of copies.
    content: Arc<Content>,
    number: u32,
    of: PhantomData<fn() -> T>,
}

#[derive(Debug)]
struct Content {
    value: tera::Value,
    /// The value together with what the theme's item template makes of it, once that is known.
    with_item: OnceLock<tera::Value>,
    fingerprint: Fingerprint,
}

impl<T> Prepared<T> {
    /// Prepares a part of plain structs, strings and numbers. By its `number`, any that the caller
    /// likes, a page's [`ViewKey`](super::ViewKey) tells that it shows the part. `buffer` is working
    /// memory, reused from part to part.
    ///
    /// A part that is among those `made` before is taken from there.
    pub fn new(part: &impl Serialize, number: u32, made: &Made<T>, buffer: &mut Vec<u8>) -> Self {
        let fingerprint = key(part, buffer).fingerprint;
        let content = match made.0.get(&fingerprint) {
            Some(known) => Arc::clone(&known.content),
            None => Arc::new(Content {
                // These always serialise.
                value: tera::Value::try_from_serializable(part)
                    .unwrap_or_else(|_| tera::Value::none()),
                with_item: OnceLock::new(),
                fingerprint,
            }),
        };
        Prepared {
            content,
            number,
            of: PhantomData,
        }
    }

    /// Has every page that shows this part insert `item` as its `html`, which `item` makes at the first call.
    ///
    /// # Errors
    /// That of `item`; it is asked again at the next call.
    pub(super) fn show_with<E>(&self, item: impl FnOnce() -> Result<String, E>) -> Result<(), E> {
        let Content {
            value, with_item, ..
        } = &*self.content;
        if with_item.get().is_none() {
            let html = tera::Value::safe_string(&item()?);
            let mut map = value.clone().into_map().unwrap_or_default();
            map.insert("html".into(), html);
            // Where two pages made it at the same time, both made the same.
            let _ = with_item.set(tera::Value::from(map));
        }
        Ok(())
    }

    /// Whether both show the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.content.fingerprint == other.content.fingerprint
    }
}

/// Parts that have been prepared before.
#[derive(Debug)]
pub struct Made<'p, T>(HashMap<Fingerprint, &'p Prepared<T>>);

impl<'p, T> FromIterator<&'p Prepared<T>> for Made<'p, T> {
    fn from_iter<I: IntoIterator<Item = &'p Prepared<T>>>(parts: I) -> Self {
        let parts = parts.into_iter();
        Made(parts.map(|part| (part.content.fingerprint, part)).collect())
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
            content: Arc::clone(&self.content),
            ..*self
        }
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let value = self.content.with_item.get();
            value.unwrap_or(&self.content.value).serialize(serializer)
        } else {
            let fingerprint = &self.content.fingerprint;
            serializer.serialize_newtype_variant(PART, self.number, "", fingerprint)
        }
    }
}

//! A part of a view as the template engine keeps it: made once, shown on many pages for nothing.
//!
//! A large site shows each entry's card a dozen times; to make a template value of it each time was a
//! tenth of a build.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};

/// A `T`, ready for templates, which see it as they would see the `T`.
#[derive(Debug)]
pub struct Prepared<T> {
    value: tera::Value,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Prepared<T> {
    /// Prepares a part of plain structs, strings and numbers.
    pub fn new(part: &T) -> Self {
        // These always serialise.
        let value = tera::Value::try_from_serializable(part);
        Prepared {
            value: value.unwrap_or_else(|_| tera::Value::none()),
            of: PhantomData,
        }
    }
}

impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Prepared {
            value: self.value.clone(),
            of: PhantomData,
        }
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

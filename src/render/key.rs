//! The fingerprint of what a template is given.
//!
//! A page is a function of its template and its view, so a view that has the same fingerprint as before
//! need not be rendered again. The fingerprint covers exactly what a template can see, because it is made
//! through the same [`Serialize`] as the template's own context; only two things are taken by their
//! fingerprints instead of their content: a [`Prepared`](super::Prepared) part, and whatever serialises
//! itself differently for formats that are not human-readable, which this one says it is not.

use std::fmt::Error;

use serde::ser::{self, Serialize};

use crate::model::digest::Fingerprint;

/// The name under which a prepared part introduces itself; the variant's index is its number.
pub(super) const PART: &str = "yugang prepared part";

/// The digest of a view, and the numbers of the prepared parts that it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewKey {
    /// The fingerprint of the view.
    pub fingerprint: Fingerprint,
    /// The parts, each once, in ascending order.
    pub parts: Box<[u32]>,
}

/// The key of a view; `buffer` is working memory, reused from view to view.
pub fn key(view: &impl Serialize, buffer: &mut Vec<u8>) -> ViewKey {
    buffer.clear();
    let mut writer = Writer {
        bytes: std::mem::take(buffer),
        parts: Vec::new(),
    };
    // Views consist of plain structs, strings and numbers, which always serialise.
    let _ = view.serialize(&mut writer);
    let fingerprint = Fingerprint::of(&writer.bytes);
    *buffer = writer.bytes;
    writer.parts.sort_unstable();
    writer.parts.dedup();
    ViewKey {
        fingerprint,
        parts: writer.parts.into(),
    }
}

/// Writes values so that two different ones never yield the same bytes: each begins with a letter that says
/// what it is, texts carry their length, sequences and structs an end mark.
struct Writer {
    bytes: Vec<u8>,
    parts: Vec<u32>,
}

/// What writing comes to; into memory it does not fail.
type Written = Result<(), Error>;

impl Writer {
    fn put(&mut self, letter: u8, bytes: &[u8]) -> Written {
        self.bytes.push(letter);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sized(&mut self, letter: u8, bytes: &[u8]) -> Written {
        self.put(letter, &(bytes.len() as u64).to_le_bytes())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn open(&mut self) -> Result<&mut Self, Error> {
        self.put(b'(', &[])?;
        Ok(self)
    }

    fn variant(&mut self, index: u32) -> Result<&mut Self, Error> {
        self.put(b'v', &index.to_le_bytes())?;
        Ok(self)
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty => $letter:literal as $wide:ty;)+) => {
        $(fn $name(self, value: $type) -> Written {
            self.put($letter, &<$wide>::from(value).to_le_bytes())
        })+
    };
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = &'a mut Writer;
    type SerializeTuple = &'a mut Writer;
    type SerializeTupleStruct = &'a mut Writer;
    type SerializeTupleVariant = &'a mut Writer;
    type SerializeMap = &'a mut Writer;
    type SerializeStruct = &'a mut Writer;
    type SerializeStructVariant = &'a mut Writer;

    fn is_human_readable(&self) -> bool {
        false
    }

    numbers! {
        serialize_bool: bool => b'b' as u8;
        serialize_i8: i8 => b'i' as i64;
        serialize_i16: i16 => b'i' as i64;
        serialize_i32: i32 => b'i' as i64;
        serialize_i64: i64 => b'i' as i64;
        serialize_u8: u8 => b'u' as u64;
        serialize_u16: u16 => b'u' as u64;
        serialize_u32: u32 => b'u' as u64;
        serialize_u64: u64 => b'u' as u64;
        serialize_u128: u128 => b'U' as u128;
        serialize_f32: f32 => b'f' as f64;
        serialize_f64: f64 => b'f' as f64;
        serialize_char: char => b'c' as u32;
    }

    fn serialize_str(self, text: &str) -> Written {
        self.sized(b't', text.as_bytes())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Written {
        self.sized(b'x', bytes)
    }

    fn serialize_none(self) -> Written {
        self.put(b'n', &[])
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        self.put(b's', &[])?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &str) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &str, index: u32, _: &str) -> Written {
        self.variant(index).map(|_| ())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &str,
        index: u32,
        _: &str,
        value: &T,
    ) -> Written {
        if name == PART {
            self.parts.push(index);
            return value.serialize(self);
        }
        value.serialize(self.variant(index)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        self.open()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        self.open()
    }

    fn serialize_tuple_struct(self, _: &str, _: usize) -> Result<Self, Error> {
        self.open()
    }

    fn serialize_tuple_variant(
        self,
        _: &str,
        index: u32,
        _: &str,
        _: usize,
    ) -> Result<Self, Error> {
        self.variant(index)?.open()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        self.open()
    }

    fn serialize_struct(self, _: &str, _: usize) -> Result<Self, Error> {
        self.open()
    }

    fn serialize_struct_variant(
        self,
        _: &str,
        index: u32,
        _: &str,
        _: usize,
    ) -> Result<Self, Error> {
        self.variant(index)?.open()
    }
}

/// Each is its elements and an end mark. The names of a struct's fields are not written: they are always the
/// same, in the same order.
macro_rules! compounds {
    ($($trait:ident: $($element:ident($($name:ty)?))+;)+) => {
        $(impl ser::$trait for &mut Writer {
            type Ok = ();
            type Error = Error;

            $(fn $element<T: Serialize + ?Sized>(&mut self, $(_: $name,)? value: &T) -> Written {
                value.serialize(&mut **self)
            })+

            fn end(self) -> Written {
                self.put(b')', &[])
            }
        })+
    };
}

compounds! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeMap: serialize_key() serialize_value();
    SerializeStruct: serialize_field(&'static str);
    SerializeStructVariant: serialize_field(&'static str);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Made, Prepared};

    fn fingerprint(value: &impl Serialize) -> Fingerprint {
        key(value, &mut Vec::new()).fingerprint
    }

    #[test]
    fn values_that_differ_in_shape_only_have_different_fingerprints() {
        let pairs = [
            (fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"])),
            (
                fingerprint(&(vec![1], vec![2])),
                fingerprint(&(vec![1, 2], vec![0; 0])),
            ),
            (fingerprint(&Some("")), fingerprint(&None::<&str>)),
            (fingerprint(&1_i64), fingerprint(&1_u64)),
            (fingerprint(&"true"), fingerprint(&true)),
            (
                fingerprint(&vec![vec![0_u8; 0]]),
                fingerprint(&vec![0_u8; 0]),
            ),
        ];
        for (one, other) in pairs {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_prepared_part_stands_for_its_content_and_is_noted() {
        let part = |text: &str, number| {
            Prepared::new(&text.to_owned(), number, &Made::default(), &mut Vec::new())
        };
        let view = |parts: &[Prepared<String>]| key(&parts.to_vec(), &mut Vec::new());
        let shown = view(&[part("b", 9), part("a", 4), part("b", 9)]);
        assert_eq!(*shown.parts, [4, 9]);
        let changed = view(&[part("b", 9), part("A", 4), part("b", 9)]);
        assert_ne!(shown.fingerprint, changed.fingerprint);
    }
}

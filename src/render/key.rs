//! The fingerprint of what a template is given.
//!
//! A page is a function of its template and its view, so a view that has the same fingerprint as before
//! need not be rendered again. The fingerprint covers exactly what a template can see, because it is made
//! through the same [`Serialize`] as the template's own context; only two things are taken by their
//! fingerprints instead of their content: a [`Prepared`](super::Prepared) part, and whatever serialises
//! itself differently for formats that are not human-readable, which this one says it is not.

use std::fmt;

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

/// Writes values so that two different ones never yield the same bytes: each begins with a tag, texts
/// and sequences carry their length or end mark.
struct Writer {
    bytes: Vec<u8>,
    parts: Vec<u32>,
}

#[derive(Clone, Copy)]
enum Tag {
    None = 0,
    Some,
    False,
    True,
    Signed,
    Unsigned,
    Float,
    Text,
    Bytes,
    Open,
    Close,
    Variant,
}

impl Writer {
    fn tag(&mut self, tag: Tag) {
        self.bytes.push(tag as u8);
    }

    fn tagged(&mut self, tag: Tag, bytes: &[u8]) -> Result<(), Never> {
        self.tag(tag);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sized(&mut self, tag: Tag, bytes: &[u8]) -> Result<(), Never> {
        self.tagged(tag, &(bytes.len() as u64).to_le_bytes())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn open(&mut self) -> Result<&mut Self, Never> {
        self.tag(Tag::Open);
        Ok(self)
    }

    fn close(&mut self) -> Result<(), Never> {
        self.tag(Tag::Close);
        Ok(())
    }

    fn variant(&mut self, index: u32) -> Result<(), Never> {
        self.tagged(Tag::Variant, &index.to_le_bytes())
    }
}

/// Writing into memory does not fail.
#[derive(Debug)]
struct Never(String);

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Never(message.to_string())
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty => $tag:ident as $wide:ty;)+) => {
        $(fn $name(self, value: $type) -> Result<(), Never> {
            self.tagged(Tag::$tag, &<$wide>::from(value).to_le_bytes())
        })+
    };
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
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
        serialize_i8: i8 => Signed as i64;
        serialize_i16: i16 => Signed as i64;
        serialize_i32: i32 => Signed as i64;
        serialize_i64: i64 => Signed as i64;
        serialize_u8: u8 => Unsigned as u64;
        serialize_u16: u16 => Unsigned as u64;
        serialize_u32: u32 => Unsigned as u64;
        serialize_u64: u64 => Unsigned as u64;
        serialize_f32: f32 => Float as f64;
        serialize_f64: f64 => Float as f64;
        serialize_char: char => Unsigned as u64;
    }

    fn serialize_u128(self, value: u128) -> Result<(), Never> {
        self.tagged(Tag::Unsigned, &value.to_le_bytes())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.tag(if value { Tag::True } else { Tag::False });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Never> {
        self.sized(Tag::Text, text.as_bytes())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Never> {
        self.sized(Tag::Bytes, bytes)
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.tag(Tag::None);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.tag(Tag::Some);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
    ) -> Result<(), Never> {
        self.variant(index)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        if name == PART {
            self.parts.push(index);
        } else {
            self.variant(index)?;
        }
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Never> {
        self.open()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        self.open()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.open()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.variant(index)?;
        self.open()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Never> {
        self.open()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.open()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.variant(index)?;
        self.open()
    }
}

macro_rules! sequences {
    ($($trait:ident, $element:ident;)+) => {
        $(impl ser::$trait for &mut Writer {
            type Ok = ();
            type Error = Never;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                self.close()
            }
        })+
    };
}

sequences! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

macro_rules! structs {
    ($($trait:ident;)+) => {
        $(impl ser::$trait for &mut Writer {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Result<(), Never> {
                // The fields of a struct are always the same, in the same order.
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                self.close()
            }
        })+
    };
}

structs! {
    SerializeStruct;
    SerializeStructVariant;
}

impl ser::SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
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

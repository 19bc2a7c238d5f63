//! The macros that declare records and choices.

/// Declares a struct whose fields are the keys of a YAML mapping.
///
/// Each field's documentation starts with its Chinese name up to `。`. A field is required when
/// its type has no value for "nothing written" (see [`Value::absent`](super::value::Value::absent)).
/// `pub struct Photo(file)` also accepts a bare scalar as the key `file`.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident $(($shorthand:ident))? {
            $( $(#[doc = $field_doc:literal])+ $field:ident: $type:ty, )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])+ pub $field: $type, )*
        }

        impl $crate::model::value::Record for $name {
            fn fields() -> Vec<$crate::model::form::FieldForm> {
                vec![$( $crate::model::form::FieldForm {
                    name: stringify!($field),
                    doc: concat!($($field_doc),+),
                    form: <$type as $crate::model::value::Value>::form(),
                    required: <$type as $crate::model::value::Value>::absent().is_none(),
                } ),*]
            }

            fn read_fields(
                map: &mut $crate::model::value::MapReader<'_, '_, '_>,
            ) -> Option<Self> {
                // A record without keys of its own reads nothing.
                let _ = &map;
                $( let $field = map.field::<$type>(stringify!($field)); )*
                Some($name { $( $field: $field?, )* })
            }

            fn inspect_fields(&self) -> Vec<(&'static str, $crate::model::shape::Shape<'_>)> {
                vec![$( (
                    stringify!($field),
                    $crate::model::value::Value::inspect(&self.$field),
                ) ),*]
            }

            const HAS_TIES: bool =
                false $( || <$type as $crate::model::value::Value>::HAS_TIES )*;

            fn field_ties(
                &self,
                path: &mut Vec<$crate::model::node::Step>,
                visit: &mut $crate::model::value::TieVisitor<'_>,
            ) {
                // A record without ties looks for none.
                let _ = (&path, &visit);
                $( if <$type as $crate::model::value::Value>::HAS_TIES {
                    path.push($crate::model::node::Step::Key(stringify!($field)));
                    $crate::model::value::Value::ties(&self.$field, path, visit);
                    path.pop();
                } )*
            }
        }

        impl $crate::model::value::Value for $name {
            fn form() -> $crate::model::form::Form {
                $crate::model::form::Form::Record(<$name as $crate::model::value::Record>::fields)
            }

            fn read(
                node: &$crate::model::node::Node,
                reader: &mut $crate::model::value::Reader<'_>,
            ) -> Option<Self> {
                const SHORTHAND: &[&str] = &[$(stringify!($shorthand),)? ""];
                $crate::model::value::read_record(node, reader, SHORTHAND[0])
            }

            fn inspect(&self) -> $crate::model::shape::Shape<'_> {
                $crate::model::shape::Shape::Record(
                    $crate::model::value::Record::inspect_fields(self),
                )
            }

            const HAS_TIES: bool = <$name as $crate::model::value::Record>::HAS_TIES;

            fn ties(
                &self,
                path: &mut Vec<$crate::model::node::Step>,
                visit: &mut $crate::model::value::TieVisitor<'_>,
            ) {
                $crate::model::value::Record::field_ties(self, path, visit);
            }
        }
    };
}

/// Declares an enum whose variants are words in YAML, each with the label shown to readers.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident {
            $( $(#[doc = $variant_doc:literal])+ $variant:ident = $key:literal, $label:literal; )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[doc = $variant_doc])+ $variant, )+
        }

        impl $name {
            /// Every word with its label.
            pub const CHOICES: &'static [(&'static str, &'static str)] = &[$(($key, $label)),+];

            /// The word and its label.
            pub fn key_and_label(self) -> (&'static str, &'static str) {
                match self { $( $name::$variant => ($key, $label), )+ }
            }
        }

        impl $crate::model::value::Value for $name {
            fn form() -> $crate::model::form::Form {
                $crate::model::form::Form::Choice($name::CHOICES)
            }

            fn read(
                node: &$crate::model::node::Node,
                reader: &mut $crate::model::value::Reader<'_>,
            ) -> Option<Self> {
                let written = $crate::model::leaf::read_choice(node, reader, $name::CHOICES)?;
                $( if written == $key { return Some($name::$variant); } )+
                None
            }

            fn inspect(&self) -> $crate::model::shape::Shape<'_> {
                let (key, label) = self.key_and_label();
                $crate::model::shape::Shape::Choice(key, label)
            }
        }
    };
}

pub(crate) use choice;
pub(crate) use record;

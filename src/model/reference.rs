//! References from one entry to another, by id.

use std::marker::PhantomData;

use super::Kind;
use super::form::Form;
use super::node::{Node, Step};
use super::shape::Shape;
use super::value::{Reader, TieVisitor, Value};

/// A type that stands for one kind of entry.
pub trait Target {
    /// The kind.
    const KIND: Kind;
}

/// The id of an entry of one kind, not yet known to exist; the link stage verifies it.
pub struct Ref<T> {
    /// The id, such as `fulian` or `2021/qingjie-ri`.
    pub id: String,
    target: PhantomData<fn() -> T>,
}

impl<T: Target> Ref<T> {
    /// The kind of entry referred to.
    pub fn kind(&self) -> Kind {
        T::KIND
    }
}

impl<T> std::fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ref({})", self.id)
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Ref {
            id: self.id.clone(),
            target: PhantomData,
        }
    }
}

impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T: Target> Value for Ref<T> {
    fn form() -> Form {
        Form::Reference(T::KIND)
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::List(_) | Node::Map(_) | Node::Null => {
                reader.wrong_type(node, &Self::form());
                None
            }
            _ => {
                let id = String::read(node, reader)?.trim().to_owned();
                Some(Ref {
                    id,
                    target: PhantomData,
                })
            }
        }
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Reference(T::KIND, &self.id)
    }

    const HAS_TIES: bool = true;

    fn ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
        visit(path, &self.inspect());
    }
}

//! Every kind of entry as a type, and the keys common to all.

mod activity;
mod disclosure;
mod money;
mod organization;
mod project;
mod rota;
mod station;
mod vocabulary;

pub use activity::*;
pub use disclosure::*;
pub use money::Money;
pub use organization::*;
pub use project::*;
pub use rota::*;
pub use station::*;
pub use vocabulary::*;

use super::Kind;
use super::date::Moment;
use super::form::FieldForm;
use super::leaf::{FileName, Free, OnUnlessOff, Sample};
use super::node::Step;
use super::record::{choice, record};
use super::reference::{Ref, Target};
use super::shape::Shape;
use super::value::{MapReader, Record, TieVisitor};

record! {
    /// The keys that every entry may have.
    pub struct Common {
        /// 标题。The title.
        title: String,
        /// 摘要。A sentence or two; without this key the first sentences of the body.
        summary: Option<String>,
        /// 发布日期。When it was published, or when it happened.
        date: Option<Moment>,
        /// 更新日期。When it was last changed in substance.
        updated: Option<Moment>,
        /// 作者。Who wrote it.
        author: Option<String>,
        /// 来源。Where it was first published.
        source: Option<String>,
        /// 封面。An image file beside the entry.
        cover: Option<FileName>,
        /// 专题。The topics it belongs to.
        topics: Vec<Ref<Topic>>,
        /// 关键词。Words that people may look for.
        keywords: Vec<String>,
        /// 网址名。The last segment of its URL, instead of its file name.
        slug: Option<String>,
        /// 旧网址。Former URLs, which lead here.
        aliases: Vec<String>,
        /// 草稿。Whether it is not to be published yet.
        draft: bool,
        /// 定时发布。Not published before this moment.
        publish_on: Option<Moment>,
        /// 到期下线。Not published from this moment on.
        expire_on: Option<Moment>,
        /// 示例。Whether it, or the values of these keys, are illustrative.
        sample: Sample,
        /// 搜索。Whether the search of the site finds it; without this key it does.
        search: OnUnlessOff,
        /// 附加数据。Anything else, passed on to templates.
        extra: Free,
    }
}

impl Common {
    /// When the entry was published, where that is written and a fact.
    pub fn published_on(&self) -> Option<Moment> {
        let is_sample = self.sample.is_whole() || self.sample.names("date");
        self.date.filter(|_| !is_sample)
    }
}

choice! {
    /// How an organization is set up to cover people.
    pub enum Coverage {
        /// Those of a region.
        Regional = "regional", "区域性";
        /// Those of an industry.
        Industry = "industry", "行业性";
        /// Those with a task in common.
        Functional = "functional", "功能性";
    }
}

record! {
    /// A page of its own (页面); it has the common keys only.
    pub struct Page {
    }
}

/// The keys that the entries of one kind have beyond the common ones.
pub trait KindData: Target {
    /// Those of an entry; `None` where it is of another kind.
    fn of(data: &Data) -> Option<&Self>;
}

macro_rules! data {
    ($($kind:ident)+) => {
        /// The keys of an entry's kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Data {
            $(
                #[doc = concat!("Those of [`", stringify!($kind), "`].")]
                $kind($kind),
            )+
            /// Those of a vocabulary [`Term`].
            Term(Term),
        }

        $(impl Target for $kind {
            const KIND: Kind = Kind::$kind;
        }

        impl KindData for $kind {
            fn of(data: &Data) -> Option<&Self> {
                match data {
                    Data::$kind(data) => Some(data),
                    _ => None,
                }
            }
        })+

        impl Data {
            /// Reads the keys of `kind`; `None` when a required one is missing.
            pub fn read(kind: Kind, map: &mut MapReader<'_, '_, '_>) -> Option<Data> {
                match kind {
                    $(Kind::$kind => map.record().map(Data::$kind),)+
                    _ => map.record().map(Data::Term),
                }
            }

            /// The keys that `kind` has beyond the common ones.
            pub fn fields(kind: Kind) -> Vec<FieldForm> {
                match kind {
                    $(Kind::$kind => $kind::fields(),)+
                    _ => Term::fields(),
                }
            }

            /// The content of every key.
            pub fn inspect_fields(&self) -> Vec<(&'static str, Shape<'_>)> {
                match self {
                    $(Data::$kind(data) => data.inspect_fields(),)+
                    Data::Term(term) => term.inspect_fields(),
                }
            }

            /// The [ties](crate::model::value::Value::ties) of every key; `path` is empty.
            pub fn field_ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
                match self {
                    $(Data::$kind(data) => data.field_ties(path, visit),)+
                    Data::Term(term) => term.field_ties(path, visit),
                }
            }
        }
    };
}

data! {
    Organization Person Project Station Report Event Meeting Visit Document Notice Response Rota
    Funds Assessment Page
}

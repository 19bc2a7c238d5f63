//! The terms of `content/vocabulary.yaml`.

use crate::model::Kind;
use crate::model::record::record;
use crate::model::reference::Target;

record! {
    /// A term: a topic, campaign, sector, service area or community.
    pub struct Term {
        /// 标识。What references say.
        id: String,
        /// 说明。What it means, in a sentence.
        description: Option<String>,
    }
}

macro_rules! term_kinds {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl Target for $name {
            const KIND: Kind = Kind::$name;
        }
    )+};
}

term_kinds! {
    /// Stands for the topics.
    Topic
    /// Stands for the campaigns.
    Campaign
    /// Stands for the sectors.
    Sector
    /// Stands for the service areas.
    ServiceArea
    /// Stands for the communities.
    Community
}

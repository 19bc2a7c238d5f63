//! The closed list of diagnostic codes.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The stable code of a diagnostic, such as `unknown-reference`.
        ///
        /// Scripts may rely on a code; its wording may improve.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the list below.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The code as shown, in kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }
        }
    };
}

impl serde::Serialize for Code {
    /// As its name.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let code = Code::ALL.iter().find(|code| code.as_str() == name);
        code.copied()
            .ok_or_else(|| serde::de::Error::custom("no such code"))
    }
}

codes! {
    /// A step after publishing has failed; what was published stays.
    After = "after",
    /// A link or image that leads nowhere, or where it must not lead.
    BrokenLink = "broken-link",
    /// What an earlier build left could not be used or kept.
    Cache = "cache",
    /// Two entries or pages want the same URL.
    DuplicateUrl = "duplicate-url",
    /// A YAML key is written twice.
    DuplicateKey = "duplicate-key",
    /// Two organizations lead the same month, or another thing exists twice.
    DuplicateValue = "duplicate-value",
    /// A file has no content.
    EmptyFile = "empty-file",
    /// The file was not UTF-8 and has been converted.
    Encoding = "encoding",
    /// Something on the machine failed: a folder cannot be written, the disk is full.
    Environment = "environment",
    /// A file is larger than the tool reads.
    FileTooLarge = "file-too-large",
    /// Front matter is missing or not closed.
    FrontMatter = "front-matter",
    /// A full-width character stands where YAML wants an ASCII one.
    FullWidth = "full-width",
    /// Something is published that bears a later date.
    FutureDate = "future-date",
    /// The organization tree leads back to itself.
    Cycle = "cycle",
    /// The program itself has failed where it must not.
    Internal = "internal",
    /// A date does not exist or is written in a form that is not understood.
    InvalidDate = "invalid-date",
    /// A value is not among those allowed.
    InvalidValue = "invalid-value",
    /// A coordinate cannot be right.
    InvalidLocation = "invalid-location",
    /// A file or folder name cannot be used on every machine.
    InvalidName = "invalid-name",
    /// Another run is at work in the same place.
    Locked = "locked",
    /// A photo or attachment is not there.
    MissingFile = "missing-file",
    /// An image without words for those who cannot see it.
    MissingAlt = "missing-alt",
    /// A required key is missing.
    MissingKey = "missing-key",
    /// A `#fragment` that the target page does not have.
    MissingFragment = "missing-fragment",
    /// Lists or quotes are nested too deep.
    NestedTooDeep = "nested-too-deep",
    /// An entry that is not published now.
    NotPublished = "not-published",
    /// An output file would overwrite one that the tool did not write.
    OccupiedPath = "occupied-path",
    /// More holders than a post has seats.
    OverfilledPost = "overfilled-post",
    /// Raw HTML that is not allowed was left out.
    RemovedHtml = "removed-html",
    /// Illustrative content where only what is real may be.
    Sample = "sample",
    /// A password or key where others can read it.
    Secret = "secret",
    /// A storage refuses something.
    Storage = "storage",
    /// A symbolic link leads out of the site or in a circle.
    Symlink = "symlink",
    /// The YAML cannot be parsed.
    Syntax = "syntax",
    /// A tab is used to indent YAML.
    TabIndentation = "tab-indentation",
    /// A template or another file of the theme is wrong.
    Template = "template",
    /// Many more diagnostics of one file are not shown.
    TooMany = "too-many",
    /// The file's bytes are in no encoding that is understood.
    Undecodable = "undecodable",
    /// A key that the kind does not have.
    UnknownKey = "unknown-key",
    /// A reference to an entry that does not exist.
    UnknownReference = "unknown-reference",
    /// A file that cannot be read.
    Unreadable = "unreadable",
    /// A photo that cannot be shown or published.
    UnusableImage = "unusable-image",
    /// A post without a holder.
    VacantPost = "vacant-post",
    /// A raw HTML tag without its end tag.
    UnclosedHtml = "unclosed-html",
    /// A file in a place where the tool looks for something else.
    UnexpectedFile = "unexpected-file",
    /// Numbers that must agree do not.
    WrongTotal = "wrong-total",
    /// One moment that must not come before another does.
    WrongOrder = "wrong-order",
    /// A value of the wrong type.
    WrongType = "wrong-type",
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_its_own_name() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}

//! The HTML parser's part in raw HTML: entities, and a well-formed tree.
//!
//! Raw HTML may open what it never closes. The whole fragment therefore goes through ammonia, which
//! parses it as a browser would and writes it again; its allow-list is a second fence behind
//! [`super::raw`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::allowed::{ATTRIBUTES, ELEMENT_ATTRIBUTES, ELEMENTS};

/// Attributes that only our own markup carries.
const OWN_ATTRIBUTES: &[&str] = &["role", "tabindex", "aria-label"];

static AMMONIA: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = ELEMENT_ATTRIBUTES
        .iter()
        .map(|(element, names)| (*element, names.iter().copied().collect()))
        .collect();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().chain(OWN_ATTRIBUTES).copied().collect())
        .tag_attributes(attributes)
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
});

/// The fragment with every element closed and nothing in it that is not allowed.
pub(super) fn sanitize(html: &str) -> String {
    let clean = AMMONIA.clean(html).to_string();
    // HTML writes a boolean attribute without a value; the serialiser cannot.
    clean.replace("<details open=\"\"", "<details open")
}

/// The text of an attribute value or of element content, entities decoded.
pub(super) fn decode(source: &str) -> Cow<'_, str> {
    if !source.contains('&') {
        return source.into();
    }
    // A value in which only the quote is escaped decodes to the text itself.
    let tag = format!("<a x=\"{}\">", source.replace('"', "&quot;"));
    let tokenizer = Tokenizer::new(ValueSink::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(tag));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.value.take().into()
}

/// Keeps the value of the first attribute.
#[derive(Default)]
struct ValueSink {
    value: RefCell<String>,
}

impl TokenSink for ValueSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && let Some(attribute) = tag.attrs.first()
        {
            *self.value.borrow_mut() = attribute.value.to_string();
        }
        TokenSinkResult::Continue
    }
}

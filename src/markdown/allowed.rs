//! Which raw HTML may stand in a body.

/// Elements that may be written in a body.
///
/// Neither `h1`, which is the page's title, nor anything that runs, embeds or takes input.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes of every element.
pub(super) const ATTRIBUTES: &[&str] = &["id", "class", "title", "lang", "dir"];

/// Further attributes of single elements.
pub(super) const ELEMENT_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "type"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Elements whose content is no text for readers and goes with them.
pub(super) const WITH_CONTENT: &[&str] = &[
    "iframe", "math", "noembed", "noframes", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "xmp",
];

/// Elements that end by themselves where the next begins, so a long row of them is not deep.
pub(super) const END_TAG_OPTIONAL: &[&str] = &[
    "colgroup", "dd", "dt", "li", "p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Elements without content and end tag.
pub(super) const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// Whether `element` may have the attribute `name` with this value.
pub(super) fn is_allowed(element: &str, name: &str, value: &str) -> bool {
    match name {
        "id" => !value.is_empty() && !value.contains(char::is_whitespace),
        "width" | "height" | "colspan" | "rowspan" | "span" => {
            allows(element, name) && value.parse::<u16>().is_ok_and(|number| number > 0)
        }
        _ => ATTRIBUTES.contains(&name) || allows(element, name),
    }
}

fn allows(element: &str, name: &str) -> bool {
    let mut own = ELEMENT_ATTRIBUTES.iter();
    own.any(|(known, names)| *known == element && names.contains(&name))
}

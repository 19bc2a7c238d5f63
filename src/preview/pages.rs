//! The preview's own pages and files, below `/_yugang/`.

use super::Shown;
use crate::diag::{Lang, text};

/// The file called `name` below `/_yugang/`, with its media type; the status page has an empty
/// name.
pub fn answer(_shown: &Shown, _name: &str) -> Option<(&'static str, Vec<u8>)> {
    None
}

/// The page that is shown while there is no site.
pub fn waiting(shown: &Shown) -> String {
    let lang = match shown.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let words = text!("网站还没有生成", "there is no site yet");
    let words = words.get(shown.lang);
    format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>{words}</title>\
         <body><p>{words}</p></body></html>"
    )
}

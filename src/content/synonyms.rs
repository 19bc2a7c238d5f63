//! The key `synonyms` of `content/vocabulary.yaml`: groups of words that mean the same to the search.

use std::collections::BTreeSet;

use crate::diag::{Code, Problem, Severity, text};
use crate::model::node::{Node, Step};
use crate::model::value::{Reader, Value};

/// Reads the groups; `reader` stands at the key. A group about which there is something to say is left
/// out, or has only the words that are in order.
pub(super) fn read(node: &Node, reader: &mut Reader<'_>) -> Vec<Vec<String>> {
    let groups = match node {
        Node::Null => return Vec::new(),
        // Of words without a list around them each would be told, though there is one mistake.
        Node::List(groups) if groups.is_empty() || groups.iter().any(is_list) => groups,
        _ => {
            reader.report(no_groups());
            return Vec::new();
        }
    };
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    for (index, node) in groups.iter().enumerate() {
        if reader.is_full() {
            break;
        }
        let words = reader.within(Step::Index(index), |reader| group(node, &mut seen, reader));
        read.extend(Some(words).filter(|words| words.len() > 1));
    }
    read
}

fn is_list(node: &Node) -> bool {
    matches!(node, Node::List(_))
}

/// Reads the words of one group; `seen` are those of all groups so far.
fn group(node: &Node, seen: &mut BTreeSet<String>, reader: &mut Reader<'_>) -> Vec<String> {
    let Node::List(items) = node else {
        reader.report(no_group());
        return Vec::new();
    };
    match &items[..] {
        // What should be several words is told as that, not as too few.
        [Node::Text(only)] if is_several(only) => {
            let problem = Problem {
                severity: Severity::Error,
                ..not_separated(only)
            };
            reader.report_at(&[Step::Index(0)], problem);
            return Vec::new();
        }
        [] | [_] => reader.report(too_few()),
        _ => {}
    }
    let mut words = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if reader.is_full() {
            break;
        }
        words.extend(reader.within(Step::Index(index), |reader| word(item, seen, reader)));
    }
    words
}

/// Whether full-width characters part what should be several words.
fn is_several(word: &str) -> bool {
    word.contains(['，', '、', '；'])
}

fn word(node: &Node, seen: &mut BTreeSet<String>, reader: &mut Reader<'_>) -> Option<String> {
    let is_empty = match node {
        Node::Null => true,
        Node::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    if is_empty {
        reader.report(empty());
        return None;
    }
    let word = String::read(node, reader)?.trim().to_owned();
    if is_several(&word) {
        reader.report(not_separated(&word));
    }
    // The search does not tell capital letters from small ones.
    if !seen.insert(word.to_lowercase()) {
        reader.report(used_twice(&word));
        return None;
    }
    Some(word)
}

fn no_groups() -> Problem {
    let message = text!(
        "`synonyms` 应为若干组词，每组用方括号括起来",
        "`synonyms` must be a list of groups, each a list of words"
    );
    let hint = text!(
        "如 `[[共青团, 团委], [工会, 总工会]]`",
        "for example `[[共青团, 团委], [工会, 总工会]]`"
    );
    Problem::error(Code::WrongType, message).hint(hint)
}

fn no_group() -> Problem {
    let message = text!(
        "一组同义词应为列表",
        "a group of synonyms must be a list of words"
    );
    let hint = text!("如 `[共青团, 团委]`", "for example `[共青团, 团委]`");
    Problem::error(Code::WrongType, message).hint(hint)
}

fn too_few() -> Problem {
    let message = text!(
        "一组同义词至少要有两个词",
        "a group of synonyms needs two words at least"
    );
    let hint = text!(
        "加上意思相同的词，用半角逗号隔开，或删去这一组",
        "add a word that means the same, after an ASCII comma, or delete the group"
    );
    Problem::error(Code::InvalidValue, message).hint(hint)
}

fn empty() -> Problem {
    let message = text!("这里少了一个词", "a word is missing here");
    let hint = text!(
        "写上这个词，或删去这一项",
        "write the word, or delete the item"
    );
    Problem::error(Code::MissingKey, message).hint(hint)
}

fn not_separated(word: &str) -> Problem {
    let better = word.replace(['，', '、', '；'], ", ");
    let message = text!(
        "`{word}` 用全角标点分隔，成了一个词",
        "`{word}` is one word, since its parts are separated by full-width characters"
    );
    let hint = text!(
        "用半角逗号分隔：`{better}`",
        "separate them by ASCII commas: `{better}`"
    );
    Problem::warning(Code::FullWidth, message).hint(hint)
}

fn used_twice(word: &str) -> Problem {
    let message = text!(
        "同义词 `{word}` 写了两次",
        "the synonym `{word}` is there twice"
    );
    let hint = text!(
        "留下一处；两组意思相同就合成一组",
        "keep one of them; merge the groups if they mean the same"
    );
    Problem::error(Code::DuplicateValue, message).hint(hint)
}

//! One script of the theme: what it imports and exports, and its text without comments and indentation.
//!
//! Input: the text of a file below `assets/`. Output: a [`Unit`], or everything that is wrong with it at its
//! places. It is read sign by sign, so that a `//` in a string or an `import` in a template literal stays what it is;
//! there is no grammar: what the words mean is for a browser to say.

use super::bundle::{Import, ImportedName, Placed, Unit};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, Text, text};
use crate::model::value::MOST_PER_FILE;

/// Words after which a value follows, and so a `/` begins a regular expression.
const BEFORE_VALUES: &str =
    "await case delete do else in instanceof new of return throw typeof void yield";

/// Signs that the oldest browsers cannot read.
const TOO_NEW: [&str; 4] = ["??", "?.", "||=", "&&="];

/// What ends a line, and so may end a statement.
const LINE_ENDS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];

/// Compiles the script in `source`; `None` where it cannot be read to its end.
pub(super) fn compile(source: &SourceText) -> Checked<Option<Unit>> {
    let mut reader = Reader {
        source,
        text: &source.text,
        at: 0,
        before: Before::Operator,
        open: Vec::new(),
        unit: Unit::default(),
        diagnostics: Vec::new(),
    };
    let read = reader.read();
    let value = read.is_ok().then_some(reader.unit);
    let mut diagnostics = reader.diagnostics;
    diagnostics.extend(read.err().map(|error| *error));
    Checked { value, diagnostics }
}

/// A problem of a script.
pub(super) fn broken(message: Text) -> Problem {
    let Text { zh, en } = message;
    Problem::error(
        Code::Template,
        text!("脚本有误：{zh}", "error in a script: {en}"),
    )
}

/// What stands before a sign, as far as the sign's meaning depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// A sign or word that a value follows, or nothing. So is a `}`: nobody divides a block or an object.
    Operator,
    /// `if`, `for`, `while` or `with`: a value follows the round brackets that come next.
    Condition,
    /// A full stop: the word that follows is a name.
    Dot,
    /// A value.
    Value,
}

/// A bracket that is open.
struct Open {
    at: usize,
    close: char,
    /// What has been read when it is closed; `None` where a template literal goes on.
    then: Option<Before>,
}

struct Reader<'a> {
    source: &'a SourceText,
    text: &'a str,
    at: usize,
    before: Before,
    open: Vec<Open>,
    unit: Unit,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Box<Diagnostic>> {
        loop {
            self.gap()?;
            let start = self.at;
            match self.rest().chars().next() {
                Some(next) if is_word(next) => self.word(),
                Some(sign) => {
                    self.sign(sign)?;
                    self.unit.text.push_str(&self.text[start..self.at]);
                }
                None => break,
            }
        }
        match self.open.last() {
            Some(open) => Err(self.unpaired(open.at)),
            None => Ok(()),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reports what stands between `start` and here.
    fn error(&mut self, start: usize, message: Text, remedy: Text) {
        if self.diagnostics.len() < MOST_PER_FILE {
            let problem = broken(message).hint(remedy);
            let span = self.source.span(start..self.at);
            self.diagnostics.push(problem.at(span));
        }
    }

    /// What is said where a bracket, a literal or a comment has no other end.
    fn unpaired(&self, at: usize) -> Box<Diagnostic> {
        let sign = &self.text[at..=at];
        let message = text!(
            "这里的 `{sign}` 没有与它成对的另一半",
            "this `{sign}` has no counterpart"
        );
        let hint = text!(
            "补上另一半；如果 `/` 是除号，给它前面的部分加上括号",
            "add the other half; where `/` divides, put brackets around what stands before it"
        );
        let problem = broken(message).hint(hint);
        Box::new(problem.at(self.source.span(at..at + 1)))
    }

    /// Reads white space and comments, of which a line end stays, or else a space.
    fn gap(&mut self) -> Result<(), Box<Diagnostic>> {
        let start = self.at;
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find(LINE_ENDS).unwrap_or(rest.len());
            } else if rest.starts_with("/*") && !rest.starts_with("/*!") {
                self.comment()?;
            } else if rest.starts_with(is_blank) {
                self.at = self.text.len() - rest.trim_start_matches(is_blank).len();
            } else {
                break;
            }
        }
        let gap = &self.text[start..self.at];
        if !gap.is_empty() && !self.unit.text.ends_with('\n') {
            let is_line_end = gap.contains(LINE_ENDS);
            self.unit.text.push(if is_line_end { '\n' } else { ' ' });
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), Box<Diagnostic>> {
        let length = self.rest()[2..].find("*/");
        self.at += 4 + length.ok_or_else(|| self.unpaired(self.at))?;
        Ok(())
    }

    fn word(&mut self) {
        let start = self.at;
        let word = first_word(self.rest());
        self.at += word.len();
        let is_name = self.before == Before::Dot;
        let is_call = self.rest().trim_start().starts_with(['(', '.']);
        self.before = match word {
            _ if is_name => Before::Value,
            "if" | "for" | "while" | "with" => Before::Condition,
            _ if BEFORE_VALUES.split(' ').any(|known| known == word) => Before::Operator,
            _ => Before::Value,
        };
        match word {
            "import" if !is_name && (is_call || self.open.is_empty()) => self.statement(word),
            "export" if !is_name && self.open.is_empty() => self.statement(word),
            "await" if !is_name && self.open.is_empty() => {
                if !self.unit.text.trim_end().ends_with("=>") {
                    self.awaits(start);
                }
                self.unit.text.push_str(word);
            }
            _ => {
                if word.starts_with('#') {
                    self.too_new(start);
                }
                self.unit.text.push_str(word);
            }
        }
    }

    /// Reads the sign that comes next, with the whole literal that it begins.
    fn sign(&mut self, sign: char) -> Result<(), Box<Diagnostic>> {
        let start = self.at;
        let rest = self.rest();
        self.at += sign.len_utf8();
        let before = std::mem::replace(&mut self.before, Before::Operator);
        // `a?.5:1` has a number.
        let is_number =
            rest.starts_with("?.") && rest[2..].starts_with(|c: char| c.is_ascii_digit());
        if !is_number && TOO_NEW.iter().any(|new| rest.starts_with(new)) {
            self.at += 1;
            self.too_new(start);
        }
        match (sign, before) {
            // Terms of use, which stay.
            ('/', _) if rest.starts_with("/*") => {
                self.at = start;
                self.before = before;
                self.comment()?;
            }
            ('/', Before::Operator | Before::Condition) => self.literal(start, '/')?,
            ('"' | '\'' | '`', _) => self.literal(start, sign)?,
            ('(', Before::Condition) => self.open(start, ')', Some(Before::Operator)),
            ('(', _) => self.open(start, ')', Some(Before::Value)),
            ('[', _) => self.open(start, ']', Some(Before::Value)),
            ('{', _) => self.open(start, '}', Some(Before::Operator)),
            (')' | ']' | '}', _) => match self.open.pop().filter(|open| open.close == sign) {
                Some(Open {
                    then: Some(then), ..
                }) => self.before = then,
                Some(Open { at, then: None, .. }) => self.literal(at, '`')?,
                None => return Err(self.unpaired(start)),
            },
            ('.', _) if rest.starts_with("...") => self.at += 2,
            ('.', _) => self.before = Before::Dot,
            // `a++ / b` divides.
            ('+' | '-', _) if rest[1..].starts_with(sign) => {
                self.at += 1;
                self.before = Before::Value;
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, at: usize, close: char, then: Option<Before>) {
        self.open.push(Open { at, close, then });
    }

    /// Reads on to the end of the string, template literal or regular expression that ends with `close`; of a
    /// template literal to a `${`, if one comes before.
    fn literal(&mut self, start: usize, close: char) -> Result<(), Box<Diagnostic>> {
        let bytes = self.text.as_bytes();
        let mut is_in_class = false;
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' if close != '`' => break,
                b'$' if close == '`' && bytes.get(self.at) == Some(&b'{') => {
                    self.at += 1;
                    self.before = Before::Operator;
                    self.open(start, '}', None);
                    return Ok(());
                }
                b'[' | b']' if close == '/' => is_in_class = byte == b'[',
                _ if char::from(byte) == close && !is_in_class => {
                    let literal = &self.text[start..self.at];
                    if close == '/' && (literal.contains("(?<=") || literal.contains("(?<!")) {
                        self.too_new(start);
                    }
                    self.before = Before::Value;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.unpaired(start))
    }

    fn awaits(&mut self, start: usize) {
        let message = text!(
            "`await` 只能写在 async 函数里",
            "`await` must be inside an async function"
        );
        let remedy = text!("把它放进一个 async 函数", "put it into an async function");
        self.error(start, message, remedy);
    }

    fn too_new(&mut self, start: usize) {
        let message = text!(
            "较旧的手机读不懂这种写法（Safari 13、Chromium 80、Firefox 78）",
            "older phones cannot read this (Safari 13, Chromium 80, Firefox 78)"
        );
        let remedy = text!(
            "换成更早的写法，例如 `a && a.b`、`a || b`",
            "write it in an older way, such as `a && a.b` or `a || b`"
        );
        self.error(start, message, remedy);
    }

    /// Reads the rest of an `import` or `export`, of which an export's declaration stays.
    fn statement(&mut self, word: &str) {
        let rest = self.rest().trim_start();
        let left = match word {
            "import" => self.import(rest),
            _ => self.export(rest),
        };
        if let Some(left) = left {
            self.at = self.text.len() - left.len();
            return;
        }
        let message = text!(
            "不支持这种 `{word}`",
            "this form of `{word}` is not supported"
        );
        let remedy = text!(
            "引入只能写成 `import \"./_a.js\";` 或 `import {{ a, b as c }} from \"./_a.js\";`，导出只能写成 `export function`、`export const` 或 `export class`",
            "an import is `import \"./_a.js\";` or `import {{ a, b as c }} from \"./_a.js\";`, an export `export function`, `export const` or `export class`"
        );
        self.error(self.at - word.len(), message, remedy);
    }

    /// Reads what follows the word `import`; returns what comes after.
    fn import(&mut self, rest: &'a str) -> Option<&'a str> {
        let (names, rest) = match rest.strip_prefix('{') {
            Some(inside) => {
                let (names, rest) = inside.split_at(inside.find(['{', '}'])?);
                let rest = rest.strip_prefix('}')?.trim_start();
                (names, rest.strip_prefix("from")?.trim_start())
            }
            None => ("", rest),
        };
        let names = names.split(',').filter(|name| !name.trim().is_empty());
        let names = names
            .map(|name| self.imported_name(name))
            .collect::<Option<_>>()?;
        let quote = rest.chars().next().filter(|next| "'\"".contains(*next))?;
        let (written, rest) = rest[1..].split_at(rest[1..].find([quote, '\n'])?);
        let rest = rest.strip_prefix(quote)?;
        self.unit.imports.push(Import {
            written: written.to_owned(),
            span: self.span(written),
            media: None,
            names,
        });
        self.before = Before::Operator;
        Some(rest.strip_prefix(';').unwrap_or(rest))
    }

    /// Reads `a` or `b as c`.
    fn imported_name(&self, written: &str) -> Option<ImportedName> {
        let words: Vec<&str> = written.split_whitespace().collect();
        let (name, local) = match *words {
            [name] => (name, name),
            [name, "as", local] => (name, local),
            _ => return None,
        };
        let is_name = first_word(name) == name && first_word(local) == local;
        is_name.then(|| ImportedName {
            name: name.to_owned(),
            local: local.to_owned(),
            span: self.span(name),
        })
    }

    /// Reads what follows the word `export`; returns it again, because it stays.
    fn export(&mut self, rest: &'a str) -> Option<&'a str> {
        let declared = match first_word(rest) {
            "async" => rest["async".len()..].trim_start(),
            _ => rest,
        };
        let kind = first_word(declared);
        let is_known = ["function", "class", "const"].contains(&kind);
        let name = declared[kind.len()..].trim_start();
        let name = name.strip_prefix('*').unwrap_or(name).trim_start();
        let name = first_word(name).to_owned();
        let is_named = is_known && !name.is_empty();
        self.unit.exports.extend(Some(name).filter(|_| is_named));
        is_named.then_some(rest)
    }

    /// Where a part of the text stands.
    fn span(&self, part: &str) -> Span {
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        self.source.span(start..start + part.len())
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|next| !is_word(next));
    &text[..end.unwrap_or(text.len())]
}

/// Whether a character can stand in a name or a number.
fn is_word(character: char) -> bool {
    matches!(character, '_' | '$' | '\\' | '#' | '@')
        || character.is_ascii_alphanumeric()
        || (!character.is_ascii() && !is_blank(character))
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{FEFF}'
}

/// The bundle of a script, which comes last, and of the parts that it imports. A part is a function that is
/// called at once, so that its names are its own; it returns what it exports.
pub(super) fn bundle(placed: &[Placed<'_>]) -> String {
    // No name in the scripts begins with so many `$`.
    let texts = placed.iter().map(|placed| &*placed.unit.text);
    let runs = texts.flat_map(|text| text.split(|next| next != '$'));
    let prefix = "$".repeat(runs.map(str::len).max().unwrap_or_default() + 1);
    let mut text = String::new();
    for (at, Placed { unit, imports, .. }) in placed.iter().enumerate() {
        let mut own = String::new();
        for (import, part) in unit.imports.iter().zip(imports) {
            let part = part.unwrap_or_default();
            for ImportedName { name, local, .. } in &import.names {
                own += &format!("const {local}={prefix}{part}.{name};");
            }
        }
        let body = unit.text.trim();
        let exports = unit.exports.join(",");
        text += &match at + 1 == placed.len() {
            true => format!("{own}{body}\n"),
            false => format!("const {prefix}{at}=(()=>{{{own}{body}\nreturn{{{exports}}}}})();\n"),
        };
    }
    text
}

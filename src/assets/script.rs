//! One script of the theme: what it imports and exports, and the rest of it made short.
//!
//! Input: the text of a file below `assets/`. Output: a [`Script`], or what is wrong with it and
//! where. Names keep their length: what that would save, compression saves anyway.

use std::ops::Range;

use super::tokens::{Gap, Kind, Token, Tokens, printed, tokens};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, Text, text};
use crate::model::value::MOST_PER_FILE;

/// A script without those that it imports.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// What it imports, in order.
    pub(super) imports: Vec<Import>,
    /// The names that it exports, in order.
    pub(super) exports: Vec<String>,
    /// The statements but for imports.
    pub(super) text: String,
}

/// Names of a part, each with the name that it gets and where it is written.
type Names = Vec<(String, String, Span)>;

/// An `import`.
#[derive(Debug)]
pub(super) struct Import {
    /// The file, as written.
    pub(super) written: String,
    /// What of it is wanted.
    pub(super) names: Names,
    /// Where the file is written.
    pub(super) span: Span,
}

/// Compiles the script in `source`; `None` where it cannot even be read.
pub(super) fn compile(source: &SourceText) -> Checked<Option<Script>> {
    let tokens = match tokens(&source.text) {
        Ok(tokens) => tokens,
        Err((range, said)) => {
            return Checked {
                value: None,
                diagnostics: vec![broken(said).at(source.span(range))],
            };
        }
    };
    let mut reader = Reader {
        source,
        tokens: &tokens.tokens,
        script: Script::default(),
        kept: Vec::new(),
        gap: Gap::None,
        errors: Vec::new(),
    };
    reader.read();
    let mut script = reader.script;
    script.text = terms(source, &tokens) + &printed(&source.text, &reader.kept);
    Checked {
        value: Some(script),
        diagnostics: reader.errors,
    }
}

/// The terms of use in a script's comments, each on lines of its own.
fn terms(source: &SourceText, tokens: &Tokens) -> String {
    let terms = tokens.terms.iter();
    terms
        .map(|range| format!("{}\n", &source.text[range.clone()]))
        .collect()
}

/// A problem of a script.
pub(super) fn broken(said: Text) -> Problem {
    let Text { zh, en } = said;
    Problem::error(
        Code::Template,
        text!("脚本有误：{zh}", "error in a script: {en}"),
    )
}

struct Reader<'a> {
    source: &'a SourceText,
    tokens: &'a [Token],
    script: Script,
    /// The tokens that stay.
    kept: Vec<Token>,
    /// What stood before tokens that have been left out since the last that stays.
    gap: Gap,
    errors: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            self.check(at, token);
            let is_word = token.kind == Kind::Word && !self.is_key(at);
            at = match self.word(at) {
                "import" if is_word && token.depth == 0 && !self.is_call(at) => self.import(at),
                "export" if is_word && token.depth == 0 => self.export(at),
                _ => {
                    let mut token = token.clone();
                    token.gap = token.gap.max(std::mem::replace(&mut self.gap, Gap::None));
                    self.kept.push(token);
                    at + 1
                }
            };
        }
    }

    /// The text of a token, empty after the end.
    fn word(&self, at: usize) -> &'a str {
        let token = self.tokens.get(at);
        token.map_or("", |token| &self.source.text[token.range.clone()])
    }

    fn is_key(&self, at: usize) -> bool {
        at > 0 && self.word(at - 1) == "."
    }

    fn is_call(&self, at: usize) -> bool {
        matches!(self.word(at + 1), "(" | ".")
    }

    fn error(&mut self, range: Range<usize>, said: Text, remedy: Text) {
        if self.errors.len() >= MOST_PER_FILE {
            return;
        }
        let problem = broken(said).hint(remedy);
        self.errors.push(problem.at(self.source.span(range)));
    }

    /// Reports what cannot be in a bundle, and what the oldest browsers cannot read.
    fn check(&mut self, at: usize, token: &Token) {
        let (word, next) = (self.word(at), self.word(at + 1));
        let is_adjacent = self
            .tokens
            .get(at + 1)
            .is_some_and(|next| next.gap == Gap::None);
        let is_new = match token.kind {
            Kind::Sign if is_adjacent => match (word, next) {
                ("?", "?" | ".") => true,
                ("|", "|") | ("&", "&") => {
                    let after = self.tokens.get(at + 2);
                    self.word(at + 2) == "=" && after.is_some_and(|after| after.gap == Gap::None)
                }
                _ => false,
            },
            Kind::Pattern => word.contains("(?<=") || word.contains("(?<!"),
            Kind::Word => word.starts_with('#'),
            _ => false,
        };
        if is_new {
            let range = token.range.start..token.range.end + usize::from(token.kind == Kind::Sign);
            self.error(
                range,
                text!(
                    "较旧的手机读不懂这种写法（Safari 13、Chromium 80、Firefox 78）",
                    "older phones cannot read this (Safari 13, Chromium 80, Firefox 78)"
                ),
                text!(
                    "换成更早的写法，例如 `a && a.b`、`a || b`",
                    "write it in an older way, such as `a && a.b` or `a || b`"
                ),
            );
        }
        if word == "import" && !self.is_key(at) && self.is_call(at) {
            self.error(
                token.range.clone(),
                text!("不能在运行时引入", "nothing can be imported at run time"),
                Self::remedy(),
            );
        }
        if word == "await" && token.depth == 0 {
            self.error(
                token.range.clone(),
                text!(
                    "`await` 只能写在 async 函数里",
                    "`await` must be inside an async function"
                ),
                text!("放进一个 async 函数", "put it into an async function"),
            );
        }
    }

    fn remedy() -> Text {
        text!(
            "引入只能写成 `import \"./_a.js\";` 或 `import {{ a, b as c }} from \"./_a.js\";`，导出只能写成 `export function`、`export const` 或 `export class`",
            "an import is `import \"./_a.js\";` or `import {{ a, b as c }} from \"./_a.js\";`, an export `export function`, `export const` or `export class`"
        )
    }

    fn unsupported(&mut self, at: usize) {
        let range = self.tokens[at].range.clone();
        let word = self.word(at);
        self.error(
            range,
            text!(
                "不支持这种 `{word}`",
                "this form of `{word}` is not supported"
            ),
            Self::remedy(),
        );
    }

    /// Reads the import whose first token is at `at`; returns the token after it.
    fn import(&mut self, at: usize) -> usize {
        let Some((names, file)) = self.names(at + 1) else {
            self.unsupported(at);
            return at + 1;
        };
        let Some(token) = self
            .tokens
            .get(file)
            .filter(|token| token.kind == Kind::Quoted)
        else {
            self.unsupported(at);
            return at + 1;
        };
        let inside = token.range.start + 1..token.range.end - 1;
        self.script.imports.push(Import {
            written: self.source.text[inside.clone()].to_owned(),
            names,
            span: self.source.span(inside),
        });
        self.gap = Gap::Line;
        file + 1 + usize::from(self.word(file + 1) == ";")
    }

    /// The names `{ a, b as c } from` at `at`, or none, and where the file must follow.
    #[expect(
        clippy::type_complexity,
        reason = "used once, and what it is stands above"
    )]
    fn names(&self, mut at: usize) -> Option<(Vec<(String, String, Span)>, usize)> {
        let mut names = Vec::new();
        if self.word(at) != "{" {
            return Some((names, at));
        }
        at += 1;
        while self.word(at) != "}" {
            let token = self
                .tokens
                .get(at)
                .filter(|token| token.kind == Kind::Word)?;
            let (name, mut own) = (self.word(at), self.word(at));
            if self.word(at + 1) == "as" {
                own = self.word(at + 2);
                at += 2;
            }
            let span = self.source.span(token.range.clone());
            names.push((name.to_owned(), own.to_owned(), span));
            at += 1;
            match self.word(at) {
                "," => at += 1,
                "}" => {}
                _ => return None,
            }
        }
        (self.word(at + 1) == "from").then_some((names, at + 2))
    }

    /// Reads the word `export` at `at`; returns the token after it.
    fn export(&mut self, at: usize) -> usize {
        let name = match (self.word(at + 1), self.word(at + 2)) {
            ("async", "function") | ("function", "*") => at + 3,
            ("function" | "class" | "const", _) => at + 2,
            _ => 0,
        };
        let is_word = |token: &&Token| token.kind == Kind::Word;
        if name == 0 || self.tokens.get(name).filter(is_word).is_none() {
            self.unsupported(at);
        } else {
            self.script.exports.push(self.word(name).to_owned());
        }
        self.gap = self.gap.max(self.tokens[at].gap);
        at + 1
    }
}

/// The bundle of a script, which comes last, and of the parts that it imports: each with the places
/// in `parts` of what it imports. A part is a function that is called at once, so that its names are
/// its own.
pub(super) fn bundle(parts: &[(&Script, Vec<usize>)]) -> String {
    let prefix = prefix(parts.iter().map(|(script, _)| &*script.text));
    let mut text = String::new();
    let Some(((main, main_imports), parts)) = parts.split_last() else {
        return text;
    };
    for (number, (script, imports)) in parts.iter().enumerate() {
        let (open, close) = if script.exports.is_empty() {
            (String::new(), String::new())
        } else {
            let names = script.exports.join(",");
            (
                format!("const {prefix}{number}="),
                format!("\nreturn{{{names}}}"),
            )
        };
        let bound = bound(script, imports, &prefix);
        text += &format!("{open}(()=>{{{bound}{}{close}}})();\n", script.text);
    }
    text + &bound(main, main_imports, &prefix) + &main.text + "\n"
}

/// The statements that give a script the names it imports.
fn bound(script: &Script, imports: &[usize], prefix: &str) -> String {
    let imports = script.imports.iter().zip(imports);
    let bound = imports.filter(|(import, _)| !import.names.is_empty());
    bound
        .map(|(import, number)| {
            let names = import.names.iter().map(|(name, own, _)| match name == own {
                true => name.clone(),
                false => format!("{name}:{own}"),
            });
            let names: Vec<String> = names.collect();
            format!("const{{{}}}={prefix}{number};\n", names.join(","))
        })
        .collect()
}

/// What no name in the scripts begins with: `$`, or more of them.
fn prefix<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut prefix = String::from("$");
    while texts.clone().any(|text| text.contains(&prefix)) {
        prefix.push('$');
    }
    prefix
}

//! One style sheet of the theme: parsed, minified, and printed for the browsers that are supported.
//!
//! Input: the text of a file below `assets/`. Output: a [`Unit`], or everything that is wrong with
//! it at its places. The only module that names lightningcss.

use std::sync::{Arc, RwLock};

use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::error::{Error, ErrorLocation, ParserError, PrinterErrorKind, SelectorError};
use lightningcss::printer::PrinterOptions;
use lightningcss::rules::CssRule;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};
use lightningcss::targets::{Browsers, Features, Targets};
use lightningcss::traits::ToCss;

use super::bundle::{Import, Unit};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, Text, text};
use crate::model::value::MOST_PER_FILE;

/// A `url()`.
#[derive(Debug)]
pub(super) struct Url {
    /// What is written.
    pub(super) written: String,
    /// The line in which it is written, from 1.
    line: u32,
}

impl Url {
    /// Where it is written in the text of its sheet; looked for only when there is something to say.
    pub(super) fn span(&self, source: &SourceText) -> Span {
        span_of(source, &self.written, self.line)
    }
}

/// The browsers for which prefixes and fallbacks are written: Chromium 80, Firefox 78 and Safari 13,
/// the oldest that residents' phones are expected to have.
fn targets() -> Targets {
    let version = |major: u32| Some(major << 16);
    Targets {
        browsers: Some(Browsers {
            chrome: version(80),
            firefox: version(78),
            safari: version(13),
            ios_saf: version(13),
            ..Browsers::default()
        }),
        // A list of Latin fonts that would come before the theme's own.
        exclude: Features::FontFamilySystemUi,
        ..Targets::default()
    }
}

/// Compiles the style sheet in `source`; `None` where it cannot even be read.
pub(super) fn compile(source: &SourceText) -> Checked<Option<Unit>> {
    let failed = |error| Checked {
        value: None,
        diagnostics: vec![error],
    };
    if let Err((at, problem)) = brackets(&source.text) {
        return failed(problem.at(source.span(at..at + 1)));
    }
    let found = Arc::new(RwLock::new(Vec::new()));
    let options = ParserOptions {
        error_recovery: true,
        warnings: Some(Arc::clone(&found)),
        ..ParserOptions::default()
    };
    let mut sheet = match StyleSheet::parse(&source.text, options) {
        Ok(sheet) => sheet,
        Err(error) => return failed(at(said(&error.kind), error.loc.as_ref(), source)),
    };
    let mut diagnostics = Vec::new();
    if let Ok(found) = found.read() {
        let own = found.iter().filter(|error| !is_foreign(&error.kind));
        let own = own.take(MOST_PER_FILE);
        diagnostics.extend(own.map(|error| at(said(&error.kind), error.loc.as_ref(), source)));
    }
    let mut unit = Unit {
        imports: take_imports(&mut sheet, source, &mut diagnostics),
        ..Unit::default()
    };
    if let Err(error) = print(&mut sheet, source, &mut unit) {
        diagnostics.push(*error);
    }
    Checked {
        value: Some(unit),
        diagnostics,
    }
}

/// Prints the minified rules with their URLs into `unit`.
fn print(
    sheet: &mut StyleSheet<'_>,
    source: &SourceText,
    unit: &mut Unit,
) -> Result<(), Box<Diagnostic>> {
    let minified = sheet.minify(MinifyOptions {
        targets: targets(),
        ..MinifyOptions::default()
    });
    minified.map_err(|error| Box::new(at(Text::same(&error.kind), error.loc.as_ref(), source)))?;
    let printed = sheet.to_css(PrinterOptions {
        minify: true,
        targets: targets(),
        analyze_dependencies: Some(DependencyOptions::default()),
        ..PrinterOptions::default()
    });
    let printed = printed.map_err(|error| Box::new(unprintable(&error, source)))?;
    unit.text = printed.code.trim_end().to_owned();
    for found in printed.dependencies.into_iter().flatten() {
        if let Dependency::Url(url) = found {
            // The same URL has the same placeholder wherever it stands.
            unit.urls.entry(url.placeholder).or_insert(Url {
                written: url.url,
                line: url.loc.start.line,
            });
        }
    }
    Ok(())
}

/// Takes the `@import` rules out of the sheet.
fn take_imports(
    sheet: &mut StyleSheet<'_>,
    source: &SourceText,
    errors: &mut Vec<Diagnostic>,
) -> Vec<Import> {
    let mut imports = Vec::new();
    for rule in &mut sheet.rules.0 {
        let CssRule::Import(import) = rule else {
            continue;
        };
        let span = span_of(source, &import.url, import.loc.line + 1);
        if import.layer.is_some() || import.supports.is_some() {
            let message = text!(
                "`@import` 后面只能写媒体条件",
                "only a media query may follow the file of an `@import`"
            );
            errors.push(broken(message).at(span));
        } else {
            let options = PrinterOptions {
                minify: true,
                ..PrinterOptions::default()
            };
            let is_limited = !import.media.media_queries.is_empty();
            let media = is_limited.then(|| import.media.to_css_string(options));
            imports.push(Import {
                written: import.url.to_string(),
                span,
                media: media.and_then(Result::ok),
                names: Vec::new(),
            });
        };
        *rule = CssRule::Ignored;
    }
    imports
}

/// Where `words` stand at or after the beginning of a line counted from 1.
fn span_of(source: &SourceText, words: &str, line: u32) -> Span {
    let from = source.offset(line as usize, 1);
    match source.text[from..].find(words) {
        Some(found) => source.span(from + found..from + found + words.len()),
        None => source.span(from..from + 1),
    }
}

fn broken(said: Text) -> Problem {
    let Text { zh, en } = said;
    Problem::error(
        Code::Template,
        text!("样式表有误：{zh}", "error in a style sheet: {en}"),
    )
}

/// The diagnostic of an error at a place that the engine counts in lines from 0.
fn at(said: Text, place: Option<&ErrorLocation>, source: &SourceText) -> Diagnostic {
    let (line, column) = place.map_or((0, 1), |place| (place.line, place.column));
    let at = source.offset(line as usize + 1, column as usize);
    // What cannot be parsed is noticed where it ends, at times at the end of its line.
    let rest = source.text[at..].chars().next();
    let at = match rest {
        Some('\n' | '\r') | None => at.saturating_sub(1),
        Some(_) => at,
    };
    broken(said)
        .hint(text!(
            "检查这一行和它的上一行：冒号、分号、括号是否齐全，标点是否都是英文的",
            "look at this line and the one before: are colons, semicolons and brackets all there?"
        ))
        .at(source.span(at..at + 1))
}

fn unprintable(error: &Error<PrinterErrorKind>, source: &SourceText) -> Diagnostic {
    let PrinterErrorKind::AmbiguousUrlInCustomProperty { url } = &error.kind else {
        return at(Text::same(&error.kind), error.loc.as_ref(), source);
    };
    let message = text!(
        "自定义属性里不能写相对路径 `{url}`",
        "a custom property cannot hold the relative path `{url}`"
    );
    broken(message)
        .hint(text!(
            "在用到它的地方直接写 url(…)",
            "write url(…) where it is used"
        ))
        .at(span_of(source, url, 1))
}

/// Whether the engine only does not know something that other browsers have.
fn is_foreign(error: &ParserError<'_>) -> bool {
    matches!(
        error,
        ParserError::SelectorError(
            SelectorError::UnsupportedPseudoClass(name)
                | SelectorError::UnsupportedPseudoElement(name)
        ) if name.starts_with('-')
    )
}

/// What an error says, in both languages.
fn said(error: &ParserError<'_>) -> Text {
    match error {
        ParserError::EndOfInput => text!("这里缺了内容", "something is missing here"),
        ParserError::AtRuleInvalid(name) => {
            text!("没有 `@{name}` 这种规则", "there is no rule `@{name}`")
        }
        ParserError::InvalidDeclaration | ParserError::InvalidValue => {
            text!(
                "这不是“属性: 值;”的写法",
                "this is not of the form `property: value;`"
            )
        }
        ParserError::InvalidMediaQuery => text!("媒体条件写法不对", "invalid media query"),
        ParserError::UnexpectedImportRule => text!(
            "`@import` 要写在所有规则之前",
            "`@import` must come before all rules"
        ),
        ParserError::UnexpectedToken(_) => {
            text!(
                "这里不该有这个词或符号",
                "this word or sign does not belong here"
            )
        }
        ParserError::SelectorError(
            SelectorError::UnsupportedPseudoClass(name)
            | SelectorError::UnsupportedPseudoElement(name),
        ) => text!(
            "没有伪类或伪元素 `{name}`",
            "there is no pseudo-class or element `{name}`"
        ),
        ParserError::SelectorError(_) => Text {
            zh: String::from("选择器写法不对"),
            en: error.to_string(),
        },
        _ => text!("写法不对（{error}）", "{error}"),
    }
}

/// How deep brackets may be nested: the engine calls itself for each.
const DEEPEST: usize = 32;

/// How many selectors nested rules may stand for: `a, b { c, d { … } }` is four, written out for
/// browsers that know no nesting.
const MOST_SELECTORS: usize = 10_000;

/// A bracket that is open.
struct Open {
    at: usize,
    is_block: bool,
    /// How many selectors the rules around it stand for, together with its own.
    selectors: usize,
}

/// Reads the brackets of a style sheet; fails with the place of the first that is wrong. Those that are nested
/// too deep would take the engine too long or too far; a `{` that is never closed is closed silently at the end,
/// and every rule after it is lost.
fn brackets(text: &str) -> Result<(), (usize, Problem)> {
    let bytes = text.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    // Commas since the last rule or declaration.
    let mut commas = 0;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'/' if bytes.get(at) == Some(&b'*') => {
                let end = text[at + 1..].find("*/");
                at = end.map_or(bytes.len(), |end| at + 1 + end + 2);
            }
            b'\\' => at += 1,
            quote @ (b'"' | b'\'') => at = end_of_string(bytes, at, quote) + 1,
            b',' => commas += 1,
            b';' => commas = 0,
            sign @ (b'{' | b'(' | b'[') => {
                let is_block = sign == b'{';
                let around = open.last().map_or(1, |open| open.selectors);
                let selectors = match is_block {
                    true => around.saturating_mul(std::mem::take(&mut commas) + 1),
                    false => around,
                };
                if open.len() == DEEPEST || selectors > MOST_SELECTORS {
                    return Err((start, too_deep()));
                }
                open.push(Open {
                    at: start,
                    is_block,
                    selectors,
                });
            }
            b'}' => {
                // A block also ends what is open inside of it.
                while open.pop().is_some_and(|open| !open.is_block) {}
                commas = 0;
            }
            b')' | b']' => drop(open.pop_if(|open| !open.is_block)),
            _ => {}
        }
    }
    let unclosed = open.into_iter().find(|open| open.is_block);
    unclosed.map_or(Ok(()), |open| {
        let message = text!("这个 `{{` 没有对应的 `}}`", "this `{{` has no `}}`");
        Err((open.at, broken(message)))
    })
}

fn too_deep() -> Problem {
    let message = text!(
        "样式表嵌套太深（括号最多 {DEEPEST} 层，展开后最多 {MOST_SELECTORS} 个选择器）",
        "a style sheet is nested too deep (at most {DEEPEST} brackets, {MOST_SELECTORS} selectors when written out)"
    );
    Problem::error(Code::NestedTooDeep, message)
}

/// Where a string ends: at its quote, or at the end of its line.
fn end_of_string(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

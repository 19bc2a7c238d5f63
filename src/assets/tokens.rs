//! The tokens of a script, as far as they must be told apart to leave out comments and white space.
//!
//! Input: the text of a script. Output: its tokens in order, or the place of what cannot be one. No
//! grammar: what the tokens mean is for a browser to say. Line ends are kept wherever a statement could end
//! by one, so that leaving things out changes nothing.

use std::ops::Range;

use crate::diag::{Text, text};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A sign of one character.
    Sign,
    /// A string in quotes.
    Quoted,
    /// A stretch of a template literal, from a `` ` `` or `}` to a `${` or `` ` ``.
    Template,
    /// A regular expression with its flags.
    Pattern,
}

/// A token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// What stands between it and the token before.
    pub(super) gap: Gap,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

/// What stands between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// White space and comments.
    Space,
    /// The same with an end of a line.
    Line,
}

/// A script as tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Everything but comments and white space.
    pub(super) tokens: Vec<Token>,
    /// The comments that begin with `/*!`, which hold terms of use.
    pub(super) terms: Vec<Range<usize>>,
}

/// What is wrong with a script, and where.
pub(super) type Flaw = (Range<usize>, Text);

/// Cuts a script into tokens.
///
/// # Errors
/// The first place at which that cannot be done.
pub(super) fn tokens(script: &str) -> Result<Tokens, Flaw> {
    let mut scan = Scan {
        script,
        at: 0,
        gap: Gap::Line,
        found: Tokens::default(),
        open: Vec::new(),
        closed_condition: false,
    };
    scan.run()?;
    Ok(scan.found)
}

/// A bracket that is open.
struct Open {
    at: usize,
    sign: u8,
    /// Whether it is the round one after `if`, `for`, `while` or `with`.
    is_condition: bool,
}

struct Scan<'a> {
    script: &'a str,
    at: usize,
    gap: Gap,
    found: Tokens,
    open: Vec<Open>,
    /// Whether the last token closed the round bracket of a condition.
    closed_condition: bool,
}

/// Words after which a value follows.
const BEFORE_VALUES: [&str; 14] = [
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];

impl Scan<'_> {
    fn run(&mut self) -> Result<(), Flaw> {
        while let Some(next) = self.script[self.at..].chars().next() {
            let start = self.at;
            match next {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => self.skip(next, Gap::Line),
                _ if next.is_whitespace() || next == '\u{FEFF}' => self.skip(next, Gap::Space),
                '/' if self.starts("//") => {
                    let rest = &self.script[start..];
                    self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                    self.gap = self.gap.max(Gap::Space);
                }
                '/' if self.starts("/*") => self.comment()?,
                '/' if self.is_pattern()? => self.pattern()?,
                '"' | '\'' => self.quoted(next)?,
                '`' => self.template(start)?,
                '}' if self.open.last().is_some_and(|open| open.sign == b'`') => {
                    self.open.pop();
                    self.template(start)?;
                }
                '(' | '[' | '{' => self.opened(),
                ')' | ']' | '}' => self.closed()?,
                _ if is_word(next) || self.is_fraction() => self.word(),
                _ => {
                    self.at += next.len_utf8();
                    self.push(Kind::Sign, start);
                }
            }
        }
        match self.open.last() {
            Some(open) => Err((
                open.at..open.at + 1,
                text!("这个括号没有关上", "this bracket is not closed"),
            )),
            None => Ok(()),
        }
    }

    fn starts(&self, with: &str) -> bool {
        self.script[self.at..].starts_with(with)
    }

    fn skip(&mut self, character: char, gap: Gap) {
        self.at += character.len_utf8();
        self.gap = self.gap.max(gap);
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.found.tokens.push(Token {
            kind,
            range: start..self.at,
            gap: std::mem::replace(&mut self.gap, Gap::None),
            depth: self.open.len(),
        });
        self.closed_condition = false;
    }

    fn comment(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        let Some(length) = self.script[start + 2..].find("*/") else {
            return Err((
                start..start + 2,
                text!("这个注释没有结束", "this comment does not end"),
            ));
        };
        self.at = start + 2 + length + 2;
        let comment = &self.script[start..self.at];
        if comment.starts_with("/*!") {
            self.found.terms.push(start..self.at);
        }
        let gap = if comment.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            Gap::Line
        } else {
            Gap::Space
        };
        self.gap = self.gap.max(gap);
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Result<(), Flaw> {
        let start = self.at;
        let mut characters = self.script[start..].char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => drop(characters.next()),
                '\n' => break,
                _ if character == quote => {
                    self.at = start + at + 1;
                    self.push(Kind::Quoted, start);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err((
            start..start + 1,
            text!("这个字符串没有结束", "this string does not end"),
        ))
    }

    /// A stretch of a template literal that begins at `start` with its first character.
    fn template(&mut self, start: usize) -> Result<(), Flaw> {
        let mut characters = self.script[start..].char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => drop(characters.next()),
                '`' => {
                    self.at = start + at + 1;
                    self.push(Kind::Template, start);
                    return Ok(());
                }
                '$' if characters.peek().is_some_and(|(_, next)| *next == '{') => {
                    self.at = start + at + 2;
                    self.push(Kind::Template, start);
                    self.open.push(Open {
                        at: start + at,
                        sign: b'`',
                        is_condition: false,
                    });
                    return Ok(());
                }
                _ => {}
            }
        }
        Err((
            start..start + 1,
            text!(
                "这个模板字符串没有结束",
                "this template literal does not end"
            ),
        ))
    }

    /// Whether the `/` here begins a regular expression rather than divides.
    fn is_pattern(&self) -> Result<bool, Flaw> {
        let mut before = self.found.tokens.iter().rev();
        let Some(last) = before.next() else {
            return Ok(true);
        };
        let text = &self.script[last.range.clone()];
        Ok(match last.kind {
            Kind::Word => {
                let is_key = before
                    .next()
                    .is_some_and(|token| &self.script[token.range.clone()] == ".");
                !is_key && BEFORE_VALUES.contains(&text)
            }
            Kind::Quoted | Kind::Pattern => false,
            Kind::Template => text.ends_with("${"),
            Kind::Sign => match text {
                ")" => self.closed_condition,
                "]" => false,
                "+" | "-" => {
                    // `a++ / b` divides, `a + /b/` does not.
                    let twice = before.next().is_some_and(|token| {
                        last.gap == Gap::None && self.script[token.range.clone()] == *text
                    });
                    !twice
                }
                "}" => {
                    return Err((
                        self.at..self.at + 1,
                        text!(
                            "`}}` 后面的 `/` 可能是除号，也可能是正则表达式；请加上分号或括号",
                            "the `/` after `}}` may divide or begin a regular expression; add a semicolon or brackets"
                        ),
                    ));
                }
                _ => true,
            },
        })
    }

    fn pattern(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        let mut is_in_class = false;
        let mut characters = self.script[start..].char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => drop(characters.next()),
                '\n' | '\r' => break,
                '[' => is_in_class = true,
                ']' => is_in_class = false,
                '/' if !is_in_class => {
                    let flags = self.script[start + at + 1..].find(|next| !is_word(next));
                    let rest = self.script.len() - (start + at + 1);
                    self.at = start + at + 1 + flags.unwrap_or(rest);
                    self.push(Kind::Pattern, start);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err((
            start..start + 1,
            text!(
                "这个正则表达式没有结束",
                "this regular expression does not end"
            ),
        ))
    }

    /// Whether a number such as `.5` begins here.
    fn is_fraction(&self) -> bool {
        let rest = &self.script.as_bytes()[self.at..];
        rest[0] == b'.' && rest.get(1).is_some_and(u8::is_ascii_digit)
    }

    fn word(&mut self) {
        let start = self.at;
        let is_number = self.script[start..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let mut before = ' ';
        let is_decimal = !self.script[start..].starts_with("0x") && !self.starts("0X");
        let end = self.script[start..].find(|next: char| {
            let is_exponent =
                is_number && is_decimal && matches!(before, 'e' | 'E') && matches!(next, '+' | '-');
            let is_inside = is_word(next) || (is_number && next == '.') || is_exponent;
            before = next;
            !is_inside
        });
        self.at = end.map_or(self.script.len(), |end| start + end);
        self.push(Kind::Word, start);
    }

    fn opened(&mut self) {
        let start = self.at;
        let sign = self.script.as_bytes()[start];
        let mut before = self.found.tokens.iter().rev();
        let mut text = || before.next().map(|token| &self.script[token.range.clone()]);
        let is_condition = sign == b'('
            && matches!(text(), Some("if" | "for" | "while" | "with"))
            && text() != Some(".");
        self.at += 1;
        self.push(Kind::Sign, start);
        self.open.push(Open {
            at: start,
            sign,
            is_condition,
        });
    }

    fn closed(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        let sign = self.script.as_bytes()[start];
        let wanted = match sign {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        match self.open.pop() {
            Some(open) if open.sign == wanted => {
                self.at += 1;
                self.push(Kind::Sign, start);
                self.closed_condition = open.is_condition;
                Ok(())
            }
            _ => Err((
                start..start + 1,
                text!(
                    "这个括号没有对应的开头",
                    "this bracket closes none that is open"
                ),
            )),
        }
    }
}

impl Gap {
    /// The wider of two gaps.
    pub(super) fn max(self, other: Gap) -> Gap {
        match (self, other) {
            (Gap::Line, _) | (_, Gap::Line) => Gap::Line,
            (Gap::Space, _) | (_, Gap::Space) => Gap::Space,
            _ => Gap::None,
        }
    }
}

/// Whether a character can stand in a name or a number.
fn is_word(character: char) -> bool {
    matches!(character, '_' | '$' | '\\' | '#' | '@')
        || character.is_ascii_alphanumeric()
        || (!character.is_ascii() && !character.is_whitespace() && character != '\u{FEFF}')
}

/// The text of `tokens` as short as it may be without changing what it means; a line end stays where
/// a statement may end by it.
pub(super) fn printed(script: &str, tokens: &[Token]) -> String {
    let mut text = String::with_capacity(script.len());
    let mut before: Option<&Token> = None;
    for token in tokens {
        let word = &script[token.range.clone()];
        if let Some(before) = before {
            match gap(script, before, token) {
                Gap::None => {}
                Gap::Space => text.push(' '),
                Gap::Line => text.push('\n'),
            }
        }
        text.push_str(word);
        before = Some(token);
    }
    text
}

/// What must stay between two tokens.
fn gap(script: &str, before: &Token, token: &Token) -> Gap {
    let (last, next) = (&script[before.range.clone()], &script[token.range.clone()]);
    let is_sign = |token: &Token| token.kind == Kind::Sign;
    match token.gap {
        Gap::None => Gap::None,
        Gap::Line
            if (is_sign(before) && matches!(last, "{" | ";" | "," | "(" | "["))
                || (is_sign(token) && matches!(next, "}" | ")" | "]" | "," | ";" | "."))
                || last.ends_with("${") =>
        {
            Gap::None
        }
        Gap::Line => Gap::Line,
        Gap::Space => {
            let is_wordy = |token: &Token| matches!(token.kind, Kind::Word | Kind::Pattern);
            let is_number = last.starts_with(|c: char| c.is_ascii_digit());
            let touches = match (last.as_bytes().last(), next.as_bytes().first()) {
                (Some(b'+'), Some(b'+')) | (Some(b'-'), Some(b'-' | b'>')) => true,
                (Some(b'<'), Some(b'!')) | (Some(b'/'), Some(b'/')) => true,
                (_, Some(b'.')) => is_number,
                _ => false,
            };
            if touches || (is_wordy(before) && is_wordy(token)) {
                Gap::Space
            } else {
                Gap::None
            }
        }
    }
}

//! `${NAME}` in a text of `site.yaml`: a variable of the environment, for what must not be written there.
//!
//! Input: the text. Output: its pieces. A `$` without `{` behind it is nothing but a `$`.

/// A piece of a text with variables in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What stands there.
    Text(&'a str),
    /// The name of a variable.
    Variable(&'a str),
}

/// The pieces of `text`, in order; none of them is empty.
///
/// # Errors
/// What begins like a variable and is none: `${` without `}` behind it, or around something that is no name.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, &str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, variable) = rest.split_at(start);
        let end = variable.find('}').ok_or(variable)?;
        let name = &variable[2..end];
        if !is_name(name) {
            return Err(&variable[..=end]);
        }
        pieces.extend((!before.is_empty()).then_some(Piece::Text(before)));
        pieces.push(Piece::Variable(name));
        rest = &variable[end + 1..];
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
    Ok(pieces)
}

/// Whether every system takes this for the name of a variable.
fn is_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(is_word) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn a_text_falls_into_what_stands_there_and_variables() {
        let text = Piece::Text;
        let variable = Piece::Variable;
        for (written, expected) in [
            ("", vec![]),
            ("a $HOME }", vec![text("a $HOME }")]),
            ("${A}", vec![variable("A")]),
            (
                "?t=${A_1}&s=${B}x",
                vec![
                    text("?t="),
                    variable("A_1"),
                    text("&s="),
                    variable("B"),
                    text("x"),
                ],
            ),
        ] {
            assert_eq!(pieces(written), Ok(expected), "{written}");
        }
    }

    #[test]
    fn what_is_no_variable_is_told() {
        for (written, told) in [
            ("a${B", "${B"),
            ("${}x", "${}"),
            ("${A B}", "${A B}"),
            ("${1}", "${1}"),
            ("${密钥}", "${密钥}"),
        ] {
            assert_eq!(pieces(written), Err(told), "{written}");
        }
    }
}

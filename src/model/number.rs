//! What number somebody means who wrote more than that: `约60人`.

use super::form::Form;
use super::node::Node;
use crate::diag::{Text, text};

/// The remedy where `node` stands under `key` in the place of a number of this form; `None` for forms that
/// are no numbers.
pub(super) fn remedy(node: &Node, form: &Form, key: Option<&str>) -> Option<Text> {
    let example = match form {
        Form::Integer => "60",
        Form::Number => "60.5",
        Form::Money => "12000",
        Form::Month => "4",
        Form::Seats => "15",
        _ => return None,
    };
    let line = |number: &str| match key {
        Some(key) => format!("{key}: {number}"),
        None => number.to_owned(),
    };
    let example = line(example);
    let Node::Text(written) = node else {
        return Some(text!("如 `{example}`", "for example `{example}`"));
    };
    Some(match meant(written, form) {
        Some(number) => {
            let line = line(&number);
            text!(
                "只写数字：是不是 `{line}`？别的话写在正文里",
                "write the number only: did you mean `{line}`? Say the rest in the text"
            )
        }
        None => text!(
            "只写阿拉伯数字，如 `{example}`；别的话写在正文里",
            "write digits only, such as `{example}`; say the rest in the text"
        ),
    })
}

/// The number that a text holds, if it is the only one and can stand alone.
fn meant(written: &str, form: &Form) -> Option<String> {
    let numbers = numbers(written)?;
    match (form, &numbers[..]) {
        (Form::Seats, [least, most]) => {
            let (least, most): (u32, u32) = (least.parse().ok()?, most.parse().ok()?);
            (least <= most).then(|| format!("{least}-{most}"))
        }
        (Form::Number, [number]) => Some(number.clone()),
        (Form::Money, [number]) => {
            let decimals = number.split_once('.').map_or(0, |(_, after)| after.len());
            (decimals <= 2).then(|| number.clone())
        }
        (Form::Month, [number]) => {
            let month: u8 = number.parse().ok()?;
            (1..=12).contains(&month).then(|| month.to_string())
        }
        (_, [number]) => number.parse::<u32>().ok().map(|number| number.to_string()),
        _ => None,
    }
}

/// The numbers of a text in ASCII digits, without commas between thousands; `None` where one is negative or
/// has its size from the word behind it: `1.2万`.
fn numbers(written: &str) -> Option<Vec<String>> {
    let characters: Vec<char> = written.chars().map(ascii).collect();
    let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let mut numbers: Vec<String> = Vec::new();
    let mut is_open = false;
    for (at, c) in characters.iter().enumerate() {
        let is_between = is_open && is_digit(at + 1);
        match c {
            '0'..='9' if is_open => numbers.last_mut()?.push(*c),
            '0'..='9' if numbers.is_empty() && at > 0 && "-−".contains(characters[at - 1]) => {
                return None;
            }
            '0'..='9' => numbers.push(c.to_string()),
            '.' if is_between && !numbers.last()?.contains('.') => numbers.last_mut()?.push('.'),
            ',' if is_between && (1..=3).all(|next| is_digit(at + next)) && !is_digit(at + 4) => {}
            '十' | '百' | '千' | '万' | '亿' if !numbers.is_empty() => return None,
            _ => {
                is_open = false;
                continue;
            }
        }
        is_open = true;
    }
    Some(numbers)
}

/// The ASCII character that a full-width one stands for.
fn ascii(c: char) -> char {
    let is_wide = matches!(c, '０'..='９' | '，' | '．');
    // The full-width forms stand in the order of ASCII.
    let narrow = u32::from(c).checked_sub(u32::from('０') - u32::from('0'));
    narrow
        .filter(|_| is_wide)
        .and_then(char::from_u32)
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_number_of_a_text_is_meant() {
        for (written, form, expected) in [
            ("约60人", Form::Integer, Some("60")),
            ("６０ 名左右", Form::Integer, Some("60")),
            ("1，200人次", Form::Integer, Some("1200")),
            ("1,200.5 小时", Form::Number, Some("1200.5")),
            ("350.50元", Form::Money, Some("350.50")),
            ("350.505元", Form::Money, None),
            ("60.5人", Form::Integer, None),
            ("1.2万", Form::Number, None),
            ("3 百人", Form::Integer, None),
            ("60-80人", Form::Integer, None),
            ("1,50", Form::Integer, None),
            ("-5度", Form::Number, None),
            ("六十", Form::Integer, None),
            ("99999999999", Form::Integer, None),
            ("4月份", Form::Month, Some("4")),
            ("13月份", Form::Month, None),
            ("9到21名", Form::Seats, Some("9-21")),
            ("21-9", Form::Seats, None),
            ("15名", Form::Seats, Some("15")),
        ] {
            assert_eq!(meant(written, &form).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn the_remedy_is_a_line_of_the_file() {
        let remedy = |written: &str| {
            let node = Node::Text(written.to_owned());
            remedy(&node, &Form::Integer, Some("participants"))
                .unwrap()
                .zh
        };
        assert!(remedy("约60人").contains("是不是 `participants: 60`？"));
        assert!(remedy("很多").contains("如 `participants: 60`"));
        assert!(super::remedy(&Node::Null, &Form::Text, None).is_none());
    }
}

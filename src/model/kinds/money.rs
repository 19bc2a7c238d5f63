//! Amounts of money, exact to the fen.

use crate::model::form::Form;
use crate::model::node::Node;
use crate::model::shape::Shape;
use crate::model::value::{Reader, Value};

/// An amount in fen (1/100 yuan), so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub i64);

impl Money {
    /// Parses `12000`, `12,000` or `350.50`; `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim().replace('，', ",");
        let (yuan, fen) = written.split_once('.').unwrap_or((&written, ""));
        let mut groups = yuan.split(',');
        let is_first = groups.next().is_some_and(|first| {
            first.bytes().all(|b| b.is_ascii_digit()) && (first.len() <= 3 || !yuan.contains(','))
        });
        let is_group = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
        if !is_first || !groups.all(is_group) {
            return None;
        }
        let yuan = yuan.replace(',', "");
        if fen.len() > 2 || !fen.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let yuan: i64 = yuan.parse().ok().filter(|yuan: &i64| *yuan >= 0)?;
        let fen: i64 = format!("{fen:0<2}").parse().ok()?;
        yuan.checked_mul(100)?.checked_add(fen).map(Money)
    }
}

impl std::fmt::Display for Money {
    /// `12,000` or `350.50`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (yuan, fen) = (self.0 / 100, self.0 % 100);
        let digits = yuan.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if fen == 0 {
            Ok(())
        } else {
            write!(f, ".{fen:02}")
        }
    }
}

impl Value for Money {
    fn form() -> Form {
        Form::Money
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = match node {
            Node::Integer(number) => reader.as_written().or(Some(number.to_string())),
            Node::Float(number) => reader.as_written().or(Some(number.to_string())),
            Node::Text(text) => Some(text.clone()),
            _ => None,
        };
        let money = written.as_deref().and_then(Money::parse);
        if money.is_none() {
            reader.wrong_type(node, &Form::Money);
        }
        money
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Money(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_are_exact_and_shown_in_groups() {
        assert_eq!(Money::parse("350.5"), Some(Money(35_050)));
        assert_eq!(Money::parse("1,200,000").unwrap().to_string(), "1,200,000");
        assert_eq!(Money::parse("350.05").unwrap().to_string(), "350.05");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for written in [
            "",
            "-5",
            "+5",
            "1,50",
            "1,5,0",
            "1234,567",
            "1.234",
            "12万",
            "99999999999999999999",
        ] {
            assert_eq!(Money::parse(written), None, "{written}");
        }
    }
}

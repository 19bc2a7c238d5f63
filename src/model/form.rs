//! What a key may hold, as data: for messages, documentation and schemas.

use super::Kind;
use crate::diag::{Text, text};

/// What a value may be.
#[derive(Debug, Clone)]
pub enum Form {
    /// Text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number, not negative.
    Integer,
    /// A number, not negative.
    Number,
    /// An amount of money in yuan, at most two decimals.
    Money,
    /// A day.
    Date,
    /// A day, with a time of day where one is known.
    Moment,
    /// A month of the year, 1 to 12.
    Month,
    /// A number of seats, exact or from–to.
    Seats,
    /// Days of the week with opening and closing time.
    WeeklySlot,
    /// A full address on the web.
    WebAddress,
    /// A file beside the entry.
    File,
    /// `true`, or the list of keys whose values are illustrative.
    Sample,
    /// One of these words; each with its label.
    Choice(&'static [(&'static str, &'static str)]),
    /// The id of an entry of this kind.
    Reference(Kind),
    /// A list of values.
    List(Box<Form>),
    /// A mapping with these keys.
    Record(fn() -> Vec<FieldForm>),
    /// A mapping that is passed on as it is.
    Free,
}

/// A key of a record.
#[derive(Debug, Clone)]
pub struct FieldForm {
    /// The key.
    pub name: &'static str,
    /// Its documentation: a Chinese name up to the first `。`, then an explanation.
    pub doc: &'static str,
    /// What it may hold.
    pub form: Form,
    /// Whether it must be there.
    pub required: bool,
}

impl FieldForm {
    /// The Chinese name of the key.
    pub fn label(&self) -> &'static str {
        self.doc.trim().split('。').next().unwrap_or_default()
    }
}

impl Form {
    /// The form in words, with an example, for "expected …".
    pub fn expected(&self) -> Text {
        match self {
            Form::Text => text!("文字", "text"),
            Form::Boolean => text!("`true` 或 `false`", "`true` or `false`"),
            Form::Integer => text!("不小于 0 的整数", "a whole number, 0 or more"),
            Form::Number => text!("不小于 0 的数字", "a number, 0 or more"),
            Form::Money => {
                text!(
                    "以元为单位的金额，如 `12000` 或 `350.50`",
                    "an amount in yuan such as `12000` or `350.50`"
                )
            }
            Form::Date => text!(
                "日期，如 `2021-04-01`、`2021/4/1` 或 `2021年4月1日`",
                "a date such as `2021-04-01`, `2021/4/1` or `2021年4月1日`"
            ),
            Form::Moment => text!(
                "日期，可带时刻，如 `2021-04-01` 或 `2021-04-01 14:30`",
                "a date, with a time if known, such as `2021-04-01` or `2021-04-01 14:30`"
            ),
            Form::Month => text!("月份 `1` 至 `12`", "a month from `1` to `12`"),
            Form::Seats => text!(
                "人数，如 `15` 或 `9-21`",
                "a number of seats such as `15` or `9-21`"
            ),
            Form::WeeklySlot => text!(
                "星期与起止时刻，如 `周一至周五 08:30-17:00`",
                "days and times such as `周一至周五 08:30-17:00`"
            ),
            Form::WebAddress => text!(
                "网址，如 `https://www.example.gov.cn/`",
                "a web address such as `https://www.example.gov.cn/`"
            ),
            Form::File => text!("文件名，如 `photo.jpg`", "a file name such as `photo.jpg`"),
            Form::Sample => text!(
                "`true`，或示例值的键名列表，如 `[hours, phone]`",
                "`true`, or the keys whose values are samples, such as `[hours, phone]`"
            ),
            Form::Choice(choices) => expected_choice(choices),
            Form::Reference(kind) => {
                let label = kind.label();
                Text {
                    zh: format!("{}的标识", label.zh),
                    en: format!("the id of a {}", label.en),
                }
            }
            Form::List(item) => {
                let item = item.expected();
                Text {
                    zh: format!("列表，每项为{}", item.zh),
                    en: format!("a list, each item {}", item.en),
                }
            }
            Form::Record(fields) => expected_record(&fields()),
            Form::Free => text!("若干“键: 值”", "a mapping"),
        }
    }
}

fn expected_choice(choices: &[(&str, &str)]) -> Text {
    let zh: Vec<_> = choices
        .iter()
        .map(|(key, label)| format!("`{key}`（{label}）"))
        .collect();
    let en: Vec<_> = choices.iter().map(|(key, _)| format!("`{key}`")).collect();
    Text {
        zh: zh.join("、"),
        en: en.join(", "),
    }
}

fn expected_record(fields: &[FieldForm]) -> Text {
    let names: Vec<_> = fields
        .iter()
        .map(|field| format!("`{}`", field.name))
        .collect();
    Text {
        zh: format!("若干“键: 值”，键有 {}", names.join("、")),
        en: format!("a mapping with the keys {}", names.join(", ")),
    }
}

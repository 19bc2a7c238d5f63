//! Days and moments as officers write them.

use std::fmt;

use jiff::civil;
use jiff::tz::TimeZone;

use super::form::Form;
use super::node::Node;
use super::shape::Shape;
use super::value::{Reader, Value};
use crate::diag::{Code, Problem, Text, text};

/// A day of the site's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub civil::Date);

/// A day, with a time of day where the officer wrote one; never one that was made up.
///
/// Orders by day, then by time, a day without time first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, to the minute.
    pub time: Option<civil::Time>,
}

impl Date {
    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The day of the week, from `周一` to `周日`.
    pub fn weekday(self) -> &'static str {
        const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        NAMES[usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs())]
    }

    /// `2021年4月1日`.
    pub fn chinese(self) -> String {
        let mut text = String::with_capacity(17);
        push_number(&mut text, self.0.year().unsigned_abs());
        text.push('年');
        text.push_str(&self.month_and_day());
        text
    }

    /// `4月1日`.
    pub fn month_and_day(self) -> String {
        let mut text = String::with_capacity(10);
        push_number(&mut text, self.0.month().unsigned_abs().into());
        text.push('月');
        push_number(&mut text, self.0.day().unsigned_abs().into());
        text.push('日');
        text
    }
}

/// Appends a number below 100 as two digits.
fn push_two(text: &mut String, number: u16) {
    for digit in [number / 10, number % 10] {
        text.push(char::from(b'0' + digit as u8));
    }
}

/// Appends a number. Pages are full of dates, and the machinery of `format!` would take most of their
/// time.
fn push_number(text: &mut String, number: u16) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

impl fmt::Display for Date {
    /// `2021-04-01` (ISO 8601).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(10);
        let year = self.0.year().unsigned_abs();
        for number in [year / 100, year % 100] {
            push_two(&mut text, number);
        }
        for number in [self.0.month(), self.0.day()] {
            text.push('-');
            push_two(&mut text, number.unsigned_abs().into());
        }
        f.write_str(&text)
    }
}

impl Moment {
    /// The day without a time.
    pub fn day(date: Date) -> Self {
        Moment { date, time: None }
    }

    /// The moment as a local date and time; midnight where no time is known.
    pub fn start(self) -> civil::DateTime {
        self.date
            .0
            .to_datetime(self.time.unwrap_or(civil::Time::midnight()))
    }

    /// `2021年4月1日`, or `2021年4月1日 14:30`.
    pub fn chinese(self) -> String {
        let time = self
            .time
            .map(|time| format!(" {:02}:{:02}", time.hour(), time.minute()));
        self.date.chinese() + &time.unwrap_or_default()
    }

    /// RFC 3339 with the zone's offset to the minute, midnight where no time is known:
    /// `2021-04-01T14:30:00+08:00`.
    pub fn timestamp(self, zone: &TimeZone) -> String {
        match self.start().to_zoned(zone.clone()) {
            Ok(zoned) => {
                let moment = zoned.timestamp().display_with_offset(zoned.offset());
                moment.to_string()
            }
            Err(_) => format!("{}T00:00:00Z", self.date),
        }
    }

    /// Parses `2021-04-01`, `2021/4/1`, `2021年4月1日`, each with an optional `HH:MM`.
    ///
    /// # Errors
    /// A problem naming what is wrong: the form, or a day or time that does not exist.
    pub fn parse(written: &str) -> Result<Self, Problem> {
        let (numbers, time) = split(written).ok_or_else(|| malformed(written))?;
        let [year, month, day] = numbers;
        let exact = |number: i16| i8::try_from(number).unwrap_or(0);
        let date = civil::Date::new(year, exact(month), exact(day))
            .ok()
            .filter(|_| year >= EARLIEST_YEAR)
            .ok_or_else(|| impossible(written, numbers))?;
        let time = match time {
            None => None,
            Some((hour, minute)) => {
                Some(civil::Time::new(hour, minute, 0, 0).map_err(|_| malformed(written))?)
            }
        };
        Ok(Moment {
            date: Date(date),
            time,
        })
    }
}

impl fmt::Display for Moment {
    /// `2021-04-01`, or `2021-04-01T14:30` (ISO 8601, local).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date.fmt(f)?;
        match self.time {
            Some(time) => write!(f, "T{:02}:{:02}", time.hour(), time.minute()),
            None => Ok(()),
        }
    }
}

/// The first year that is taken for one; before it are slips of the pen such as `0201`.
const EARLIEST_YEAR: i16 = 1000;

type Numbers = ([i16; 3], Option<(i8, i8)>);

/// The numbers of a date and time if the separators are those of one of the accepted spellings.
fn split(written: &str) -> Option<Numbers> {
    let written = written.trim().replace('：', ":");
    let day_end = match written.find('日') {
        Some(at) => at + '日'.len_utf8(),
        None => written.find([' ', 'T']).unwrap_or(written.len()),
    };
    let (date, time) = written.split_at(day_end);
    let date: String = date.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = match date.strip_suffix('日') {
        Some(date) => {
            let (year, rest) = date.split_once('年')?;
            let (month, day) = rest.split_once('月')?;
            vec![year, month, day]
        }
        None if date.contains('/') => date.split('/').collect(),
        None => date.split('-').collect(),
    };
    let [year, month, day] = parts[..] else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    let time = time.trim_start_matches('T').trim();
    let time = if time.is_empty() {
        None
    } else {
        Some(parse_time(time)?)
    };
    Some(([digits(year)?, digits(month)?, digits(day)?], time))
}

fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// Hours and minutes of `8:30` or `08:30` (seconds `:00` are accepted and dropped).
pub(crate) fn parse_time(text: &str) -> Option<(i8, i8)> {
    let text = text
        .strip_suffix(":00")
        .filter(|rest| rest.contains(':'))
        .unwrap_or(text);
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i8, i8) = (digits(hour)?, digits(minute)?);
    (hour < 24 && minute < 60 && text.len() >= 4).then_some((hour, minute))
}

fn malformed(written: &str) -> Problem {
    let expected = Form::Moment.expected();
    let message = text!("看不懂日期 `{written}`", "`{written}` is not a date");
    Problem::error(Code::InvalidDate, message).hint(Text {
        zh: format!("应写作{}", expected.zh),
        en: format!("write {}", expected.en),
    })
}

fn impossible(written: &str, [year, month, day]: [i16; 3]) -> Problem {
    if year < EARLIEST_YEAR {
        return malformed(written);
    }
    let message = text!("`{written}` 这一天不存在", "there is no day `{written}`");
    let problem = Problem::error(Code::InvalidDate, message);
    match civil::Date::new(year, i8::try_from(month).unwrap_or(0), 1) {
        Ok(first) => {
            let last = first.days_in_month();
            problem.hint(text!(
                "{year}年{month}月有 {last} 天，写的是第 {day} 天",
                "month {month} of {year} has {last} days, this says day {day}"
            ))
        }
        Err(_) => problem.hint(text!(
            "月份应为 1 至 12，写的是 {month}",
            "the month must be 1 to 12, this says {month}"
        )),
    }
}

impl Value for Moment {
    fn form() -> Form {
        Form::Moment
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Node::Text(written) = node else {
            reader.wrong_type(node, &Form::Moment);
            return None;
        };
        Moment::parse(written)
            .map_err(|problem| reader.report(problem))
            .ok()
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Moment(*self)
    }
}

impl Value for Date {
    fn form() -> Form {
        Form::Date
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let moment = Moment::read(node, reader)?;
        if moment.time.is_some() {
            reader.wrong_type(node, &Form::Date);
        }
        Some(moment.date)
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Date(*self)
    }
}

/// A month of the year, 1 to 12; written `4` or `4月`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub u8);

impl Value for Month {
    fn form() -> Form {
        Form::Month
    }

    fn of_node(node: &Node) -> Option<Self> {
        let number = match node {
            Node::Integer(number) => u8::try_from(*number).ok(),
            Node::Text(text) => text.trim().trim_end_matches('月').parse().ok(),
            _ => None,
        };
        number.filter(|number| (1..=12).contains(number)).map(Month)
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Integer(i64::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_spellings_mean_the_same_day() {
        let expected = Moment::parse("2021-04-01").unwrap();
        for written in [
            "2021/4/1",
            "2021年4月1日",
            "2021年 4月1日",
            " 2021-4-1 ",
            "2021/04/01",
        ] {
            assert_eq!(Moment::parse(written), Ok(expected), "{written}");
        }
        assert_eq!(expected.to_string(), "2021-04-01");
        assert_eq!(expected.chinese(), "2021年4月1日");
    }

    #[test]
    fn a_time_is_kept_only_where_written() {
        for written in [
            "2021-04-01 8:30",
            "2021年4月1日 08:30",
            "2021-04-01T08:30",
            "2021年4月1日08：30",
        ] {
            let moment = Moment::parse(written).unwrap();
            assert_eq!(moment.chinese(), "2021年4月1日 08:30", "{written}");
            assert_eq!(moment.to_string(), "2021-04-01T08:30", "{written}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for written in [
            "",
            "2021",
            "21-4-1",
            "0201-04-01",
            "2021.4.1",
            "2021-04-01 25:00",
            "2021-04-01 8",
            "4月1日",
        ] {
            assert!(Moment::parse(written).is_err(), "{written}");
        }
    }
}

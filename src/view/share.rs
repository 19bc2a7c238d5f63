//! Parts of a whole, exact and the same on every machine.

use serde::Serialize;

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The percentage with at most one decimal: `33.3`, `100`.
    pub text: String,
    /// The percentage as a whole number for bars, 0 to 100.
    pub width: u8,
}

/// What share of `whole` is `part`; none where `whole` is not positive or `part` negative.
///
/// Computed in integers, because floating point would let the last digit depend on the order of
/// operations.
pub(super) fn share(part: i64, whole: i64) -> Option<Share> {
    if whole <= 0 || part < 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let rounded = (part * 1000 + whole / 2) / whole;
    // What lacks something is never called the whole.
    let thousandths = if part < whole {
        rounded.min(999)
    } else {
        rounded
    };
    let (percent, tenth) = (thousandths / 10, thousandths % 10);
    let text = if tenth == 0 {
        percent.to_string()
    } else {
        format!("{percent}.{tenth}")
    };
    // A bar is full at a hundred; what is something is at least visible.
    let least = i128::from(part > 0);
    let width = ((thousandths + 5) / 10).clamp(least, 100);
    Some(Share {
        text,
        width: u8::try_from(width).unwrap_or(100),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(part: i64, whole: i64) -> Option<(String, u8)> {
        share(part, whole).map(|share| (share.text, share.width))
    }

    #[test]
    fn shares_have_at_most_one_decimal() {
        assert_eq!(shown(1, 3), Some((String::from("33.3"), 33)));
        assert_eq!(shown(2, 3), Some((String::from("66.7"), 67)));
        assert_eq!(shown(3, 3), Some((String::from("100"), 100)));
        assert_eq!(shown(0, 3), Some((String::from("0"), 0)));
        assert_eq!(shown(199, 200), Some((String::from("99.5"), 100)));
        assert_eq!(shown(1999, 2000), Some((String::from("99.9"), 100)));
    }

    #[test]
    fn a_bar_is_never_longer_than_full_nor_invisible() {
        assert_eq!(shown(9, 8), Some((String::from("112.5"), 100)));
        assert_eq!(shown(1, 100_000), Some((String::from("0"), 1)));
        assert_eq!(
            shown(i64::MAX, 1).map(|(_, width)| width),
            Some(100),
            "no overflow"
        );
    }

    #[test]
    fn nothing_has_no_shares() {
        assert_eq!(shown(1, 0), None);
        assert_eq!(shown(-1, 5), None);
    }
}

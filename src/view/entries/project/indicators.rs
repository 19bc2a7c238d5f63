//! What a project sets out to reach, against what it has reached.

use serde::Serialize;

use crate::model::kinds::Indicator;

/// The indicators of a project, and which columns their table needs.
#[derive(Debug, Default, Serialize)]
pub struct Indicators<'a> {
    /// The indicators, in the order written.
    pub items: Vec<IndicatorView<'a>>,
    /// Whether any says the number to reach.
    pub has_target: bool,
    /// Whether any says the number reached.
    pub has_actual: bool,
    /// Whether any can be drawn as a bar.
    pub has_percent: bool,
    /// How many columns the table has.
    pub columns: usize,
}

/// Something that is counted.
#[derive(Debug, Serialize)]
pub struct IndicatorView<'a> {
    /// What is counted.
    pub title: &'a str,
    /// The number to reach.
    pub target: Option<String>,
    /// The number reached.
    pub actual: Option<String>,
    /// The unit, where written.
    pub unit: Option<&'a str>,
    /// How much of the target is reached, in percent; more than 100 where it is passed. None
    /// without both numbers, or for a target of 0.
    pub percent: Option<u64>,
    /// The same, at most 100: how long the bar is.
    pub bar: Option<u64>,
}

impl<'a> Indicators<'a> {
    /// Those of a project.
    pub(super) fn new(indicators: &'a [Indicator]) -> Self {
        let items: Vec<IndicatorView<'a>> = indicators.iter().map(IndicatorView::new).collect();
        let has_target = items.iter().any(|item| item.target.is_some());
        let has_actual = items.iter().any(|item| item.actual.is_some());
        let has_percent = items.iter().any(|item| item.percent.is_some());
        let wanted = [true, has_target, has_actual, has_percent].into_iter();
        Indicators {
            has_target,
            has_actual,
            has_percent,
            columns: wanted.filter(|wanted| *wanted).count(),
            items,
        }
    }
}

impl<'a> IndicatorView<'a> {
    fn new(indicator: &'a Indicator) -> Self {
        let percent = percent(indicator.target, indicator.actual);
        IndicatorView {
            title: &indicator.title,
            // As short as it can be written: `300`, `1.5`.
            target: indicator.target.map(|number| number.to_string()),
            actual: indicator.actual.map(|number| number.to_string()),
            unit: indicator.unit.as_deref(),
            percent,
            bar: percent.map(|percent| percent.min(100)),
        }
    }
}

/// How much of `target` is reached, in whole percent. What is not quite reached is never told as
/// 100, what is begun never as 0.
fn percent(target: Option<f64>, actual: Option<f64>) -> Option<u64> {
    let (target, actual) = (target?, actual?);
    if target <= 0.0 {
        return None;
    }
    let exact = actual / target * 100.0;
    let rounded = exact.round();
    let honest = if actual < target {
        rounded.min(99.0)
    } else {
        rounded
    };
    let honest = if actual > 0.0 {
        honest.max(1.0)
    } else {
        honest
    };
    // Numbers that no page should show, such as 10^15 of 0.001, end at the largest.
    Some(honest.min(1e15) as u64)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn what_is_nearly_reached_is_not_told_as_reached() {
        assert_eq!(percent(Some(300.0), Some(120.0)), Some(40));
        assert_eq!(percent(Some(1000.0), Some(999.0)), Some(99));
        assert_eq!(percent(Some(1000.0), Some(1.0)), Some(1));
        assert_eq!(percent(Some(1000.0), Some(0.0)), Some(0));
        assert_eq!(percent(Some(3.0), Some(3.0)), Some(100));
    }

    #[test]
    fn targets_may_be_passed_missing_or_none() {
        assert_eq!(percent(Some(200.0), Some(500.0)), Some(250));
        assert_eq!(percent(None, Some(1.0)), None);
        assert_eq!(percent(Some(1.0), None), None);
        assert_eq!(percent(Some(0.0), Some(1.0)), None);
        assert_eq!(
            percent(Some(1e-12), Some(9e14)),
            Some(1_000_000_000_000_000)
        );
    }
}

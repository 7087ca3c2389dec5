//! What is said of many measurements.

use std::time::Duration;

/// The middle one; between the two in the middle where there is no such one.
pub fn median(samples: &[Duration]) -> Option<Duration> {
    let sorted = sorted(samples);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get((sorted.len() - 1) / 2)?;
    Some((*lower + *upper) / 2)
}

/// The smallest that at least 95 of 100 do not exceed (nearest rank): of fewer than twenty it is the largest.
pub fn p95(samples: &[Duration]) -> Option<Duration> {
    let rank = (samples.len() * 95).div_ceil(100);
    sorted(samples).get(rank.checked_sub(1)?).copied()
}

fn sorted(samples: &[Duration]) -> Vec<Duration> {
    let mut sorted = samples.to_vec();
    sorted.sort();
    sorted
}

/// Milliseconds, with three digits that count.
pub fn milliseconds(time: Duration) -> String {
    digits(time.as_secs_f64() * 1000.0)
}

/// Kilobytes as megabytes.
pub fn megabytes(kilobytes: u64) -> String {
    digits(kilobytes as f64 / 1024.0)
}

/// A number with two or three digits that count, and none behind the point from 100 on.
pub fn digits(number: f64) -> String {
    // What rounds up to the next power has one digit less behind the point.
    match number {
        number if number < 0.0995 => format!("{number:.3}"),
        number if number < 9.995 => format!("{number:.2}"),
        number if number < 99.95 => format!("{number:.1}"),
        number => format!("{number:.0}"),
    }
}

/// How many times `base` it is; nothing where one of them is not known.
pub fn ratio(of: Option<f64>, base: Option<f64>) -> Option<String> {
    let (of, base) = (of?, base.filter(|base| *base > 0.0)?);
    Some(digits(of / base))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(numbers: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        numbers.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&ms([7])), Some(Duration::from_millis(7)));
        assert_eq!(median(&ms([9, 1, 5])), Some(Duration::from_millis(5)));
        assert_eq!(median(&ms([9, 1, 5, 2])), Some(Duration::from_micros(3500)));
    }

    #[test]
    fn five_of_a_hundred_are_above_the_p95() {
        assert_eq!(p95(&[]), None);
        assert_eq!(p95(&ms([3])), Some(Duration::from_millis(3)));
        assert_eq!(p95(&ms((1..=100).rev())), Some(Duration::from_millis(95)));
        assert_eq!(p95(&ms(1..=20)), Some(Duration::from_millis(19)));
        assert_eq!(p95(&ms(1..=19)), Some(Duration::from_millis(19)));
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([0.0, 0.0123, 0.0996].map(digits), ["0.000", "0.012", "0.10"]);
        assert_eq!([0.123, 1.0, 9.994, 9.996, 12.34, 99.96, 1234.5].map(digits), ["0.12", "1.00", "9.99", "10.0", "12.3", "100", "1234"]);
        assert_eq!(milliseconds(Duration::from_micros(1500)), "1.50");
    }

    #[test]
    fn a_ratio_needs_both() {
        assert_eq!(ratio(Some(3.0), Some(2.0)).as_deref(), Some("1.50"));
        assert_eq!(ratio(Some(3.0), None), None);
        assert_eq!(ratio(None, Some(2.0)), None);
        assert_eq!(ratio(Some(3.0), Some(0.0)), None);
    }
}

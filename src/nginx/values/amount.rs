//! Amounts: sizes, times, numbers.

const MAX: i64 = i64::MAX;

/// A whole number (`ngx_atoi`): digits only; `None` for anything else, and for one that does not fit.
pub fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A number with at most so many digits behind a point, times ten to that power (`ngx_atofp`).
pub fn fixed_point(text: &str, digits: usize) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if text.is_empty() || part.len() > digits {
        return None;
    }
    let mut all = whole.to_owned() + part;
    all.extend(std::iter::repeat_n('0', digits - part.len()));
    number(&all)
}

/// Bytes, with `k` or `m` (`ngx_parse_size`).
pub fn size(text: &str) -> Option<i64> {
    scaled(text, &[(b'k', 1 << 10), (b'm', 1 << 20)])
}

/// Bytes, with `k`, `m` or `g` (`ngx_parse_offset`).
pub fn offset(text: &str) -> Option<i64> {
    scaled(text, &[(b'k', 1 << 10), (b'm', 1 << 20), (b'g', 1 << 30)])
}

fn scaled(text: &str, units: &[(u8, i64)]) -> Option<i64> {
    let last = text.bytes().last()?.to_ascii_lowercase();
    match units.iter().find(|(unit, _)| *unit == last) {
        Some((_, scale)) => number(text.get(..text.len() - 1)?)?.checked_mul(*scale),
        None => number(text),
    }
}

/// The units of times, the greatest first, with their seconds; milliseconds are the last.
const UNITS: [(&str, i64); 8] =
    [("y", 31_536_000), ("M", 2_592_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0)];

/// A time (`ngx_parse_time`): numbers with units, each smaller than the one before, a number without one at the end being seconds. In
/// seconds, or in milliseconds, where there are no years and months.
pub fn time(text: &str, seconds: bool) -> Option<i64> {
    let bytes = text.as_bytes();
    let (mut at, mut total, mut value, mut digits) = (0, 0i64, 0i64, false);
    let mut allowed = if seconds { 0 } else { 2 };
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if byte.is_ascii_digit() {
            value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            digits = true;
            continue;
        }
        let (step, scale) = match byte {
            // A blank ends the seconds.
            b' ' if allowed <= 6 => (7, 1),
            b'm' if bytes.get(at) == Some(&b's') => {
                if seconds {
                    return None;
                }
                at += 1;
                (7, 0)
            }
            _ => {
                let step = UNITS.iter().take(7).position(|(unit, _)| unit.as_bytes() == [*byte])?;
                (step, UNITS.get(step)?.1)
            }
        };
        if step < allowed {
            return None;
        }
        allowed = step + 1;
        let scale = match (scale, seconds) {
            (0, _) => 1,
            (scale, false) => scale * 1000,
            (scale, true) => scale,
        };
        if value > MAX / scale {
            return None;
        }
        total = total.checked_add(value * scale)?;
        value = 0;
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
    }
    digits.then_some(())?;
    let rest = if seconds { value } else { value.checked_mul(1000)? };
    total.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!([size("8k"), size("1M"), size("0"), size("12")], [Some(8192), Some(1 << 20), Some(0), Some(12)]);
        for wrong in ["", "k", "1g", "1kb", "1.5m", "-1", "1 k", "9223372036854775808", "9007199254740992k"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
        assert_eq!([offset("1g"), offset("10G"), offset("9007199254740992k")], [Some(1 << 30), Some(10 << 30), None]);
    }

    #[test]
    fn times() {
        assert_eq!(time("1h 30m", true), Some(5400));
        assert_eq!(time("1m30", true), Some(90));
        assert_eq!(time("1y2M", true), Some(31_536_000 + 2 * 2_592_000));
        assert_eq!([time("500ms", false), time("1s500ms", false), time("75", false)], [Some(500), Some(1500), Some(75_000)]);
        for wrong in ["", "s", "60sec", "5min", "1H", "1.5h", "-5", "30m1h", "1d1d", "9223372036854775807m"] {
            assert_eq!((time(wrong, true), time(wrong, false)), (None, None), "{wrong}");
        }
        assert_eq!([time("1y", false), time("1M", false), time("500ms", true)], [None, None, None]);
        assert_eq!(time("1w2d", false), Some(777_600_000));
    }

    #[test]
    fn fixed_points() {
        assert_eq!([fixed_point("0.5", 2), fixed_point("33.33", 2), fixed_point("100", 2)], [Some(50), Some(3333), Some(10_000)]);
        assert_eq!([fixed_point("1.234", 2), fixed_point("", 2), fixed_point("1.x", 2)], [None, None, None]);
    }
}

//! Times as logs write them, to seconds since 1970, and back to what a person reads.

use super::Seconds;

/// Seconds of a day.
pub const DAY: Seconds = 86_400;

/// Remembers the last minute that was read: in a log most lines share it with the line before.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    minute: [u8; 17],
    zone: [u8; 6],
    at: Seconds,
    /// The zone of what was read last, in seconds east of UTC.
    pub offset: i32,
}

impl Clock {
    /// `$time_local`: `03/Nov/2025:01:06:11 +0900`. `None` for anything else.
    pub fn local(&mut self, text: &[u8]) -> Option<Seconds> {
        let (minute, rest) = text.split_first_chunk::<17>()?;
        let (second, zone) = match rest {
            [b':', tens, ones, zone @ ..] => (digits(&[*tens, *ones])?, zone.first_chunk::<6>().filter(|_| zone.len() == 6)?),
            _ => return None,
        };
        if *minute != self.minute || *zone != self.zone {
            let [d1, d2, b'/', m1, m2, m3, b'/', y1, y2, y3, y4, b':', h1, h2, b':', n1, n2] = *minute else { return None };
            let day = days(digits(&[y1, y2, y3, y4])?, month(&[m1, m2, m3])?, digits(&[d1, d2])?)?;
            let at = day * DAY + clock(digits(&[h1, h2])?, digits(&[n1, n2])?, 0)?;
            let [b' ', sign, zone_digits @ ..] = *zone else { return None };
            let offset = offset(sign, &zone_digits)?;
            (self.minute, self.zone, self.at, self.offset) = (*minute, *zone, at - offset, offset as i32);
        }
        (second <= 60).then_some(self.at + second)
    }
}

/// A time that was read, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iso {
    /// When.
    pub at: Seconds,
    /// How many bytes it took.
    pub length: usize,
    /// Its zone, in seconds east of UTC; `None` where none is written.
    pub offset: Option<i32>,
}

/// `$time_iso8601` and its relatives: `2025-11-03T01:06:11+09:00`, with a space for the `T`, fractions of a second, `Z`, `+0900` or no zone
/// at all (UTC is taken then).
pub fn iso(text: &[u8]) -> Option<Iso> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', n1, n2, b':', s1, s2, rest @ ..] = text else {
        return None;
    };
    let day = days(digits(&[*y1, *y2, *y3, *y4])?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)?;
    let at = day * DAY + clock(digits(&[*h1, *h2])?, digits(&[*n1, *n2])?, digits(&[*s1, *s2])?)?;
    let mut used = 19;
    let mut rest = rest;
    if let [b'.' | b',', more @ ..] = rest {
        let count = more.iter().take_while(|byte| byte.is_ascii_digit()).count();
        used += 1 + count;
        rest = more.get(count..)?;
    }
    let (length, offset) = match rest {
        [b'Z' | b'z', ..] => (used + 1, Some(0)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, ..] => (used + 6, Some(offset(*sign, &[*h1, *h2, *m1, *m2])?)),
        [sign @ (b'+' | b'-'), h1, h2, m1, m2, ..] => (used + 5, Some(offset(*sign, &[*h1, *h2, *m1, *m2])?)),
        _ => (used, None),
    };
    Some(Iso { at: at - offset.unwrap_or(0), length, offset: offset.map(|offset| offset as i32) })
}

/// `$msec`: `1762099571.123`; the fraction may be absent.
pub fn msec(text: &[u8]) -> Option<Seconds> {
    let whole = text.split(|byte| *byte == b'.').next()?;
    (!whole.is_empty() && whole.len() <= 12).then(|| digits(whole)).flatten()
}

/// A day or a moment as a person gives it: `2025-11-03`, `2025-11-03T01:06:11+09:00`. Without a zone it is UTC.
pub fn moment(text: &str) -> Option<Seconds> {
    let text = text.trim().as_bytes();
    match text {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => {
            Some(days(digits(&[*y1, *y2, *y3, *y4])?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)? * DAY)
        }
        text => iso(text).filter(|iso| iso.length == text.len()).map(|iso| iso.at),
    }
}

/// A span of time as a person gives it: `7d`, `36h`, `90m`, `2w`, `30s`; a number alone is days. `None` for anything else and for none at all.
pub fn span(text: &str) -> Option<Seconds> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: Seconds = number.parse().ok().filter(|number| (1..=1_000_000).contains(number))?;
    let unit = match unit.trim() {
        "s" | "sec" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "" | "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    };
    Some(number * unit)
}

/// `2025-11-03T01:06:11Z`
pub fn show(at: Seconds) -> String {
    let (day, second) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0i64, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<Seconds> {
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3_600 + minute * 60 + second)
}

fn offset(sign: u8, zone: &[u8; 4]) -> Option<Seconds> {
    let (hours, minutes) = (digits(&zone[..2])?, digits(&zone[2..])?);
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        b'+' if minutes < 60 && hours < 24 => Some(seconds),
        b'-' if minutes < 60 && hours < 24 => Some(-seconds),
        _ => None,
    }
}

fn month(name: &[u8; 3]) -> Option<i64> {
    const NAMES: [&[u8; 3]; 12] = [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    NAMES.iter().position(|known| *known == name).map(|at| at as i64 + 1)
}

/// Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant's `days_from_civil`); `None` for a day that is none.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The reverse: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time_is_the_same_moment() {
        let at = 1_762_099_571;
        let mut clock = Clock::default();
        assert_eq!(clock.local(b"03/Nov/2025:01:06:11 +0900"), Some(at));
        assert_eq!(clock.local(b"03/Nov/2025:01:06:12 +0900"), Some(at + 1), "the minute is remembered");
        assert_eq!(clock.local(b"02/Nov/2025:16:06:11 +0000"), Some(at), "and the zone is part of what is remembered");
        assert_eq!(clock.local(b"02/Nov/2025:11:06:11 -0500"), Some(at));
        for text in ["2025-11-03T01:06:11+09:00", "2025-11-02T16:06:11Z", "2025-11-02 16:06:11.123456Z", "2025-11-03T01:06:11,5+0900"] {
            let found = iso(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.at, found.length), (at, text.len()), "{text}");
            assert_eq!(moment(text), Some(at));
        }
        assert_eq!(iso(b"2025-11-02T16:06:11 x"), Some(Iso { at, length: 19, offset: None }));
        assert_eq!(iso(b"2025-11-03T01:06:11+09:00").and_then(|iso| iso.offset), Some(9 * 3_600));
        assert_eq!(msec(b"1762099571.123"), Some(at));
        assert_eq!(show(at), "2025-11-02T16:06:11Z");
        assert_eq!(moment("2025-11-02").map(show).as_deref(), Some("2025-11-02T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        let mut clock = Clock::default();
        for text in
            ["", "-", "03/Nov/2025:01:06:11", "03/Nov/2025:01:06:11 +09000", "03/Nix/2025:01:06:11 +0900", "32/Nov/2025:01:06:11 +0900"]
        {
            assert_eq!(clock.local(text.as_bytes()), None, "{text}");
        }
        assert_eq!(iso(b"2025-13-03T01:06:11Z"), None);
        assert_eq!(msec(b"12a.3"), None);
        assert_eq!((span("7d"), span("36h"), span("2w"), span("7")), (Some(7 * DAY), Some(36 * 3_600), Some(14 * DAY), Some(7 * DAY)));
        assert_eq!((span("0d"), span("d"), span("7y"), span("")), (None, None, None, None));
    }

    #[test]
    fn days_go_there_and_back() {
        for day in (-800_000..800_000).step_by(37) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), Some(day));
        }
    }
}

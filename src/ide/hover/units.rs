//! Sizes, times, rates and statuses in plain words.

use super::code;
use crate::message;
use crate::messages::Language;
use crate::usage::words::count;

/// `8m`: bytes, and in a larger unit. As `ngx_parse_size` reads it, and with `g` `ngx_parse_offset`; `None` for what they refuse.
pub(super) fn size(language: Language, text: &str, giga: bool) -> Option<String> {
    // What 0 means is each directive's own.
    let bytes = bytes(text, giga).filter(|bytes| *bytes > 0)?;
    let larger = [(30, "GiB"), (20, "MiB"), (10, "KiB")].into_iter().find(|(shift, _)| bytes % (1 << shift) == 0);
    Some(match larger {
        Some((shift, unit)) => {
            let larger = format!("{} {unit}", count(bytes >> shift));
            message!(language, "hover-size-larger", written = code(text), shown = count(bytes), larger = larger)
        }
        None => message!(language, "hover-size", written = code(text), count = number(bytes), shown = count(bytes)),
    })
}

fn bytes(text: &str, giga: bool) -> Option<u64> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'k' | b'K' => (text.get(..text.len() - 1)?, 10),
        b'm' | b'M' => (text.get(..text.len() - 1)?, 20),
        b'g' | b'G' if giga => (text.get(..text.len() - 1)?, 30),
        _ => (text, 0),
    };
    digits_of(digits)?.checked_mul(1 << shift)
}

/// Digits and nothing else.
fn digits_of(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// For the choice of a plural.
fn number(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

const SECOND: u64 = 1_000;

/// The units of `ngx_parse_time`, from large to small, in milliseconds. A month has 30 days, a year 365.
const UNITS: [(&str, u64, &str); 8] = [
    ("y", 365 * 86_400 * SECOND, "hover-years"),
    ("M", 30 * 86_400 * SECOND, "hover-months"),
    ("w", 7 * 86_400 * SECOND, "hover-weeks"),
    ("d", 86_400 * SECOND, "hover-days"),
    ("h", 3_600 * SECOND, "hover-hours"),
    ("m", 60 * SECOND, "hover-minutes"),
    ("s", SECOND, "hover-seconds"),
    ("ms", 1, "hover-milliseconds"),
];

/// `1d12h`: in one unit, in several, in seconds. `None` for what `ngx_parse_time` refuses.
pub(super) fn time(language: Language, text: &str) -> Option<String> {
    let total = milliseconds(text)?;
    // Weeks, months and years are for who writes, not for who wants to know.
    let units = UNITS.get(3..)?;
    let (_, unit, id) = units.iter().find(|(_, unit, _)| total % unit == 0 && total > 0).or(units.get(3))?;
    let single = say(language, id, total / unit);
    let parts: Vec<String> = units
        .iter()
        .scan(total, |rest, (_, unit, id)| {
            let amount = *rest / unit;
            *rest %= unit;
            Some((amount, id))
        })
        .filter(|(amount, _)| *amount > 0)
        .map(|(amount, id)| say(language, id, amount))
        .collect();
    let seconds = (total % SECOND == 0 && *unit > SECOND).then(|| say(language, "hover-seconds", total / SECOND));
    let also: Vec<String> = [(parts.len() > 1).then(|| parts.join(" ")), seconds].into_iter().flatten().collect();
    Some(match also.is_empty() {
        true => message!(language, "hover-time", written = code(text), value = single),
        false => {
            let also = crate::messages::join(language, crate::messages::Joint::Comma, &also);
            message!(language, "hover-time-also", written = code(text), value = single, also = also)
        }
    })
}

fn say(language: Language, id: &str, amount: u64) -> String {
    message!(language, id, count = number(amount), shown = count(amount))
}

/// Units come once each, from large to small; a number without a unit is in seconds, and the last one.
fn milliseconds(text: &str) -> Option<u64> {
    let (mut total, mut rest, mut from) = (0u64, text, 0);
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount = digits_of(rest.get(..digits)?)?;
        rest = rest.get(digits..)?;
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = rest.get(..letters)?;
        rest = rest.get(letters..)?;
        let index = match unit {
            "" if rest.trim_start_matches(' ').is_empty() => 6,
            "" => return None,
            unit => UNITS.iter().position(|(name, ..)| *name == unit)?,
        };
        if index < from {
            return None;
        }
        from = index + 1;
        total = total.checked_add(amount.checked_mul(UNITS.get(index)?.1)?)?;
        rest = rest.trim_start_matches(' ');
    }
    Some(total)
}

/// `10r/s` of `limit_req_zone`.
pub(super) fn rate(language: Language, text: &str) -> Option<String> {
    let (amount, unit) = text.split_once("r/")?;
    let amount = digits_of(amount).filter(|amount| *amount > 0)?;
    let (id, long) = match unit {
        "s" => ("hover-rate-second", SECOND),
        "m" => ("hover-rate-minute", 60 * SECOND),
        _ => return None,
    };
    let each = match long / amount {
        0 => say(language, "hover-milliseconds", 1),
        each if each % SECOND == 0 => say(language, "hover-seconds", each / SECOND),
        each => say(language, "hover-milliseconds", each),
    };
    Some(message!(language, id, written = code(text), count = number(amount), shown = count(amount), each = each))
}

/// A status and what the protocol calls it; codes of nginx's own are told apart.
pub(super) fn status(language: Language, text: &str) -> Option<String> {
    let status: u16 = digits_of(text).filter(|_| text.len() == 3)?.try_into().ok()?;
    if let Ok(at) = OWN.binary_search_by_key(&status, |(own, _)| *own) {
        let (_, id) = OWN.get(at)?;
        return Some(format!("**{status}** · {}", message!(language, *id)));
    }
    let at = PHRASES.binary_search_by_key(&status, |(known, _)| *known);
    match at.ok().and_then(|at| PHRASES.get(at)) {
        Some((_, phrase)) => Some(format!("**{status} {phrase}** · {}", message!(language, class(status)?))),
        None => Some(format!("**{status}** · {}", message!(language, class(status)?))),
    }
}

fn class(status: u16) -> Option<&'static str> {
    Some(match status / 100 {
        1 => "hover-status-1",
        2 => "hover-status-2",
        3 => "hover-status-3",
        4 => "hover-status-4",
        5 => "hover-status-5",
        _ => return None,
    })
}

/// Codes that only nginx knows (`ngx_http_request.h`).
const OWN: [(u16, &str); 6] = [
    (444, "hover-status-444"),
    (494, "hover-status-494"),
    (495, "hover-status-495"),
    (496, "hover-status-496"),
    (497, "hover-status-497"),
    (499, "hover-status-499"),
];

/// IANA's registry.
const PHRASES: [(u16, &str); 56] = [
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (103, "Early Hints"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (208, "Already Reported"),
    (226, "IM Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Too Early"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "HTTP Version Not Supported"),
    (507, "Insufficient Storage"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;

    #[test]
    fn sizes() {
        let check = |text: &str, wanted: Option<&str>| assert_eq!(size(EN, text, true).as_deref(), wanted, "{text}");
        check("8m", Some("`8m` = 8,388,608 bytes (8 MiB)"));
        check("1024k", Some("`1024k` = 1,048,576 bytes (1 MiB)"));
        check("1", Some("`1` = 1 byte"));
        check("0", None);
        check("1500", Some("`1500` = 1,500 bytes"));
        check("2G", Some("`2G` = 2,147,483,648 bytes (2 GiB)"));
        for bad in ["", "m", "8x", "-1", "99999999999999999999m", "8 m"] {
            check(bad, None);
        }
        assert_eq!(size(EN, "1g", false), None);
    }

    #[test]
    fn times() {
        let check = |text: &str, wanted: Option<&str>| assert_eq!(time(EN, text).as_deref(), wanted, "{text}");
        check("1d12h", Some("`1d12h` = 36 hours (1 day 12 hours, 129,600 seconds)"));
        check("60s", Some("`60s` = 1 minute (60 seconds)"));
        check("30", Some("`30` = 30 seconds"));
        check("90s", Some("`90s` = 90 seconds (1 minute 30 seconds)"));
        check("500ms", Some("`500ms` = 500 milliseconds"));
        check("1y", Some("`1y` = 365 days (31,536,000 seconds)"));
        check("1h 30m", Some("`1h 30m` = 90 minutes (1 hour 30 minutes, 5,400 seconds)"));
        check("0", Some("`0` = 0 seconds"));
        for bad in ["", "s", "1m1h", "1s1s", "5x", "1 2", "99999999999999999999s", "99999999999y"] {
            check(bad, None);
        }
        assert_eq!(time(Language::Japanese, "1d12h").as_deref(), Some("`1d12h`＝36時間（1日 12時間、129,600秒）"));
    }

    #[test]
    fn rates_and_statuses() {
        assert_eq!(rate(EN, "10r/s").as_deref(), Some("`10r/s` = 10 requests a second: one every 100 milliseconds"));
        assert_eq!(rate(EN, "30r/m").as_deref(), Some("`30r/m` = 30 requests a minute: one every 2 seconds"));
        assert_eq!((rate(EN, "r/s"), rate(EN, "1r/h"), rate(EN, "0r/s")), (None, None, None));
        assert_eq!(status(EN, "404").as_deref(), Some("**404 Not Found** · the client asked for something wrong"));
        assert!(status(EN, "444").is_some_and(|said| said.starts_with("**444** · nginx's own: ")));
        assert_eq!((status(EN, "4040"), status(EN, "x"), status(EN, "700")), (None, None, None));
        assert!(PHRASES.is_sorted() && OWN.is_sorted());
    }
}

//! What was probably meant.

use super::super::parameters::{Alternative, Kind, Parameter};
use super::{Why, takes};

/// What to write in place of a text that nginx refuses; `None` where nothing is near.
pub fn instead(why: &Why, text: &str) -> Option<String> {
    match why {
        Why::NoneOf(parameter) | Why::NoOption(parameter) => of_parameter(parameter, text),
        Why::Option(Alternative { key, kind }) => {
            let value = text.strip_prefix(key)?.strip_prefix('=')?;
            of_kind(*kind, value).map(|value| format!("{key}={value}"))
        }
        Why::NoVariable if !text.starts_with('$') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            Some(format!("${text}")).filter(|name| name.len() > 1)
        }
        Why::Condition(super::condition::Trouble::Operator) => match text {
            "==" | "===" | "eq" => Some("=".to_owned()),
            "!==" | "<>" | "ne" => Some("!=".to_owned()),
            "=~" => Some("~".to_owned()),
            _ => None,
        },
        Why::Scheme(schemes) => {
            let first = schemes.split('|').next()?;
            (!text.contains("://") && !text.contains("//") && !text.is_empty()).then(|| format!("{first}{text}"))
        }
        Why::Small(kilobytes) => {
            Some(text.rsplit_once(':').map_or_else(|| format!("{kilobytes}k"), |(name, _)| format!("{name}:{kilobytes}k")))
        }
        _ => None,
    }
}

fn of_parameter(parameter: &Parameter, text: &str) -> Option<String> {
    let (key, value) = text.split_once('=').map_or((text, None), |(key, value)| (key, Some(value)));
    let keys = parameter.alternatives.iter().filter(|one| !one.key.is_empty()).map(|one| one.key);
    if let Some(value) = value {
        return nearest(key, keys).map(|key| format!("{key}={value}"));
    }
    let words = parameter.alternatives.iter().filter(|one| one.key.is_empty());
    words.clone().find_map(|one| of_kind(one.kind, text).filter(|_| !matches!(one.kind, Kind::Word(_)))).or_else(|| {
        let words = words.filter_map(|one| match one.kind {
            Kind::Word(words) => Some(words.split('|')),
            Kind::Flag => Some("on|off".split('|')),
            _ => None,
        });
        nearest(text, words.flatten()).map(str::to_owned)
    })
}

fn of_kind(kind: Kind, text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let found = match kind {
        Kind::Flag => match &*lower {
            "yes" | "true" | "1" | "enable" | "enabled" | "ok" => Some("on".to_owned()),
            "no" | "false" | "0" | "disable" | "disabled" | "none" => Some("off".to_owned()),
            _ => nearest(&lower, "on|off".split('|')).map(str::to_owned),
        },
        Kind::Size | Kind::Offset => bytes(&lower, kind),
        Kind::Time | Kind::Seconds => time(&lower, kind),
        Kind::Word(words) => nearest(text, words.split('|')).map(str::to_owned),
        Kind::Rate => lower
            .trim_end_matches("/sec")
            .trim_end_matches("/second")
            .trim_end_matches("/s")
            .trim_end_matches('r')
            .parse::<u32>()
            .ok()
            .map(|count| format!("{count}r/s")),
        _ => None,
    };
    found.filter(|value| takes(kind, value))
}

/// `10MB`, `1gb`, `512 KB`.
fn bytes(text: &str, kind: Kind) -> Option<String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, unit) = (text.get(..digits)?, text.get(digits..)?);
    let unit = match unit.trim() {
        "b" | "byte" | "bytes" => "",
        "kb" | "kib" => "k",
        "mb" | "mib" => "m",
        "g" | "gb" | "gib" if kind == Kind::Offset => "g",
        "g" | "gb" | "gib" => return count.parse::<u32>().ok()?.checked_mul(1024).map(|count| format!("{count}m")),
        _ => return None,
    };
    Some(format!("{count}{unit}"))
}

/// `60sec`, `5min`, `1hour`, `1M` of milliseconds.
fn time(text: &str, kind: Kind) -> Option<String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, unit) = (text.get(..digits)?, text.get(digits..)?);
    let unit = match unit.trim() {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" | "h" => "h",
        "day" | "days" | "d" => "d",
        "week" | "weeks" | "w" => "w",
        "month" | "months" if kind == Kind::Seconds => "M",
        "year" | "years" if kind == Kind::Seconds => "y",
        "msec" | "msecs" | "millis" if kind == Kind::Time => "ms",
        _ => return None,
    };
    Some(format!("{count}{unit}"))
}

/// The word that is nearest; short ones are near to everything.
pub(super) fn nearest<'a>(text: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match text.len() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let lower = text.to_ascii_lowercase();
    let distance = |word: &&str| strsim::damerau_levenshtein(&word.to_ascii_lowercase(), &lower);
    let common = |word: &str| word.bytes().zip(lower.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    words
        .min_by_key(|word| (distance(word), usize::MAX - common(word)))
        .filter(|word| distance(word) <= limit && distance(word) < word.len().max(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_words() {
        let of = |kind, text: &str| of_kind(kind, text);
        assert_eq!(of(Kind::Time, "60sec").as_deref(), Some("60s"));
        assert_eq!(of(Kind::Seconds, "5 minutes").as_deref(), Some("5m"));
        assert_eq!(of(Kind::Size, "10MB").as_deref(), Some("10m"));
        assert_eq!(of(Kind::Size, "1g").as_deref(), Some("1024m"));
        assert_eq!(of(Kind::Offset, "1GB").as_deref(), Some("1g"));
        assert_eq!(of(Kind::Flag, "true").as_deref(), Some("on"));
        assert_eq!(of(Kind::Flag, "of").as_deref(), Some("off"));
        assert_eq!(of(Kind::Word("all|any"), "any1").as_deref(), Some("any"));
        assert_eq!(of(Kind::Rate, "10/s").as_deref(), Some("10r/s"));
        assert_eq!(of(Kind::Size, "big"), None);
        assert_eq!(of(Kind::Number(None), "x"), None);
    }
}

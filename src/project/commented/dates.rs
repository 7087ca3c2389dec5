//! When something was commented out, as our own line says it and as people do.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::project::annotations::PREFIX;

/// Our own line above a block: `# nginx-analyzer: off since 2026-11-28 until 2026-12-12: why (rule)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The day on which it was commented out.
    pub since: Date,
    /// The day on which it may be deleted.
    pub until: Option<Date>,
    /// Why, in one line.
    pub reason: String,
    /// The rule that found it.
    pub rule: Option<String>,
}

/// The longest reason that is written, in characters: the line is there to be read at a glance.
const LONGEST: usize = 100;

impl Header {
    /// For something that is commented out today and kept for some days.
    pub fn new(today: Date, keep_days: u32, reason: &str, rule: Option<&str>) -> Header {
        let words: Vec<&str> = reason.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
        let mut reason = words.join(" ");
        if let Some((end, _)) = reason.char_indices().nth(LONGEST) {
            reason.truncate(end);
            reason.truncate(reason.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(')).len());
            reason.push('…');
        }
        // The last day that the calendar has is as good as never.
        let until = today.checked_add(i64::from(keep_days).days()).unwrap_or(Date::MAX);
        Header { since: today, until: Some(until), reason, rule: rule.map(str::to_owned) }
    }

    /// The line, without indentation and line break.
    pub fn line(&self) -> String {
        let mut line = format!("# {PREFIX} off since {}", self.since);
        if let Some(until) = self.until {
            line.push_str(&format!(" until {until}"));
        }
        if !self.reason.is_empty() {
            line.push_str(&format!(": {}", self.reason));
        }
        if let Some(rule) = &self.rule {
            line.push_str(&format!(" ({rule})"));
        }
        line
    }

    /// Reads such a line; `None` for any other.
    pub fn parse(line: &str) -> Option<Header> {
        let body = line.trim().strip_prefix('#')?.trim_start_matches('#').trim_start().strip_prefix(PREFIX)?;
        let rest = body.trim_start().strip_prefix("off")?.trim_start().strip_prefix("since")?.trim_start();
        let (since, rest) = first_date(rest)?;
        let (until, rest) = match rest.trim_start().strip_prefix("until").and_then(|rest| first_date(rest.trim_start())) {
            Some((until, rest)) => (Some(until), rest),
            None => (None, rest),
        };
        let reason = rest.trim_start().trim_start_matches(':').trim();
        let (reason, rule) = match reason.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
            Some((reason, rule)) if !rule.is_empty() && rule.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') => {
                (reason.trim_end(), Some(rule.to_owned()))
            }
            _ => (reason, None),
        };
        Some(Header { since, until, reason: reason.to_owned(), rule })
    }
}

fn first_date(text: &str) -> Option<(Date, &str)> {
    let (date, length) = date_at(text)?;
    Some((date, &text[length..]))
}

/// What a comment says of when something was switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Since when it is off.
    pub since: Option<Date>,
    /// Until when it is kept.
    pub until: Option<Date>,
}

/// What a person calls something that is switched off. "Unused" and "deprecated" are not the same: what is so may still run.
const OFF: [&str; 10] =
    ["off", "disabled", "deactivated", "inactive", "commented", "commented out", "out of service", "retired", "decommissioned", "removed"];
const SINCE: [&str; 4] = ["since", "on", "from", "as of"];
const UNTIL: [&str; 2] = ["until", "till"];
/// Said of something that has not happened.
const NOT_YET: [&str; 8] = ["will", "to be", "shall", "should", "must", "can be", "may be", "if"];
const OFF_JAPANESE: [&str; 7] = ["無効", "停止", "廃止", "コメントアウト", "使用中止", "利用終了", "オフ"];

/// Reads "off since 2025-10-20", "disabled on 2025/10/20", "2025-10-20より無効化" in a comment. A date without such a word says when something
/// else was: `None`.
pub fn spoken(comment: &str) -> Option<Dates> {
    let mut dates = Dates { since: None, until: None };
    let mut at = 0;
    while let Some(found) = comment.get(at..)?.find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let Some((date, length)) = date_at(&comment[start..]) else {
            let rest = &comment[start..];
            at = start + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            continue;
        };
        let (before, after) = (&comment[..start], &comment[start + length..]);
        match role(before, after) {
            Some(Role::Since) => dates.since = dates.since.or(Some(date)),
            Some(Role::Until) => dates.until = dates.until.or(Some(date)),
            None => {}
        }
        at = start + length;
    }
    // An end alone is one only of something that is said to be off.
    if dates.since.is_none() && dates.until.is_some() && !says_off(comment) {
        return None;
    }
    (dates.since.is_some() || dates.until.is_some()).then_some(dates)
}

enum Role {
    Since,
    Until,
}

fn role(before: &str, after: &str) -> Option<Role> {
    let lower = before.to_lowercase();
    let mut words: &str = trimmed(&lower);
    if strip_last(words, &UNTIL).is_some() {
        return Some(Role::Until);
    }
    let since = strip_last(words, &SINCE);
    words = since.map_or(words, trimmed);
    if let Some(rest) = strip_last(words, &OFF) {
        return (!is_not_yet(rest)).then_some(Role::Since);
    }
    // "off for now, since 2025-10-20": the word may stand a little before.
    if since.is_some() && says_off(words) && trimmed(&lower).ends_with("since") && !is_not_yet(words) {
        return Some(Role::Since);
    }
    let after = after.trim_start_matches([' ', '　']);
    let after = ["以降", "より", "から", "付けで", "付で", "に", "で"].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after);
    let before = before.trim_end_matches([' ', '　', ':', '：', '(', '（', '、', '-']);
    let japanese = OFF_JAPANESE.iter().any(|word| after.trim_start_matches(['、', ' ', '　']).starts_with(word) || before.ends_with(word));
    let planned = after.contains("予定") || before.contains("予定");
    (japanese && !planned).then_some(Role::Since)
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '(' | '[' | '-' | '–' | '—' | '=' | '@'))
}

/// The text without one of the words at its end.
fn strip_last<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let mut found: Option<&'a str> = None;
    for word in words {
        let Some(rest) = text.strip_suffix(word) else { continue };
        let whole = !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if whole && found.is_none_or(|other| rest.len() < other.len()) {
            found = Some(rest);
        }
    }
    found
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '/' || c == '-');
        !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next())
    })
}

fn says_off(text: &str) -> bool {
    let lower = text.to_lowercase();
    OFF.iter().any(|word| has_word(&lower, word)) || OFF_JAPANESE.iter().any(|word| text.contains(word))
}

/// Is what follows these words only planned?
fn is_not_yet(before: &str) -> bool {
    let clause = before.rsplit(['.', ';', ',', '(']).next().unwrap_or(before);
    NOT_YET.iter().any(|word| has_word(clause, word)) || has_word(clause, "not")
}

/// A date that a text begins with, and its length in bytes: `2025-10-20`, `2025/10/20`, `2025.10.20`, `2025年10月20日`.
fn date_at(text: &str) -> Option<(Date, usize)> {
    let (year, rest) = number(text, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
    let (month, rest) = number(rest.strip_prefix(separator)?, 2)?;
    let (day, rest) = number(rest.strip_prefix(if separator == '年' { '月' } else { separator })?, 2)?;
    let rest = if separator == '年' { rest.strip_prefix('日')? } else { rest };
    // A longer number is something else, and no gateway is older than nginx.
    if rest.starts_with(|c: char| c.is_ascii_digit()) || !(2002..3000).contains(&year) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, text.len() - rest.len()))
}

/// The number that a text begins with, of so many digits at most, and what is behind it.
fn number(text: &str, most: usize) -> Option<(i16, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text.get(..digits)?.parse().ok()?, text.get(digits..)?))
}

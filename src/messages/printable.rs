//! Texts from elsewhere may hold anything: what a terminal would obey, or what turns the direction of writing, is shown as its escape.

use std::borrow::Cow;

/// Does a terminal do something else than show it? Control characters, those of the upper half (U+009B begins a command as ESC [
/// does) and those that turn the direction of writing.
pub fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with what a terminal would obey shown as its escape: `\u{1b}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_obeyed(c) { c.escape_default().to_string() } else { c.to_string() }).collect())
}

/// The text on one line: as [`printable`], and line breaks and tabs are shown as their escapes, too. For what stands in a line that a program may read.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let is_shown = |c: char| is_obeyed(c) || c == '\n' || c == '\t';
    if !text.contains(is_shown) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_shown(c) { c.escape_default().to_string() } else { c.to_string() }).collect())
}

/// JSON with what a terminal would obey escaped; such characters stand in its strings only.
pub fn escaped(json: String) -> String {
    if !json.contains(is_obeyed) {
        return json;
    }
    json.chars().map(|c| if is_obeyed(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

//! Texts in HTML: whatever they hold, they are shown as they are.

use sha2::{Digest, Sha256};

use crate::messages::printable::printable;

/// For the inside of an element, and of an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What is between words breaks a line only in text that is laid out in lines.
            c => out.push(c),
        }
    }
    out
}

/// A running text. What stands between single backticks is code, and between two asterisks strong, as our messages mean it.
pub(super) fn prose(text: &str) -> String {
    let pairs = text.matches('`').count().is_multiple_of(2);
    if !pairs {
        return escape(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            1 => out.push_str(&code(part)),
            _ => out.push_str(&escape(part)),
        }
    }
    out
}

/// One of our own messages, in which `**` makes text strong.
pub(super) fn message(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    if parts.len().is_multiple_of(2) {
        return prose(text);
    }
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { format!("<strong>{}</strong>", prose(part)) } else { prose(part) })
        .collect()
}

/// A name.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// The source of a policy that allows exactly this script or style sheet: `'sha256-…'`.
pub(super) fn source(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |number, index| number << 8 | usize::from(chunk.get(index).copied().unwrap_or(0)));
        for index in 0..4 {
            match index <= chunk.len() {
                true => out.push(char::from(DIGITS[number >> (18 - 6 * index) & 63])),
                false => out.push('='),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escape("</script><img src='x' \"&\u{202e}"), "&lt;/script&gt;&lt;img src=&#39;x&#39; &quot;&amp;\\u{202e}");
        assert_eq!(prose("`a<b` & c"), "<code>a&lt;b</code> &amp; c");
        assert_eq!(prose("a ` <b>"), "a ` &lt;b&gt;");
        assert_eq!(message("**Not safe:** `x`"), "<strong>Not safe:</strong> <code>x</code>");
    }
}

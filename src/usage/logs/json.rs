//! Objects of JSON in log lines: formats that are one, and envelopes that collectors put lines into.
//!
//! Read in place and leniently: nginx writes `"upstream_status":,` for a variable that is not there, and `\x22` where `escape=json` was forgotten.

/// A value, as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// What is between the quotes, still escaped.
    String(&'a [u8]),
    /// A number, `true`, `null`, or nothing at all.
    Bare(&'a [u8]),
    /// An object, with its braces.
    Object(&'a [u8]),
    /// An array, with its brackets.
    Array(&'a [u8]),
}

/// Where a string's closing quote is; `text` begins behind the opening one.
#[inline]
pub fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Hands on the members of the object that the text is, in their order, with nothing but blanks around it. False when it is none: some members
/// may have been handed on by then. A callback that returns false ends the reading.
pub fn members<'a>(text: &'a [u8], member: &mut dyn FnMut(&'a [u8], Value<'a>) -> bool) -> bool {
    let Some(mut rest) = text.trim_ascii().strip_prefix(b"{").map(<[u8]>::trim_ascii_start) else { return false };
    if rest == b"}" {
        return true;
    }
    loop {
        let Some(inside) = rest.strip_prefix(b"\"") else { return false };
        let Some(end) = closing_quote(inside) else { return false };
        let (key, after) = inside.split_at(end);
        let Some(after) = after.get(1..).map(<[u8]>::trim_ascii_start).and_then(|after| after.strip_prefix(b":")) else { return false };
        let Some((value, after)) = value(after.trim_ascii_start()) else { return false };
        if !member(key, value) {
            return true;
        }
        rest = after.trim_ascii_start();
        match rest {
            [b',', more @ ..] => rest = more.trim_ascii_start(),
            [b'}'] => return true,
            _ => return false,
        }
    }
}

fn value(text: &[u8]) -> Option<(Value<'_>, &[u8])> {
    match text.first()? {
        b'"' => {
            let inside = text.get(1..)?;
            let end = closing_quote(inside)?;
            Some((Value::String(inside.get(..end)?), inside.get(end + 1..)?))
        }
        first @ (b'{' | b'[') => {
            let end = balanced(text)?;
            let (whole, rest) = text.split_at(end);
            Some((if *first == b'{' { Value::Object(whole) } else { Value::Array(whole) }, rest))
        }
        _ => {
            let end = text.iter().position(|byte| matches!(byte, b',' | b'}' | b']'))?;
            let (bare, rest) = text.split_at(end);
            Some((Value::Bare(bare.trim_ascii_end()), rest))
        }
    }
}

/// Where the braces and brackets that open at the beginning are closed.
fn balanced(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0);
    loop {
        match text.get(at)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at += 1 + closing_quote(text.get(at + 1..)?)?,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<String>> {
        let mut out = Vec::new();
        let ok = members(text.as_bytes(), &mut |key, value| {
            out.push(format!("{} {value:?}", String::from_utf8_lossy(key)).replace("\", ", ""));
            true
        });
        ok.then_some(out)
    }

    #[test]
    fn members_are_found_wherever_they_stand() {
        let found = |text: &str| {
            let mut out = Vec::new();
            assert!(members(text.as_bytes(), &mut |key, value| {
                let text = match value {
                    Value::String(text) | Value::Bare(text) | Value::Object(text) | Value::Array(text) => text,
                };
                out.push((String::from_utf8_lossy(key).into_owned(), String::from_utf8_lossy(text).into_owned()));
                true
            }));
            out
        };
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            found(r#" {"a" : "x\"y", "b":12,"c":{"d":"}","e":[1,{"f":2}]}, "g":,"h":[ ] } "#),
            [pair("a", r#"x\"y"#), pair("b", "12"), pair("c", r#"{"d":"}","e":[1,{"f":2}]}"#), pair("g", ""), pair("h", "[ ]")]
        );
        assert_eq!(found("{}"), []);
        for bad in ["", "{", "[1]", r#"{"a"}"#, r#"{"a":"x}"#, r#"{"a":{"b":1}"#, r#"{"a":1} x"#, r#"{"a":1,}"#, r#"{"a\"#] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

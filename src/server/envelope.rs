//! The body of a message before it is read: what must hold of it, so that whatever a client sends ends in an answer and not in the session.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The deepest nesting of a message; what reads it gives up at 128 (serde_json's recursion limit).
const DEEPEST: usize = 120;

/// What must hold of every message (JSON-RPC 2.0, sections 4 and 5).
#[derive(Deserialize)]
struct Envelope {
    jsonrpc: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    method: Option<Value>,
    result: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

/// `null` is not the same as absent.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Looks a body over. `Err` holds the id to answer to, the code and the message. Half of a surrogate pair, which editors written in JavaScript
/// send while a letter is typed, becomes U+FFFD, in UTF-16 as long as it was.
pub(super) fn check(body: &mut [u8]) -> Result<(), (Value, i32, String)> {
    let depth = mend(body);
    let text = std::str::from_utf8(body).map_err(|error| (Value::Null, -32700, format!("the message is not UTF-8: {error}")))?;
    let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
        return Err(match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) => (Value::Null, -32700, format!("the message is not JSON: {error}")),
            Ok(_) if text.trim_ascii_start().starts_with('[') => {
                (Value::Null, -32600, "LSP has no batches: send one message at a time".into())
            }
            Ok(_) => (Value::Null, -32600, "the message is no JSON-RPC object".into()),
        });
    };
    let id = match &envelope.id {
        None => Value::Null,
        Some(id @ Value::String(_)) => id.clone(),
        Some(Value::Number(id)) if id.is_i64() => Value::Number(id.clone()),
        // Answers to a message without a usable id carry null.
        Some(Value::Null) if envelope.method.is_none() => Value::Null,
        Some(_) => return Err((Value::Null, -32600, "an id is a string or an integer".into())),
    };
    if envelope.jsonrpc != Some(Value::from("2.0")) {
        return Err((id, -32600, "`jsonrpc` must be \"2.0\"".into()));
    }
    match &envelope.method {
        Some(Value::String(_)) => {}
        Some(_) => return Err((id, -32600, "`method` must be a string".into())),
        // A `null` result is read as none; an id without a method is an answer either way.
        None if envelope.result.is_some() || envelope.error.is_some() || envelope.id.is_some() => {}
        None => {
            return Err((id, -32600, "neither a request, nor a notification, nor an answer: `method` and `id` are missing".into()));
        }
    }
    if depth > DEEPEST {
        return Err((id, -32600, format!("objects and lists are nested {depth} deep; the deepest that is read is {DEEPEST}")));
    }
    Ok(())
}

/// Writes U+FFFD for each escaped surrogate without its other half, and says how deep objects and lists are nested. Of what is no JSON it says
/// something.
fn mend(body: &mut [u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    let mut in_string = false;
    while let Some(byte) = body.get(at) {
        at += match (in_string, byte) {
            (_, b'"') => {
                in_string = !in_string;
                1
            }
            (true, b'\\') => match surrogate(body, at) {
                Some(0xd800..=0xdbff) if matches!(surrogate(body, at + 6), Some(0xdc00..=0xdfff)) => 12,
                Some(_) => {
                    if let Some(digits) = body.get_mut(at + 2..at + 6) {
                        digits.copy_from_slice(b"fffd");
                    }
                    6
                }
                None => 2,
            },
            (false, b'{' | b'[') => {
                depth += 1;
                deepest = deepest.max(depth);
                1
            }
            (false, b'}' | b']') => {
                depth = depth.saturating_sub(1);
                1
            }
            _ => 1,
        };
    }
    deepest
}

/// The surrogate that is escaped there.
fn surrogate(body: &[u8], at: usize) -> Option<u16> {
    let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let unit = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    matches!(unit, 0xd800..=0xdfff).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_surrogate_pairs() {
        let mended = |text: &str| {
            let mut body = text.as_bytes().to_vec();
            mend(&mut body);
            String::from_utf8(body).expect("as it was")
        };
        for (text, wanted) in [
            (r#"{"a":"x\ud83dy"}"#, r#"{"a":"x\ufffdy"}"#),
            (r#"["\uDE00"]"#, r#"["\ufffd"]"#),
            (r#"["\ud83d\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\ud83d"#, r#"["\ufffd"#),
        ] {
            assert_eq!(mended(text), wanted);
        }
        for same in
            [r#"["\ud83d\ude00"]"#, r#"["\\ud83d"]"#, r#"["\" \\ud83d"]"#, r#"["\u00e9\n"]"#, r"\ud83d", r#"["\ud8"#, r#"["\u+83d"]"#]
        {
            assert_eq!(mended(same), same);
        }
    }

    #[test]
    fn nesting() {
        let depth = |text: &str| mend(&mut text.as_bytes().to_vec());
        assert_eq!([depth("[{}]"), depth(r#"["[[[", {"a": [1]}]"#), depth("]]["), depth("")], [2, 3, 1, 0]);
        let message =
            |depth: usize| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let checked = |depth: usize| check(message(depth).into_bytes().as_mut_slice());
        assert!(checked(DEEPEST - 1).is_ok());
        assert_eq!(checked(DEEPEST).expect_err("too deep").0, Value::from(1), "its own id is answered");
        // What is let through is read.
        assert!(serde_json::from_str::<Value>(&message(DEEPEST - 1)).is_ok());
    }
}

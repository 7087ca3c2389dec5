//! What a request target becomes before a location is looked for.
//!
//! `ngx_http_parse_request_line` cuts the target, `ngx_http_parse_complex_uri` decodes and normalises it. Only a client's
//! request goes through here: a URI made by a rewrite, `try_files`, `error_page` or `index` is never normalised again.

/// A normalised request target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The host of an absolute target (`http://host/…`) as written, port included; it overrides the `Host` header.
    pub host: Option<Vec<u8>>,
    /// `r->uri`: decoded and normalised bytes, no arguments.
    pub uri: Vec<u8>,
    /// `r->args`: what follows the first raw `?`, as sent; `None` without one.
    pub args: Option<Vec<u8>>,
}

/// Why nginx answers 400 to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A control character or a space.
    #[error("a control character or a space in the request target")]
    Control,
    /// Neither `/…` nor `scheme://host…`.
    #[error("the request target starts with neither / nor a scheme and host")]
    Form,
    /// `%` without two hexadecimal digits.
    #[error("a % that two hexadecimal digits do not follow")]
    Escape,
    /// `%00`
    #[error("%00 in the request target")]
    Nul,
    /// `..` above the root.
    #[error(".. leads above the root")]
    AboveRoot,
}

/// Takes a raw request target apart and normalises its path. `merge_slashes` is what
/// [`Socket::merges_slashes`](super::Socket::merges_slashes) says: the server that `Host` selects is not known yet when nginx does this. `Err` where nginx answers 400.
pub fn parse_target(raw: &[u8], merge_slashes: bool) -> Result<Target, Refused> {
    if raw.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Err(Refused::Control);
    }
    let (host, path) = match raw.first() {
        Some(b'/') => (None, raw),
        _ => absolute(raw).map(|(host, path)| (Some(host.to_vec()), path)).ok_or(Refused::Form)?,
    };
    let (uri, args) = normalize(path, merge_slashes)?;
    Ok(Target { host, uri, args: args.map(<[u8]>::to_vec) })
}

/// `scheme://host[:port]` and what follows.
fn absolute(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = raw.iter().position(|byte| *byte == b':')?;
    let (scheme, rest) = raw.split_at(colon);
    let valid = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let rest = rest.strip_prefix(b"://").filter(|_| valid)?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let name = match host.iter().position(|byte| *byte == b']').filter(|_| host.first() == Some(&b'[')) {
        Some(end) => end + 1,
        None => host.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-')).unwrap_or(host.len()),
    };
    let port = host.get(name..).unwrap_or_default();
    let port = port.is_empty() || port.strip_prefix(b":").is_some_and(|port| port.iter().all(u8::is_ascii_digit));
    (!host.is_empty() && port).then_some((host, path))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Usual,
    Slash,
    Dot,
    DotDot,
}

/// Can this be the URI of a client's request? It begins with `/`, has no NUL, no segment `.` or `..`, and no `//` when slashes are merged.
pub fn is_normal(uri: &[u8], merge_slashes: bool) -> bool {
    let mut segments = uri.split(|byte| *byte == b'/');
    let begins = segments.next().is_some_and(<[u8]>::is_empty) && uri.first() == Some(&b'/');
    let last = uri.iter().filter(|byte| **byte == b'/').count();
    begins
        && !uri.contains(&0)
        && segments.enumerate().all(|(index, segment)| match segment {
            b"." | b".." => false,
            b"" => !merge_slashes || index + 1 == last,
            _ => true,
        })
}

/// A request target whose URI is this one: bytes that mean something else in a target, or can't stand in one, are encoded.
pub fn encode(uri: &[u8]) -> String {
    let mut out = String::with_capacity(uri.len());
    for byte in uri {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(*byte as char),
            b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':'
            | b'@' => {
                out.push(*byte as char);
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// True when the target is its own URI: nothing in it is encoded, ends it or would be merged or taken away, as in nearly every request.
/// False where that takes a closer look.
#[inline]
pub fn is_itself(raw: &[u8]) -> bool {
    let mut behind_slash = false;
    raw.first() == Some(&b'/')
        && raw.iter().all(|byte| {
            let plain = PLAIN[usize::from(*byte)] && !(behind_slash && matches!(byte, b'/' | b'.'));
            behind_slash = *byte == b'/';
            plain
        })
}

/// The bytes that stand for themselves in a target.
static PLAIN: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte = 0usize;
    while byte < 256 {
        table[byte] = byte > b' ' as usize && !matches!(byte as u8, 0x7f | b'%' | b'?' | b'#');
        byte += 1;
    }
    table
};

/// `ngx_http_parse_complex_uri`: the path, decoded and normalised, and the raw arguments behind the first `?`. An empty path
/// (of `http://host?x`) is `/`.
pub fn normalize(raw: &[u8], merge_slashes: bool) -> Result<(Vec<u8>, Option<&[u8]>), Refused> {
    let mut uri = Vec::with_capacity(raw.len() + 1);
    if raw.first() != Some(&b'/') {
        uri.push(b'/');
    }
    let mut state = State::Usual;
    let mut args = None;
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        let mut byte = byte;
        match byte {
            b'?' => {
                let rest = raw.get(at..).unwrap_or_default();
                args = Some(rest.split(|byte| *byte == b'#').next().unwrap_or_default());
                break;
            }
            b'#' => break,
            b'%' => {
                byte = raw.get(at).zip(raw.get(at + 1)).and_then(|(high, low)| hex(*high, *low)).ok_or(Refused::Escape)?;
                at += 2;
                match byte {
                    // These three don't take part in what follows: they are text.
                    b'%' | b'#' | b'?' => {
                        state = State::Usual;
                        uri.push(byte);
                        continue;
                    }
                    0 => return Err(Refused::Nul),
                    _ => {}
                }
            }
            _ => {}
        }
        state = match (state, byte) {
            (State::Usual, b'/') => {
                uri.push(byte);
                State::Slash
            }
            (State::Slash, b'/') => {
                if !merge_slashes {
                    uri.push(byte);
                }
                State::Slash
            }
            (State::Slash, b'.') => {
                uri.push(byte);
                State::Dot
            }
            (State::Dot, b'/') => {
                uri.pop();
                State::Slash
            }
            (State::Dot, b'.') => {
                uri.push(byte);
                State::DotDot
            }
            (State::DotDot, b'/') => {
                up(&mut uri)?;
                State::Slash
            }
            _ => {
                uri.push(byte);
                State::Usual
            }
        };
    }
    match state {
        State::Dot => {
            uri.pop();
        }
        State::DotDot => up(&mut uri)?,
        State::Usual | State::Slash => {}
    }
    Ok((uri, args))
}

/// `uri` ends in `/..`: leaves it at the slash before the segment in front.
fn up(uri: &mut Vec<u8>) -> Result<(), Refused> {
    uri.truncate(uri.len().saturating_sub(3));
    let slash = uri.iter().rposition(|byte| *byte == b'/').ok_or(Refused::AboveRoot)?;
    uri.truncate(slash + 1);
    Ok(())
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(raw: &str) -> Result<String, Refused> {
        normalize(raw.as_bytes(), true).map(|(uri, _)| String::from_utf8_lossy(&uri).into_owned())
    }

    #[test]
    fn dots_slashes_and_escapes() {
        for (raw, uri) in [
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("//a///b", "/a/b"),
            ("/a%2Fb%2f%2e%2E/c", "/a/c"),
            ("/%3Fx", "/?x"),
            ("/%2520", "/%20"),
            ("/a%23b", "/a#b"),
            ("/.%3F/", "/.?/"),
            ("/..a/.b", "/..a/.b"),
            ("/a?b/../c", "/a"),
            ("/a/..?b", "/"),
            ("/a#b", "/a"),
            ("/a/...", "/a/..."),
        ] {
            assert_eq!(path(raw).as_deref(), Ok(uri), "{raw}");
        }
    }

    #[test]
    fn what_is_its_own_uri_is_not_changed() {
        let all: Vec<u8> = (0..=255).collect();
        let texts =
            ["/", "/a", "/a/b.c/", "/a.", "/\u{e4}", "", "a", "//", "/.", "/.a", "/a/..", "/a/./b", "/a//b", "/a?", "/a#", "/%41", "/a b"];
        let bytes = all.iter().map(|byte| vec![b'/', b'a', *byte, b'b']).chain(all.iter().map(|byte| vec![b'/', *byte]));
        for raw in texts.iter().map(|text| text.as_bytes().to_vec()).chain(bytes).filter(|raw| is_itself(raw)) {
            for merge_slashes in [true, false] {
                let own = Target { host: None, uri: raw.clone(), args: None };
                assert_eq!(parse_target(&raw, merge_slashes), Ok(own), "{raw:?}");
            }
        }
        let own = texts.iter().filter(|text| is_itself(text.as_bytes()));
        assert_eq!(own.copied().collect::<Vec<_>>(), ["/", "/a", "/a/b.c/", "/a.", "/\u{e4}"]);
    }

    #[test]
    fn what_a_client_can_have() {
        for uri in ["/", "/a", "/a/", "/..a/b.", "/a b%?#", "/a\n", "/...", "/.a"] {
            assert!(is_normal(uri.as_bytes(), true), "{uri}");
            assert_eq!(normalize(encode(uri.as_bytes()).as_bytes(), true), Ok((uri.as_bytes().to_vec(), None)), "{uri}");
        }
        for uri in ["", "a", "//", "/a//b", "/./", "/.", "/a/..", "/../a", "/\0", "a/b"] {
            assert!(!is_normal(uri.as_bytes(), true), "{uri}");
        }
        assert!(is_normal(b"/a//b//", false) && !is_normal(b"//..", false));
    }

    #[test]
    fn refused() {
        for (raw, why) in [
            ("/..", Refused::AboveRoot),
            ("/a/../../b", Refused::AboveRoot),
            ("/%00", Refused::Nul),
            ("/%4", Refused::Escape),
            ("/%zz", Refused::Escape),
            ("/%", Refused::Escape),
        ] {
            assert_eq!(path(raw), Err(why), "{raw}");
        }
        assert_eq!(parse_target(b"*", true), Err(Refused::Form));
        assert_eq!(parse_target(b"", true), Err(Refused::Form));
        assert_eq!(parse_target(b"/a b", true), Err(Refused::Control));
    }

    #[test]
    fn slashes_stay_when_not_merged() {
        assert_eq!(normalize(b"//a//./b", false), Ok((b"//a//b".to_vec(), None)));
        assert_eq!(normalize(b"//..", false), Ok((b"/".to_vec(), None)));
    }

    #[test]
    fn absolute_targets() {
        let target = parse_target(b"http://h:8080/a?b#c", true).unwrap();
        assert_eq!(target, Target { host: Some(b"h:8080".to_vec()), uri: b"/a".to_vec(), args: Some(b"b".to_vec()) });
        assert_eq!(parse_target(b"http://h?x", true).map(|target| target.uri), Ok(b"/".to_vec()));
        assert_eq!(parse_target(b"http:/h", true), Err(Refused::Form));
    }
}

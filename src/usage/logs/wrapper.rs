//! What others put around a line of nginx's: compose, kubectl, Docker's and containerd's files, journald, syslog, collectors.

use super::json::{self, Value};
use super::{Seconds, escape, time};

/// One thing around a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Colours of a terminal, before or behind.
    Colour,
    /// `openresty  | `, as compose and swarm print it.
    Service,
    /// `[pod/web-0/nginx] `, as kubectl prints it.
    Pod,
    /// `2025-11-03T01:06:11.123456789Z `, as `-t` and `--timestamps` add it.
    Stamp,
    /// `2025-11-03T01:06:11.123456789Z stdout F `, as containerd and CRI-O keep it.
    Container,
    /// `<190>Nov  3 01:06:11 host nginx: `, in any of its ways, and `journalctl -o short`.
    Syslog,
    /// `MESSAGE=`, as `journalctl -o export` has it.
    Export,
}

const ALL: [Layer; 7] = [Layer::Colour, Layer::Service, Layer::Pod, Layer::Container, Layer::Syslog, Layer::Stamp, Layer::Export];

/// How many layers are taken off one line.
pub const DEPTH: usize = 5;

/// When a layer says that a line was written, and the zone that it says it in.
pub type Stamp = Option<(Seconds, Option<i32>)>;

/// A line without one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peeled<'a> {
    /// What is inside.
    pub inside: &'a [u8],
    /// When it was written, where the layer says so, and its zone as in [`time::Iso`].
    pub time: Stamp,
    /// The line goes on in the next one.
    pub partial: bool,
}

impl<'a> Peeled<'a> {
    fn plain(inside: &'a [u8]) -> Option<Peeled<'a>> {
        Some(Peeled { inside, time: None, partial: false })
    }
}

/// Takes off the outermost layer, whichever it is. Objects of JSON are for [`envelope`].
pub fn outermost(line: &[u8]) -> Option<(Layer, Peeled<'_>)> {
    ALL.into_iter().find_map(|layer| Some((layer, peel(layer, line)?)))
}

/// Takes off this layer.
pub fn peel(layer: Layer, line: &[u8]) -> Option<Peeled<'_>> {
    match layer {
        Layer::Colour => {
            let (start, end) = (colour(line), line.ends_with(b"m").then(|| memchr::memrchr(0x1b, line)).flatten());
            let end = end.filter(|end| *end >= start && colour(line.get(*end..).unwrap_or_default()) + end == line.len());
            if start == 0 && end.is_none() {
                return None;
            }
            Peeled::plain(line.get(start..end.unwrap_or(line.len()))?)
        }
        Layer::Service => {
            let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
            let name = line.iter().take(200).take_while(|byte| is_name(byte)).count();
            let rest = line.get(name..).filter(|_| name > 0)?;
            let inside = rest.trim_ascii_start().strip_prefix(b"|").filter(|_| rest.first() == Some(&b' '))?;
            Peeled::plain(inside.get(colour(inside)..).map(|inside| inside.strip_prefix(b" ").unwrap_or(inside))?)
        }
        Layer::Pod => {
            let end = memchr::memchr(b']', line.get(..300.min(line.len()))?).filter(|_| line.first() == Some(&b'['))?;
            let name = line.get(1..end)?;
            let fits = name.contains(&b'/') && name.iter().all(|byte| byte.is_ascii_graphic()) && !name.contains(&b':');
            Peeled::plain(line.get(end + 1..)?.strip_prefix(b" ").filter(|_| fits)?)
        }
        Layer::Stamp => {
            let time::Iso { at, length: used, offset } = time::iso(line)?;
            Some(Peeled { inside: line.get(used..)?.strip_prefix(b" ")?, time: Some((at, offset)), partial: false })
        }
        Layer::Container => {
            let time::Iso { at, length: used, offset } = time::iso(line)?;
            let rest = line.get(used..)?.strip_prefix(b" ")?;
            let rest = rest.strip_prefix(b"stdout ").or_else(|| rest.strip_prefix(b"stderr "))?;
            let (flag, inside) = rest.split_first()?;
            let inside = inside.strip_prefix(b" ").or(inside.is_empty().then_some(inside))?;
            let partial = match flag {
                b'F' => false,
                b'P' => true,
                _ => return None,
            };
            Some(Peeled { inside, time: Some((at, offset)), partial })
        }
        Layer::Syslog => syslog(line),
        Layer::Export => Peeled::plain(line.strip_prefix(b"MESSAGE=")?),
    }
}

/// The length of the colour commands at the beginning: `ESC [ … m`.
fn colour(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = line.get(at..).and_then(|rest| rest.strip_prefix(b"\x1b[")) {
        let Some(end) = rest.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b';')) else { break };
        if !matches!(rest.get(end), Some(b'm' | b'K')) {
            break;
        }
        at += 2 + end + 1;
    }
    at
}

/// A header of syslog (RFC 3164, RFC 5424, what rsyslog and journald print), up to the message.
fn syslog(line: &[u8]) -> Option<Peeled<'_>> {
    let mut rest = line;
    let mut priority = false;
    if let Some(inside) = rest.strip_prefix(b"<") {
        let digits = inside.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        rest = inside.get(digits..)?.strip_prefix(b">")?;
        priority = true;
    }
    if priority && let Some(new) = rest.strip_prefix(b"1 ") {
        // Time, host, program, process, message's id, structured data.
        let stamp = time::iso(new);
        let used = stamp.map_or_else(|| memchr::memchr(b' ', new), |stamp| Some(stamp.length))?;
        let mut rest = new.get(used..)?.strip_prefix(b" ")?;
        for _ in 0..4 {
            rest = rest.get(memchr::memchr(b' ', rest)? + 1..)?;
        }
        rest = match rest.first()? {
            b'[' => rest.get(memchr::memmem::find(rest, b"] ")? + 2..)?,
            _ => rest.strip_prefix(b"- ")?,
        };
        let rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest);
        return Some(Peeled { inside: rest, time: stamp.map(|stamp| (stamp.at, stamp.offset)), partial: false });
    }
    let mut when = None;
    match time::iso(rest) {
        Some(stamp) => {
            when = Some((stamp.at, stamp.offset));
            rest = rest.get(stamp.length..)?;
        }
        None => {
            // `Nov  3 01:06:11`, which has neither year nor zone.
            let (head, after) = rest.split_at_checked(15)?;
            let fits = matches!(head, [a, _, _, b' ', _, d, b' ', _, _, b':', _, _, b':', _, s] if a.is_ascii_uppercase() && d.is_ascii_digit() && s.is_ascii_digit());
            if !fits {
                return None;
            }
            rest = after;
        }
    }
    // The host may be left out (`nohostname`); the program ends in a colon, its process in brackets before that.
    let rest = rest.strip_prefix(b" ")?;
    let colon = memchr::memmem::find(rest.get(..200.min(rest.len()))?, b": ")?;
    let header = rest.get(..colon)?;
    let words = header.split(|byte| *byte == b' ').count();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'[' | b']' | b' ' | b'@');
    if words > 2 || header.is_empty() || !header.iter().all(is_word) {
        return None;
    }
    Some(Peeled { inside: rest.get(colon + 2..)?, time: when, partial: false })
}

/// Takes the line out of an object of JSON, into `out`. `None` when there is none in it.
pub fn envelope(line: &[u8], out: &mut Vec<u8>) -> Option<Peeled<'static>> {
    let mut found = false;
    let mut partial = false;
    let mut when = None;
    let whole = json::members(line, &mut |key, value| {
        match (key, value) {
            (b"log", Value::String(text)) => {
                out.clear();
                escape::decode_into(text, out);
                // Docker ends a line that goes on without a line feed, everybody else all of them.
                partial = !out.ends_with(b"\n");
                found = true;
            }
            (b"MESSAGE" | b"message" | b"msg" | b"line" | b"@message" | b"textPayload", Value::String(text)) if !found => {
                out.clear();
                escape::decode_into(text, out);
                found = true;
            }
            // journald writes what is no text as its bytes.
            (b"MESSAGE", Value::Array(bytes)) => {
                out.clear();
                let inside = bytes.strip_prefix(b"[").and_then(|inside| inside.strip_suffix(b"]")).unwrap_or_default();
                let number = |text: &[u8]| std::str::from_utf8(text.trim_ascii()).ok()?.parse::<u8>().ok();
                out.extend(inside.split(|byte| *byte == b',').filter_map(number));
                found = true;
            }
            (b"time" | b"@timestamp" | b"timestamp", Value::String(text)) => {
                when = time::iso(text).map(|stamp| (stamp.at, stamp.offset)).or(when);
            }
            (b"__REALTIME_TIMESTAMP" | b"_SOURCE_REALTIME_TIMESTAMP", Value::String(text)) => {
                let micros = std::str::from_utf8(text).ok().and_then(|text| text.parse::<Seconds>().ok());
                when = micros.map(|micros| (micros / 1_000_000, Some(0))).or(when);
            }
            // Only Docker's own files have lines that go on.
            (b"kubernetes" | b"container_id" | b"container_name" | b"source", _) => partial = false,
            _ => {}
        }
        true
    });
    if !whole || !found {
        return None;
    }
    let is_docker = line.starts_with(b"{\"log\":\"");
    while out.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        out.pop();
    }
    Some(Peeled { inside: &[], time: when, partial: partial && is_docker })
}

/// Does the line, as Docker or containerd keeps it, go on in the next one?
pub fn goes_on(line: &[u8]) -> bool {
    if line.starts_with(b"{\"log\":\"") {
        let inside = line.get(8..).unwrap_or_default();
        return json::closing_quote(inside).is_some_and(|end| !inside.get(..end).unwrap_or_default().ends_with(b"\\n"));
    }
    line.first().is_some_and(u8::is_ascii_digit) && peel(Layer::Container, line).is_some_and(|peeled| peeled.partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"127.0.0.1 - - [03/Nov/2025:01:06:11 +0900] "GET / HTTP/1.1" 200 3 "-" "curl/8""#;

    fn unwrapped(text: &str) -> String {
        let mut rest = text.as_bytes();
        while let Some((_, peeled)) = outermost(rest) {
            rest = peeled.inside;
        }
        String::from_utf8_lossy(rest).into_owned()
    }

    #[test]
    fn every_prefix_comes_off() {
        for prefix in [
            "openresty  | ",
            "gateway-openresty-1  | ",
            "web.1.x2k4@node-1    | ",
            "\u{1b}[36mopenresty  | \u{1b}[0m",
            "\u{1b}[33mopenresty |\u{1b}[0m ",
            "openresty  | 2025-11-03T01:06:11.123456789Z ",
            "2025-11-03T01:06:11.123456789Z ",
            "[pod/web-6d8f/nginx] ",
            "[pod/web-6d8f/nginx] 2025-11-03T01:06:11.123456789Z ",
            "2025-11-03T01:06:11.123456789+09:00 stdout F ",
            "<190>Nov  3 01:06:11 gate nginx: ",
            "<190>Nov  3 01:06:11 nginx: ",
            "Nov 13 01:06:11 gate nginx[12]: ",
            "2025-11-03T01:06:11+0900 gate openresty[1]: ",
            "<190>1 2025-11-03T01:06:11Z gate nginx 12 - - ",
            "<190>1 2025-11-03T01:06:11Z gate nginx 12 ID47 [a@1 b=\"c\"] ",
            "MESSAGE=",
        ] {
            assert_eq!(unwrapped(&format!("{prefix}{LINE}")), LINE, "{prefix}");
        }
        assert_eq!(unwrapped(LINE), LINE);
        assert_eq!(unwrapped(&format!("\u{1b}[2m{LINE}\u{1b}[0m")), LINE);
    }

    #[test]
    fn envelopes_are_opened() {
        let mut out = Vec::new();
        let json = serde_json::json!({"log": format!("{LINE}\n"), "stream": "stdout", "time": "2025-11-02T16:06:11.5Z"}).to_string();
        let peeled = envelope(json.as_bytes(), &mut out).expect("an envelope");
        assert_eq!((String::from_utf8_lossy(&out), peeled.time, peeled.partial), (LINE.into(), Some((1_762_099_571, Some(0))), false));
        let half = json.replace(r#"\n","#, r#"","#);
        assert!(
            envelope(half.as_bytes(), &mut out).is_some_and(|peeled| peeled.partial)
                && goes_on(half.as_bytes())
                && !goes_on(json.as_bytes())
        );
        let journal = serde_json::json!({"__REALTIME_TIMESTAMP": "1762099571000001", "MESSAGE": LINE, "_PID": "1"}).to_string();
        assert_eq!(envelope(journal.as_bytes(), &mut out).and_then(|peeled| peeled.time), Some((1_762_099_571, Some(0))));
        assert_eq!(String::from_utf8_lossy(&out), LINE);
        assert!(envelope(br#"{"MESSAGE":[72, 105],"x":1}"#, &mut out).is_some());
        assert_eq!(out, b"Hi");
        assert!(envelope(br#"{"level":"info"}"#, &mut out).is_none());
        assert!(goes_on(b"2025-11-03T01:06:11.1Z stdout P abc") && !goes_on(b"2025-11-03T01:06:11.1Z stdout F abc"));
    }
}

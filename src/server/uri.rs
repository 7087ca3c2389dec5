//! URIs and paths (RFC 3986, RFC 8089; LSP 3.17, `URI`).

use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types::Uri;

/// The path of a `file:` URI; `None` for another scheme, a relative path or a host other than this one.
///
/// Percent-encoding is undone byte by byte, so that a name that is not UTF-8 on Unix comes out as it is on disk.
/// `file:///c%3A/x` and `file:///C:/x` are the same drive path; its letter is given in upper case.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    let bytes = path_bytes(&uri.0)?;
    if let Some(drive) = drive_path(&bytes) {
        return Some(PathBuf::from(drive));
    }
    if cfg!(windows) {
        return None;
    }
    os_path(bytes)
}

/// Where a document that is not on disk is kept: a path below a folder that no system has, so that nothing beside it is found.
/// Only `untitled:` documents get one; every other scheme is somebody else's file (`git:` shows an old version of a file).
pub fn unsaved_path(uri: &Uri) -> Option<PathBuf> {
    let (scheme, rest) = uri.0.split_once(':')?;
    scheme.eq_ignore_ascii_case("untitled").then(|| Path::new(UNSAVED).join(encode(rest.as_bytes(), false)))
}

/// The folder of documents that were never saved.
pub const UNSAVED: &str = if cfg!(windows) { "\\\\.\\nginx-analyzer-unsaved" } else { "/\u{1}nginx-analyzer-unsaved" };

/// The URI of an absolute path.
pub fn from_path(path: &Path) -> Uri {
    let bytes = path_to_bytes(path);
    let mut bytes = if cfg!(windows) { bytes.iter().map(|b| if *b == b'\\' { b'/' } else { *b }).collect() } else { bytes };
    if bytes.first() != Some(&b'/') {
        bytes.insert(0, b'/');
    }
    Uri(format!("file://{}", encode(&bytes, true)))
}

/// Percent-encodes all but unreserved characters; `/` too unless it is kept.
fn encode(bytes: &[u8], keep_slash: bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(*byte as char),
            b'/' if keep_slash => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The decoded path of a `file:` URI, with its leading slash.
fn path_bytes(uri: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let slash = rest.find('/')?;
            let (host, path) = rest.split_at(slash);
            (host.is_empty() || host.eq_ignore_ascii_case("localhost")).then_some(path)?
        }
        None => rest,
    };
    path.starts_with('/').then(|| decode(path))
}

/// Undoes percent-encoding; a `%` without two hexadecimal digits stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// `/c:/x` as `C:\x`; `None` when there is no drive letter. On Unix a folder named `c:` at the root is so rare that a
/// Windows client talking to a server on Unix is the likelier reading; there the slashes stay.
fn drive_path(bytes: &[u8]) -> Option<String> {
    match bytes {
        [b'/', letter, b':', rest @ ..] if letter.is_ascii_alphabetic() && (rest.is_empty() || rest.first() == Some(&b'/')) => {
            let rest = String::from_utf8_lossy(rest);
            let rest = if cfg!(windows) { rest.replace('/', "\\") } else { rest.into_owned() };
            Some(format!("{}:{rest}", letter.to_ascii_uppercase() as char))
        }
        _ => None,
    }
}

#[cfg(unix)]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    // A NUL can't be part of a path; every system call would fail on it.
    (!bytes.contains(&0)).then(|| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(unix)]
fn path_to_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn path_to_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(uri: &str) -> Option<String> {
        to_path(&Uri(uri.into())).map(|path| path.to_string_lossy().replace('\\', "/"))
    }

    #[test]
    fn drive_letters_in_every_spelling_are_one_path() {
        for uri in
            ["file:///c%3A/conf/nginx.conf", "file:///C:/conf/nginx.conf", "file:///c:/conf/nginx.conf", "FILE:///c%3a/conf/nginx.conf"]
        {
            assert_eq!(path(uri).as_deref(), Some("C:/conf/nginx.conf"), "{uri}");
        }
        assert_eq!(from_path(Path::new("C:/a b.conf")).0, "file:///C%3A/a%20b.conf");
    }

    #[test]
    #[cfg(unix)]
    fn names_with_blanks_and_other_alphabets_come_back() {
        for name in ["/srv/a b/n\u{e9}.conf", "/srv/%41.conf", "/srv/#x?y", "/srv/\u{1f600}"] {
            assert_eq!(path(&from_path(Path::new(name)).0).as_deref(), Some(name));
        }
        assert_eq!(path("file://localhost/etc/nginx.conf").as_deref(), Some("/etc/nginx.conf"));
        assert_eq!(path("file:/etc/nginx.conf").as_deref(), Some("/etc/nginx.conf"));
        assert_eq!(path("file:///etc/100%.conf").as_deref(), Some("/etc/100%.conf"));
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_not_utf8_keeps_its_bytes() {
        let path = to_path(&Uri("file:///srv/%FF.conf".into())).expect("a file URI");
        assert_eq!(from_path(&path).0, "file:///srv/%FF.conf");
    }

    #[test]
    fn what_is_no_file_here_has_no_path() {
        for uri in [
            "untitled:Untitled-1",
            "git:/etc/nginx.conf?ref",
            "http://example.org/x",
            "file://server/share/x",
            "nonsense",
            "",
            "file:relative",
        ] {
            assert_eq!(path(uri), None, "{uri}");
        }
        #[cfg(unix)]
        assert_eq!(path("file:///a%00b"), None);
    }

    #[test]
    fn an_unsaved_document_has_a_place_of_its_own() {
        let a = unsaved_path(&Uri("untitled:Untitled-1".into()));
        let b = unsaved_path(&Uri("untitled:/srv/x.conf".into()));
        assert!(a.is_some() && b.is_some() && a != b);
        assert_eq!(unsaved_path(&Uri("git:/srv/x.conf".into())), None);
    }
}

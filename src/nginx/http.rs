//! Words of HTTP and TLS that stand in configurations: statuses, methods, headers, MIME types, lists of ciphers. For offering them; none is
//! wrong for not being here.

use std::sync::LazyLock;

static TABLE: LazyLock<Vec<Word>> = LazyLock::new(|| include_str!("http.tsv").lines().filter_map(Word::read).collect());

/// Kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `404`
    Status,
    /// `GET`
    Method,
    /// `Host`
    RequestHeader,
    /// `Cache-Control`
    ResponseHeader,
    /// `text/css`
    Mime,
    /// `HIGH:!aNULL:!MD5`
    Ciphers,
}

/// A word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What kind.
    pub kind: Kind,
    /// The word.
    pub word: &'static str,
    /// What belongs to it: a status's reason phrase, the value that a header is usually given, the extensions of a MIME type, who
    /// recommends a list of ciphers; may be empty.
    pub more: &'static str,
}

impl Word {
    fn read(line: &'static str) -> Option<Word> {
        let mut columns = line.split('\t').filter(|_| !line.starts_with('#'));
        let kind = match columns.next()? {
            "status" => Kind::Status,
            "method" => Kind::Method,
            "request" => Kind::RequestHeader,
            "response" => Kind::ResponseHeader,
            "mime" => Kind::Mime,
            "ciphers" => Kind::Ciphers,
            _ => return None,
        };
        Some(Word { kind, word: columns.next()?, more: columns.next()? })
    }
}

/// All words of a kind, the usual ones first among headers.
pub fn words(kind: Kind) -> impl Iterator<Item = &'static Word> {
    TABLE.iter().filter(move |word| word.kind == kind)
}

/// The word of a kind, whatever its case.
pub fn find(kind: Kind, word: &str) -> Option<&'static Word> {
    words(kind).find(|one| one.word.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(TABLE.len(), include_str!("http.tsv").lines().filter(|line| !line.starts_with('#')).count());
        assert_eq!(find(Kind::Status, "404").map(|status| status.more), Some("Not Found"));
        assert_eq!(find(Kind::RequestHeader, "x-real-ip").map(|header| header.more), Some("$remote_addr"));
        assert_eq!(find(Kind::Method, "BREW"), None);
    }
}

//! Which of nginx's variables matter in a log line, and what the values of each look like.

/// Something that a request is placed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Field {
    /// `$remote_addr`
    Client,
    /// `$http_x_forwarded_for`, `$realip_remote_addr`, `$proxy_protocol_addr`: who asked, as others say.
    Forwarded,
    /// `$time_local`
    TimeLocal,
    /// `$time_iso8601`
    TimeIso,
    /// `$msec`
    Msec,
    /// `$host`
    Host,
    /// `$http_host`: with the port as the client wrote it.
    HttpHost,
    /// `$server_name`: the first name of the server.
    ServerName,
    /// `$server_port`
    Port,
    /// `$server_addr`
    Address,
    /// `$scheme`
    Scheme,
    /// `$https`: `on`, or nothing.
    Https,
    /// `$request`: the whole request line.
    Request,
    /// `$request_method`
    Method,
    /// `$request_uri`: the target as it was sent.
    RequestUri,
    /// `$uri`, `$document_uri`: as internal redirects left it, without arguments.
    Uri,
    /// `$args`, `$query_string`
    Args,
    /// `$status`
    Status,
    /// `$http_user_agent`
    Agent,
    /// `$upstream_addr`
    Upstream,
}

/// How many [`Field`]s there are.
pub const FIELDS: usize = Field::Upstream as usize + 1;

/// What values of a variable look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Three digits.
    Status,
    /// `03/Nov/2025:01:06:11 +0900`
    TimeLocal,
    /// `2025-11-03T01:06:11+09:00`
    TimeIso,
    /// One character.
    Pipe,
    /// `?`, or nothing.
    IsArgs,
    /// Digits, dots and a sign; `-` for none.
    Number,
    /// Several of those, with commas, colons and blanks between.
    Numbers,
    /// An address of the internet, `unix:`, or a name.
    Address,
    /// Several of those, with commas, colons and blanks between.
    Addresses,
    /// No blank in it.
    Token,
    /// A request target: begins with `/`, no blank in it.
    Target,
    /// A URI, decoded: begins with `/`, and may hold blanks (`/a%20b` is `/a b`).
    Path,
    /// A request line.
    Request,
    /// Anything that a client sends.
    Free,
}

impl Class {
    /// How long every value is, where that is so.
    pub fn length(self) -> Option<usize> {
        match self {
            Class::Status => Some(3),
            Class::TimeLocal => Some(26),
            Class::TimeIso => Some(25),
            Class::Pipe => Some(1),
            _ => None,
        }
    }

    /// True when every byte of a value is of certain ones, without blanks.
    pub fn has_bytes(self) -> bool {
        matches!(self, Class::Number | Class::Address)
    }

    fn bytes(self) -> u8 {
        match self {
            Class::Number => NUMBER,
            _ => NUMBER | NAME,
        }
    }

    /// Is it one of those bytes?
    pub fn holds(self, byte: u8) -> bool {
        is(byte, self.bytes())
    }

    /// How many of those bytes the text begins with.
    #[inline]
    pub fn run(self, text: &[u8]) -> usize {
        let kinds = self.bytes();
        text.iter().position(|byte| !is(*byte, kinds)).unwrap_or(text.len())
    }

    /// True when hardly any other text is taken for a value of this class: what stands before it may be anything.
    pub fn is_strict(self) -> bool {
        matches!(self, Class::Status | Class::TimeLocal | Class::TimeIso | Class::Request)
    }

    /// True when the text that ends a value may be part of one, too.
    pub fn goes_on(self) -> bool {
        matches!(self, Class::Free | Class::Addresses | Class::Numbers | Class::Request | Class::Path)
    }

    /// Can the text be a value? A request line is looked at only where nothing else says where it ends.
    #[inline(always)]
    pub fn admits(self, text: &[u8], delimited: bool) -> bool {
        match self {
            Class::Status => matches!(text, [a, b, c] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit()) || text == b"-",
            Class::TimeLocal => {
                matches!(text, [_, _, b'/', _, _, _, b'/', _, _, _, _, b':', _, _, b':', _, _, b':', _, _, b' ', b'+' | b'-', ..])
                    && text.len() == 26
            }
            Class::TimeIso => matches!(text, [_, _, _, _, b'-', _, _, b'-', _, _, b'T', _, _, b':', ..]) && text.len() == 25,
            Class::Pipe => matches!(text, b"p" | b"."),
            Class::IsArgs => matches!(text, b"?" | b""),
            Class::Number => text.iter().all(|byte| is(*byte, NUMBER)),
            Class::Numbers => text.iter().all(|byte| is(*byte, NUMBER | LIST)),
            Class::Address => !text.is_empty() && text.iter().all(|byte| is(*byte, NUMBER | NAME)),
            Class::Addresses => text.iter().all(|byte| is(*byte, NUMBER | NAME | LIST)),
            Class::Token => delimited || !text.contains(&b' '),
            Class::Target => delimited || (text.first().is_none_or(|byte| matches!(byte, b'/' | b'-')) && !text.contains(&b' ')),
            Class::Path => delimited || text.first().is_none_or(|byte| matches!(byte, b'/' | b'-')),
            Class::Request => delimited || is_request(text),
            Class::Free => true,
        }
    }
}

const NUMBER: u8 = 1;
const LIST: u8 = 2;
const NAME: u8 = 4;

/// Which bytes may stand in what.
static BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0usize;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' | b'.' | b'-' => NUMBER,
            b',' | b' ' => LIST,
            b':' => LIST | NAME,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'/' | b'[' | b']' | b'%' => NAME,
            _ => 0,
        };
        byte += 1;
    }
    table
};

#[inline(always)]
fn is(byte: u8, kinds: u8) -> bool {
    BYTES[usize::from(byte)] & kinds != 0
}

/// A method, a target, a protocol.
fn is_request(text: &[u8]) -> bool {
    let mut words = text.split(|byte| *byte == b' ');
    let method = words.next().unwrap_or_default();
    let last = text.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    text == b"-"
        || text.is_empty()
        || (!method.is_empty()
            && method.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'))
            && last.starts_with(b"HTTP/"))
}

/// What a variable is in a log line: the field that it fills, and what its values look like. The name without the `$`, in lower case.
pub fn of(name: &str) -> (Option<Field>, Class) {
    let (field, class) = match name {
        "remote_addr" => (Field::Client, Class::Address),
        "realip_remote_addr" | "proxy_protocol_addr" => (Field::Forwarded, Class::Address),
        "http_x_forwarded_for" | "proxy_add_x_forwarded_for" | "http_x_real_ip" | "http_cf_connecting_ip" => {
            (Field::Forwarded, Class::Free)
        }
        "time_local" => (Field::TimeLocal, Class::TimeLocal),
        "time_iso8601" => (Field::TimeIso, Class::TimeIso),
        "msec" => (Field::Msec, Class::Number),
        "host" => (Field::Host, Class::Token),
        "http_host" => (Field::HttpHost, Class::Token),
        "server_name" => (Field::ServerName, Class::Token),
        "server_port" => (Field::Port, Class::Number),
        "server_addr" => (Field::Address, Class::Address),
        "scheme" => (Field::Scheme, Class::Token),
        "https" => (Field::Https, Class::Token),
        "request" => (Field::Request, Class::Request),
        "request_method" => (Field::Method, Class::Token),
        "request_uri" => (Field::RequestUri, Class::Target),
        "uri" | "document_uri" => (Field::Uri, Class::Path),
        "args" | "query_string" => (Field::Args, Class::Free),
        "status" => (Field::Status, Class::Status),
        "http_user_agent" => (Field::Agent, Class::Free),
        "upstream_addr" => (Field::Upstream, Class::Addresses),
        other => return (None, unplaced(other)),
    };
    (Some(field), class)
}

fn unplaced(name: &str) -> Class {
    match name {
        "pipe" => Class::Pipe,
        "is_args" => Class::IsArgs,
        "body_bytes_sent"
        | "bytes_sent"
        | "request_length"
        | "request_time"
        | "connection"
        | "connection_requests"
        | "pid"
        | "remote_port"
        | "connection_time"
        | "content_length"
        | "gzip_ratio"
        | "realip_remote_port"
        | "proxy_protocol_port"
        | "tcpinfo_rtt" => Class::Number,
        "upstream_status"
        | "upstream_response_time"
        | "upstream_connect_time"
        | "upstream_header_time"
        | "upstream_response_length"
        | "upstream_bytes_sent"
        | "upstream_bytes_received" => Class::Numbers,
        "server_protocol"
        | "request_id"
        | "hostname"
        | "ssl_protocol"
        | "ssl_cipher"
        | "upstream_cache_status"
        | "request_completion"
        | "nginx_version"
        | "http2"
        | "http3"
        | "binary_remote_addr"
        | "ssl_session_reused"
        | "connections_active"
        | "limit_req_status" => Class::Token,
        _ => Class::Free,
    }
}

/// The values of one log line, as they stand there.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    values: [&'a [u8]; FIELDS],
}

impl<'a> Record<'a> {
    /// Nothing is known.
    pub fn new() -> Record<'a> {
        Record { values: [&[]; FIELDS] }
    }

    /// The value as it stands there; empty where there is none.
    #[inline]
    pub fn get(&self, field: Field) -> &'a [u8] {
        self.values.get(field as usize).copied().unwrap_or_default()
    }

    /// The value; `None` where there is none: nginx writes `-`, or nothing.
    #[inline]
    pub fn value(&self, field: Field) -> Option<&'a [u8]> {
        let value = self.get(field);
        (!value.is_empty() && value != b"-").then_some(value)
    }

    /// Takes a value; of two the first that says something.
    #[inline]
    pub fn set(&mut self, field: Field, value: &'a [u8]) {
        if let Some(slot) = self.values.get_mut(field as usize)
            && (slot.is_empty() || *slot == b"-")
        {
            *slot = value;
        }
    }
}

impl Default for Record<'_> {
    fn default() -> Self {
        Record::new()
    }
}

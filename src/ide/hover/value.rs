//! What an argument says: by what the directive takes at its place.

use super::cursor::Cursor;
use super::{certificate, listen, network, regex, server_name, units, upstream};
use crate::nginx::context::Context;
use crate::nginx::parameters::{self, Alternative, Kind};

/// What there is to say of an argument; `None` for most texts.
pub(super) fn value(cursor: &Cursor<'_>, argument: usize) -> Option<String> {
    let language = cursor.language();
    let text = &*cursor.word.value;
    let name = &*cursor.directive.name.value;
    // What is filled in before or while nginx runs says nothing yet.
    let filled_in = text.contains('$') || text.contains("{{") || text.contains("<%");
    if let Some(said) = regex::of_argument(cursor, argument) {
        return Some(said);
    }
    match name {
        "listen" if argument == 0 => return listen::listen(cursor),
        "server_name" if cursor.context != Some(Context::Data) => return server_name::server_name(cursor, argument),
        "server" if argument == 0 => return upstream::server(cursor),
        "upstream" => return upstream::block(cursor),
        _ if filled_in => return None,
        "try_files" => return units::status(language, text.strip_prefix('=')?),
        "error_page" if text.starts_with('=') => return units::status(language, text.strip_prefix('=')?),
        "ssl_certificate" | "ssl_client_certificate" | "ssl_trusted_certificate" => return certificate::certificate(cursor, argument),
        _ if name.ends_with("_ssl_certificate") || name.ends_with("_ssl_trusted_certificate") => {
            return certificate::certificate(cursor, argument);
        }
        _ => {}
    }
    let parameter = parameters::at(cursor.record()?, argument)?;
    parameter.alternatives.iter().find_map(|alternative| of_kind(cursor, alternative))
}

fn of_kind(cursor: &Cursor<'_>, alternative: &Alternative) -> Option<String> {
    let language = cursor.language();
    let text = &*cursor.word.value;
    let text = match alternative.key {
        "" => text,
        key => text.strip_prefix(key)?.strip_prefix('=')?,
    };
    match alternative.kind {
        Kind::Size => units::size(language, text, false),
        Kind::Offset => units::size(language, text, true),
        Kind::Time | Kind::Seconds => units::time(language, text),
        Kind::Rate => units::rate(language, text),
        // `name:10m`
        Kind::Zone => units::size(language, text.rsplit_once(':')?.1, false),
        Kind::Status => units::status(language, text),
        Kind::Cidr => network::network(language, text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said};

    #[test]
    fn values_by_their_place() {
        let check = |inside: &str, wanted: &str| assert_eq!(in_server(inside), wanted, "{inside}");
        check("client_max_body_size 8$0m;", "`8m` = 8,388,608 bytes (8 MiB)");
        check("send_timeout 1m3$00s;", "`1m30s` = 90 seconds (1 minute 30 seconds)");
        check("proxy_buffers 8 16$0k;", "`16k` = 16,384 bytes (16 KiB)");
        check("return 30$08 /x;", "**308 Permanent Redirect** · the answer is elsewhere, or as it was");
        check("error_page 500 50$02 /x;", "**502 Bad Gateway** · the server failed");
        check("error_page 404 =20$00 /x;", "**200 OK** · it went well");
        check("location / { try_files $uri =4$004; }", "**404 Not Found** · the client asked for something wrong");
        check("allow 10.0.0.0/$024;", "`10.0.0.0/24` = `10.0.0.0` to `10.0.0.255`: 256 addresses");
        check("access_log /l combined buffer=3$02k flush=5m;", "`32k` = 32,768 bytes (32 KiB)");
        check("root /sr$0v;", "");
        assert_eq!(
            said("http { limit_req_zone $a zone=z:10m rate=5$0r/s; }").as_deref(),
            Some("`5r/s` = 5 requests a second: one every 200 milliseconds")
        );
        assert_eq!(said("http { limit_req_zone $a zone=z$0:10m rate=5r/s; }").as_deref(), Some("`10m` = 10,485,760 bytes (10 MiB)"));
    }
}

//! What the functions of single directives ask beyond what stands at which place.

use super::super::context::Context;
use super::super::directives::Directive;
use super::super::parameters::Kind;
use super::network::{ipv4, ipv6};
use super::{Refused, Use, Why, condition, number, size, socket, takes, template, time};

/// The least size of shared memory, in kilobytes: eight pages (`ngx_http_limit_req_zone`, …).
const SMALLEST: u32 = 32;

/// Reads the arguments of a directive whose function follows a rule of its own; false for all others.
pub(super) fn check<T: AsRef<str>>(directive: &Directive, args: &[T], out: &mut Vec<Refused>) -> bool {
    let mut refuse = |argument: usize, why: Why| out.push(Refused { argument, why });
    match (directive.name, directive.protocol) {
        ("error_page", "http") => error_page(args, &mut refuse),
        ("return", "http") => returns(args, &mut refuse),
        ("expires", "http") => expires(args, &mut refuse),
        ("server_name", "http" | "stream") => server_name(args, &mut refuse),
        ("if", "http") => match condition::read(args) {
            Err((argument, trouble)) => refuse(argument, Why::Condition(trouble)),
            Ok(condition::Condition::Compare(.., value) | condition::Condition::File(_, value)) => {
                if let Some((_, trouble)) = template::trouble(value) {
                    refuse(
                        args.len().saturating_sub(if args.len() > 1 && args.last().is_some_and(|last| last.as_ref() == ")") {
                            2
                        } else {
                            1
                        }),
                        Why::Template(trouble),
                    );
                }
            }
            Ok(_) => {}
        },
        ("proxy_bind" | "fastcgi_bind" | "uwsgi_bind" | "scgi_bind" | "grpc_bind" | "memcached_bind", _) => {
            let Some(address) = args.first().map(AsRef::as_ref) else { return true };
            if address.contains('$') {
                compiled(args, 0, &mut refuse);
            } else if address != "off" && !is_address_with_port(address) {
                refuse(0, Why::LocalAddress);
            }
            return false;
        }
        ("proxy_pass", "http") => pass(args, "http://|https://", &mut refuse),
        ("proxy_cache_valid" | "fastcgi_cache_valid" | "uwsgi_cache_valid" | "scgi_cache_valid", _) => cache_valid(args, &mut refuse),
        ("fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "memcached_pass" | "grpc_pass", _) => backend(directive.name, args, &mut refuse),
        _ => return false,
    }
    true
}

/// What the arguments have to be together, when each of them is right.
pub(super) fn together<T: AsRef<str>>(directive: &Directive, args: &[T], out: &mut Vec<Refused>) {
    if !out.is_empty() {
        return;
    }
    let has = |key: &str| args.iter().any(|arg| arg.as_ref().starts_with(key));
    let lacks = |key: &'static str| (!has(key)).then_some(Refused { argument: 0, why: Why::Missing(key) });
    let mut refuse = |argument: usize, why: Why| out.push(Refused { argument, why });
    match directive.name {
        "limit_req_zone" | "limit_conn_zone" => {
            zone_sizes(args, "zone=", SMALLEST, &mut refuse);
            out.extend(lacks("zone="));
        }
        "limit_req" => out.extend(lacks("zone=")),
        // `ngx_http_core_location`: "invalid location modifier".
        "location" if args.len() == 2 => {
            let modifier = args.first().map(AsRef::as_ref).unwrap_or_default();
            if !matches!(modifier, "=" | "~" | "~*" | "^~") {
                refuse(0, Why::Modifier);
            }
        }
        "proxy_cache_path" | "fastcgi_cache_path" | "uwsgi_cache_path" | "scgi_cache_path" => {
            for (index, arg) in args.iter().enumerate().skip(1) {
                if arg.as_ref().strip_prefix("levels=").is_some_and(|levels| !levels_are_right(levels)) {
                    refuse(index, Why::Levels);
                }
            }
            zone_sizes(args, "keys_zone=", SMALLEST / 4, &mut refuse);
            out.extend(lacks("keys_zone="));
        }
        "zone" => {
            let small = args.get(1).and_then(|bytes| size(bytes.as_ref())).is_some_and(|bytes| bytes < i64::from(SMALLEST) << 10);
            if small {
                refuse(1, Why::Small(SMALLEST));
            }
        }
        "ssl_session_cache" => {
            for (index, arg) in args.iter().enumerate() {
                session_cache(directive, index, arg.as_ref(), &mut refuse);
            }
        }
        "rewrite" if args.get(1).is_some_and(|replacement| replacement.as_ref().is_empty()) => refuse(1, Why::Empty),
        "open_file_cache" if !has("off") => out.extend(lacks("max=")),
        // `ngx_http_log_set_log`, `ngx_stream_log_set_log`
        "access_log" if args.len() > 1 && args.first().is_some_and(|first| first.as_ref() == "off") => refuse(1, Why::BehindOff),
        "access_log" if directive.protocol == "stream" && args.len() == 1 && !has("off") => {
            out.push(Refused { argument: 0, why: Why::Missing("format") });
        }
        "access_log" if has("flush=") && !has("buffer=") && !has("gzip") => out.extend(lacks("buffer=")),
        _ => {}
    }
}

fn zone_sizes<T: AsRef<str>>(args: &[T], key: &str, least: u32, refuse: &mut impl FnMut(usize, Why)) {
    for (index, arg) in args.iter().enumerate() {
        let bytes = arg.as_ref().strip_prefix(key).and_then(|zone| size(zone.split_once(':')?.1));
        if bytes.is_some_and(|bytes| bytes < i64::from(least) << 10) {
            refuse(index, Why::Small(least));
        }
    }
}

/// `ngx_http_file_cache_set_slot`: `1:2`, at most three of them.
fn levels_are_right(levels: &str) -> bool {
    levels.is_empty() || levels.split(':').count() <= 3 && levels.split(':').all(|level| matches!(level, "1" | "2"))
}

/// `ngx_http_ssl_session_cache`
fn session_cache(directive: &Directive, index: usize, text: &str, refuse: &mut impl FnMut(usize, Why)) {
    if matches!(text, "off" | "none" | "builtin") {
        return;
    }
    if let Some(count) = text.strip_prefix("builtin:").filter(|count| !count.is_empty()) {
        if number(count).is_some() {
            return;
        }
    } else if let Some((name, bytes)) = text.strip_prefix("shared:").and_then(|zone| zone.split_once(':'))
        && !name.is_empty()
        && let Some(bytes) = size(bytes)
    {
        if bytes < i64::from(SMALLEST) << 10 {
            refuse(index, Why::Small(SMALLEST));
        }
        return;
    }
    if let Some(parameter) = super::parameters::at(directive, 0) {
        refuse(index, Why::NoneOf(parameter));
    }
}

/// `ngx_http_core_error_page`
fn error_page<T: AsRef<str>>(args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    let Some(uri) = args.len().checked_sub(1).filter(|uri| *uri > 0) else { return };
    let mut codes = uri;
    if let Some(status) = args.get(uri - 1).and_then(|word| word.as_ref().strip_prefix('=')) {
        codes = uri - 1;
        if codes == 0 || !status.is_empty() && number(status).is_none() {
            refuse(uri - 1, Why::NoStatus);
        }
    }
    for (index, code) in args.iter().take(codes).enumerate() {
        match number(code.as_ref()) {
            None => refuse(index, Why::NoStatus),
            Some(499) => refuse(index, Why::ClientGone),
            Some(300..=599) => {}
            Some(_) => refuse(index, Why::StatusRange(300, 599)),
        }
    }
    compiled(args, uri, refuse);
}

/// Does nginx take what a `return` or `rewrite` gives for a URL with a scheme, and sends the client there whatever else is said?
/// (`ngx_http_rewrite_return`, `ngx_http_rewrite`)
pub fn is_absolute_url(text: &str) -> bool {
    ["http://", "https://", "$scheme"].iter().any(|start| text.starts_with(start))
}

/// `ngx_http_rewrite_return`
fn returns<T: AsRef<str>>(args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    let Some(status) = args.first().map(AsRef::as_ref) else { return };
    match number(status) {
        Some(0..=999) => compiled(args, 1, refuse),
        Some(_) => refuse(0, Why::StatusRange(0, 999)),
        None if args.len() > 1 => refuse(0, Why::NoStatus),
        None if is_absolute_url(status) => compiled(args, 0, refuse),
        None => refuse(0, Why::ReturnText),
    }
}

/// `ngx_http_headers_expires`, `ngx_http_parse_expires`
fn expires<T: AsRef<str>>(args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    let Some(last) = args.len().checked_sub(1) else { return };
    let Some(text) = args.get(last).map(AsRef::as_ref) else { return };
    let modified = last == 1;
    if modified && args.first().is_some_and(|first| first.as_ref() != "modified") {
        return refuse(0, Why::Missing("modified"));
    }
    if text.contains('$') {
        return compiled(args, last, refuse);
    }
    if !modified && matches!(text, "epoch" | "max" | "off") {
        return;
    }
    let daily = text.starts_with('@');
    match time(text.strip_prefix(['@', '+', '-']).unwrap_or(text), true) {
        Some(seconds) if daily && (modified || seconds > 86_400) => refuse(last, Why::DailyTime),
        Some(_) => {}
        None => {
            let takes = super::directives_parameter("expires", Context::Http, 0);
            if let Some(parameter) = takes {
                refuse(last, Why::NoneOf(parameter));
            }
        }
    }
}

/// `ngx_http_core_server_name`; `ngx_http_server_names` for wildcards (`ngx_hash_add_key`).
fn server_name<T: AsRef<str>>(args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    for (index, name) in args.iter().enumerate() {
        let name = name.as_ref();
        if name == "~" {
            refuse(index, Why::Empty);
        } else if !name.starts_with('~') && !wildcard_is_right(name) {
            refuse(index, Why::Wildcard);
        }
    }
}

/// A `*` may be the first or the last label; `..` and a text that is a `.` only are refused.
pub fn wildcard_is_right(name: &str) -> bool {
    let stars = name.matches('*').count();
    if name == "." || name.contains("..") || stars > 1 || name.contains('\0') {
        return false;
    }
    // `.example.com` and `*.example.com`: something has to be behind the point.
    let front = name.strip_prefix("*.").map(|rest| !rest.is_empty());
    let back = name.strip_suffix(".*").map(|rest| !rest.is_empty() && !rest.starts_with('.'));
    stars == 0 || front == Some(true) || back == Some(true)
}

/// `ngx_http_file_cache_valid_set_slot`: a time comes last.
fn cache_valid<T: AsRef<str>>(args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    let Some((last, codes)) = args.split_last() else { return };
    for (index, code) in codes.iter().map(AsRef::as_ref).enumerate().filter(|(_, code)| *code != "any") {
        match number(code) {
            None => refuse(index, Why::NoStatus),
            Some(100..=599) => {}
            Some(_) => refuse(index, Why::StatusRange(100, 599)),
        }
    }
    if !takes(Kind::Seconds, last.as_ref())
        && let Some(parameter) = super::directives_parameter("open_file_cache_valid", Context::Http, 0)
    {
        refuse(codes.len(), Why::NoneOf(parameter));
    }
}

/// `ngx_http_proxy_pass`
fn pass<T: AsRef<str>>(args: &[T], schemes: &'static str, refuse: &mut impl FnMut(usize, Why)) {
    let Some(url) = args.first().map(AsRef::as_ref) else { return };
    if url.contains('$') {
        return compiled(args, 0, refuse);
    }
    let behind = |scheme: &str| url.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).and(url.get(scheme.len()..));
    match schemes.split('|').find_map(behind) {
        None => refuse(0, Why::Scheme(schemes)),
        Some(rest) => {
            if let Err(trouble) = socket(rest, Use::WithUri) {
                refuse(0, Why::Address(trouble));
            }
        }
    }
}

/// `ngx_http_fastcgi_pass` and its relatives: an address, with a scheme where the directive knows one.
fn backend<T: AsRef<str>>(name: &str, args: &[T], refuse: &mut impl FnMut(usize, Why)) {
    let Some(url) = args.first().map(AsRef::as_ref) else { return };
    if url.contains('$') {
        return if name == "memcached_pass" {
        } else {
            compiled(args, 0, refuse)
        };
    }
    let schemes: &[&str] = match name {
        "grpc_pass" => &["grpc://", "grpcs://"],
        "uwsgi_pass" => &["uwsgi://", "suwsgi://"],
        _ => &[],
    };
    let behind = |scheme: &&str| url.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).and(url.get(scheme.len()..));
    let address = schemes.iter().find_map(behind).unwrap_or(url);
    if let Err(trouble) = socket(address, Use::Connect) {
        refuse(0, Why::Address(trouble));
    }
}

/// `ngx_parse_addr_port`
fn is_address_with_port(text: &str) -> bool {
    let port = |text: &str| number(text).is_some_and(|port| (1..=65535).contains(&port));
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, rest)| ipv6(address).is_some() && rest.strip_prefix(':').is_none_or(port));
    }
    ipv4(text).is_some()
        || ipv6(text).is_some()
        || text.split_once(':').is_some_and(|(address, number)| ipv4(address).is_some() && port(number))
}

/// An argument in which variables are replaced.
fn compiled<T: AsRef<str>>(args: &[T], index: usize, refuse: &mut impl FnMut(usize, Why)) {
    if let Some((_, trouble)) = args.get(index).and_then(|text| template::trouble(text.as_ref())) {
        refuse(index, Why::Template(trouble));
    }
}

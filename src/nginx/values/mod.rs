//! What nginx says to the arguments of a directive when it reads them, each after the function that does it there.
//!
//! The places come from `parameters.tsv`; what a directive's own function asks beyond that is in [`own`]. Nothing is said of a
//! text that something fills in before nginx reads it: who asks leaves those out.

mod address;
mod amount;
pub mod condition;
pub mod data;
pub mod network;
mod own;
mod suggest;
mod template;

pub use address::{Trouble as AddressTrouble, Use, socket};
pub use amount::{fixed_point, number, offset, size, time};
pub use network::Network;
pub use own::is_absolute_url;
pub use suggest::instead;
pub use template::{Trouble as TemplateTrouble, trouble as template_trouble};

use super::context::Context;
use super::directives::{self, Directive, Value};
use super::parameters::{self, Alternative, Kind, Parameter};

/// Something that nginx refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The argument, from 0.
    pub argument: usize,
    /// Why.
    pub why: Why,
}

/// Why nginx refuses an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is none of what may stand there.
    NoneOf(&'static Parameter),
    /// What stands behind `key=` is not of that kind.
    Option(Alternative),
    /// There is no such option; these are known.
    NoOption(&'static Parameter),
    /// A variable stands where nginx takes none.
    Variable,
    /// What is read as variables is none.
    Template(TemplateTrouble),
    /// An address is wrong.
    Address(AddressTrouble),
    /// The condition of an `if` is wrong.
    Condition(condition::Trouble),
    /// This option has to be there, and is not.
    Missing(&'static str),
    /// Shared memory of less than this many kilobytes.
    Small(u32),
    /// A URL without a scheme that the directive knows; these are known.
    Scheme(&'static str),
    /// Empty text.
    Empty,
    /// `error_page` can't be set for 499.
    ClientGone,
    /// A status that is out of the directive's range.
    StatusRange(u16, u16),
    /// A status has to stand here.
    NoStatus,
    /// A text stands alone where only a URL may.
    ReturnText,
    /// `expires @…` of more than a day.
    DailyTime,
    /// A wildcard of a server name that nginx does not know.
    Wildcard,
    /// A name of a variable that does not begin with `$`.
    NoVariable,
    /// No modifier of a `location`.
    Modifier,
    /// `levels=` that is none: one or two digits each, at most three.
    Levels,
    /// A line of a block of data that has not two words.
    Pair,
    /// No address of this machine: names are not looked up.
    LocalAddress,
    /// No network.
    Network,
    /// No range of addresses, or one that ends before it starts.
    AddressRange,
    /// No part of a hundred, with at most two digits behind the point.
    Percent,
    /// Behind `off` nothing may stand.
    BehindOff,
}

/// What nginx refuses in the arguments of a directive, in their order.
pub fn check<T: AsRef<str>>(directive: &'static Directive, args: &[T]) -> Vec<Refused> {
    let mut out = Vec::new();
    if !is_surely_read_so(directive) {
        return out;
    }
    let handled = own::check(directive, args, &mut out);
    if !handled && let Some(parameters) = parameters::of(directive) {
        for (index, arg) in args.iter().enumerate() {
            let Some(parameter) = parameters::place(parameters, index) else { continue };
            let several = args.len() > parameters.len() || parameters.len() > 1 && index > 0;
            if let Some(why) = refuses(directive, parameter, arg.as_ref(), several) {
                out.push(Refused { argument: index, why });
            }
        }
    }
    own::together(directive, args, &mut out);
    out
}

/// The directives of nginx itself have been read in its source; those of others only where they use nginx's own setters.
fn is_surely_read_so(directive: &Directive) -> bool {
    directive.package == "nginx" || directive.package != "nginx-plus" && directive.value != Value::Own
}

/// Why a parameter does not take an argument; `None` for one that it takes, and where that is not known.
fn refuses(directive: &Directive, parameter: &'static Parameter, text: &str, is_option: bool) -> Option<Why> {
    for alternative in &parameter.alternatives {
        if let Some(value) = keyed(alternative, text) {
            return (!alternative.key.is_empty() && !takes(alternative.kind, value)).then_some(Why::Option(*alternative)).or_else(|| {
                let compiled = alternative.kind == Kind::Template && directive.variables == Some(true);
                compiled.then(|| template::trouble(value)).flatten().map(|(_, trouble)| Why::Template(trouble))
            });
        }
    }
    let plain = || parameter.alternatives.iter().filter(|alternative| alternative.key.is_empty());
    if text.starts_with('~')
        && matches!(directive.name, "proxy_redirect" | "proxy_cookie_domain" | "proxy_cookie_path" | "proxy_cookie_flags")
    {
        return None;
    }
    if let Some(found) = plain().find(|alternative| takes(alternative.kind, text)) {
        let kinds = matches!(found.kind, Kind::Template | Kind::File | Kind::Folder | Kind::Path | Kind::Uri | Kind::Name(_));
        let compiled = kinds && directive.variables == Some(true);
        return compiled.then(|| template::trouble(text)).flatten().map(|(_, trouble)| Why::Template(trouble));
    }
    if let Some(trouble) = plain().find_map(|alternative| address_trouble(alternative.kind, text)) {
        return Some(Why::Address(trouble));
    }
    if plain().any(|alternative| alternative.kind == Kind::Variable) {
        return Some(Why::NoVariable);
    }
    if is_variable(text) {
        return Some(Why::Variable);
    }
    let options = parameter.alternatives.len() > 1 && (is_option || plain().next().is_none());
    Some(if options { Why::NoOption(parameter) } else { Why::NoneOf(parameter) })
}

/// What stands behind the `key=` of an alternative; `None` for one without a key, and for a text of another one.
fn keyed<'a>(alternative: &Alternative, text: &'a str) -> Option<&'a str> {
    (!alternative.key.is_empty()).then(|| text.strip_prefix(alternative.key)?.strip_prefix('=')).flatten()
}

fn is_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '{'))
}

/// Whether a value is of a kind; true for the kinds that anything is of.
pub fn takes(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Flag => text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("off"),
        Kind::Size => size(text).is_some(),
        Kind::Offset => offset(text).is_some(),
        Kind::Time => time(text, false).is_some(),
        Kind::Seconds => time(text, true).is_some(),
        Kind::Number(None) => number(text).is_some(),
        Kind::Number(Some((low, high))) => number(text).is_some_and(|value| value >= i64::from(low) && value <= i64::from(high)),
        Kind::Word(words) => words.split('|').any(|word| word.eq_ignore_ascii_case(text)),
        Kind::Variable => text.len() > 1 && text.starts_with('$'),
        Kind::Cidr => Network::read(text).is_some(),
        Kind::Rate => rate(text).is_some(),
        Kind::Zone => text.split_once(':').is_some_and(|(name, bytes)| !name.is_empty() && size(bytes).is_some()),
        Kind::Access => access(text),
        Kind::Status => number(text).is_some(),
        Kind::Listen | Kind::Address => address_trouble(kind, text).is_none(),
        _ => true,
    }
}

fn address_trouble(kind: Kind, text: &str) -> Option<AddressTrouble> {
    match kind {
        Kind::Listen => socket(text, Use::Listen).err(),
        // Where variables may stand, the address is known later.
        Kind::Address if text.contains('$') => None,
        Kind::Address => socket(text, Use::Connect).err(),
        _ => None,
    }
}

/// Requests a minute (`ngx_http_limit_req_zone`): a number, with `r/s` or `r/m`.
fn rate(text: &str) -> Option<i64> {
    let count = text.strip_suffix("r/s").or_else(|| text.strip_suffix("r/m")).unwrap_or(text);
    number(count).filter(|count| *count > 0)
}

/// `user:rw` and the like (`ngx_conf_set_access_slot`).
fn access(text: &str) -> bool {
    text.split_once(':').is_some_and(|(who, what)| matches!(who, "user" | "group" | "all") && matches!(what, "rw" | "r"))
}

/// What may stand at a place of a directive of nginx.
fn directives_parameter(name: &str, context: Context, index: usize) -> Option<&'static Parameter> {
    parameters::at(directives::in_context(name, context)?, index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(context: Context, text: &str) -> Vec<String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap();
        let args: Vec<&str> = words.collect();
        let directive = directives::in_context(name, context).unwrap();
        let kind = |why: &Why| format!("{why:?}").split(['(', ' ']).next().unwrap().to_owned();
        check(directive, &args).iter().map(|refused| format!("{} {}", args[refused.argument], kind(&refused.why))).collect()
    }

    #[test]
    fn urls_that_send_the_client_elsewhere() {
        for url in ["http://h/", "https://h", "$scheme://h/", "$schemes"] {
            assert!(is_absolute_url(url), "{url}");
        }
        for text in ["/a", "ftp://h/", "HTTP://h/", "//h/", "${scheme}://h/", "$host/", ""] {
            assert!(!is_absolute_url(text), "{text}");
        }
    }

    #[test]
    fn values() {
        let location = |text| said(Context::Location, text);
        assert_eq!(location("proxy_read_timeout 60sec"), ["60sec NoneOf"]);
        assert_eq!(location("client_max_body_size 1gb"), ["1gb NoneOf"]);
        assert_eq!(location("gzip yes"), ["yes NoneOf"]);
        assert_eq!(location("gzip_comp_level 10"), ["10 NoneOf"]);
        assert_eq!(location("client_max_body_size $size"), ["$size Variable"]);
        assert_eq!(location("limit_req zone=a burst=x"), ["burst=x Option"]);
        assert_eq!(location("limit_req zone=a no_delay"), ["no_delay NoOption"]);
        assert_eq!(location("add_header A b$"), ["b$ Template"]);
        assert_eq!(location("access_log off main"), ["main BehindOff"]);
        assert_eq!(location("proxy_bind eth0"), ["eth0 LocalAddress"]);
        assert_eq!(location("allow 10.0.0.0/33"), ["10.0.0.0/33 NoneOf"]);
        assert_eq!(said(Context::Upstream, "server a:x weight=0 backup"), ["a:x Address", "weight=0 Option"]);
        assert_eq!(said(Context::Server, "listen 80000 sll"), ["80000 Address", "sll NoOption"]);
        assert_eq!(said(Context::Http, "limit_req_zone $a zone=b:1k rate=1r/h"), ["rate=1r/h Option"]);
        assert_eq!(said(Context::Http, "limit_req_zone $a zone=b:1k rate=1r/s"), ["zone=b:1k Small"]);
        assert_eq!(said(Context::Http, "limit_req_zone $a rate=1r/s rate=2r/s"), ["$a Missing"]);
        for right in [
            "proxy_read_timeout 1m30s",
            "expires -1",
            "expires @15h30m",
            "expires $expires",
            "expires modified +1h",
            "error_page 404 =200 /x",
            "error_page 404 500 = @a",
            "return 301 https://$host$request_uri",
            "return https://a/",
            "return 444",
            "proxy_pass http://$a",
            "proxy_pass HTTP://a:80/x",
            "add_header A b always",
            "rewrite ^/a$ /b? last",
            "proxy_cache_valid 200 302 10m",
            "proxy_cache_valid any 1m",
            "allow unix:",
            "allow all",
            "try_files $uri =404",
            "proxy_store_access user:rw group:rw all:r",
            "if ($a = b)",
            "proxy_redirect ~^(/a)$ /b",
            "proxy_bind $server_addr transparent",
            "proxy_bind [::1]:80",
            "proxy_bind off",
            "access_log off",
            "access_log /a off",
            "access_log /a main buffer=32k flush=1m",
        ] {
            assert_eq!(location(right), Vec::<String>::new(), "{right}");
        }
    }
}

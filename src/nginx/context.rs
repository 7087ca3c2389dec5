//! Contexts: where a directive may stand, and which context a block opens.

/// A kind of block that holds directives, as nginx's masks tell them apart (`NGX_MAIN_CONF`, `NGX_HTTP_SRV_CONF`, …, of
/// `src/core/ngx_conf_file.h` and the headers of its protocols).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Context {
    /// Outside any block.
    Main,
    /// `events`
    Events,
    /// `http`
    Http,
    /// `server` of http.
    Server,
    /// `location`
    Location,
    /// `upstream` of http.
    Upstream,
    /// An `if` of a `server`.
    ServerIf,
    /// An `if` of a `location`.
    LocationIf,
    /// `limit_except`
    LimitExcept,
    /// `stream`
    Stream,
    /// `server` of stream.
    StreamServer,
    /// `upstream` of stream.
    StreamUpstream,
    /// `mail`
    Mail,
    /// `server` of mail.
    MailServer,
    /// `rtmp` (of a module of others).
    Rtmp,
    /// `server` of rtmp.
    RtmpServer,
    /// `application` of rtmp.
    RtmpApplication,
    /// `recorder` of rtmp.
    RtmpRecorder,
    /// `mgmt` of NGINX Plus.
    Mgmt,
    /// `oidc_provider` of NGINX Plus.
    OidcProvider,
    /// `acme_issuer`
    AcmeIssuer,
    /// `otel_exporter`
    OtelExporter,
    /// `types`, `map`, `geo`, `split_clients`, …: what stands there are no directives, but keys and values.
    Data,
}

/// The contexts and how the tables name them.
const NAMES: [(Context, &str); 23] = [
    (Context::Main, "main"),
    (Context::Events, "events"),
    (Context::Http, "http"),
    (Context::Server, "server"),
    (Context::Location, "location"),
    (Context::Upstream, "upstream"),
    (Context::ServerIf, "server.if"),
    (Context::LocationIf, "location.if"),
    (Context::LimitExcept, "limit_except"),
    (Context::Stream, "stream"),
    (Context::StreamServer, "stream.server"),
    (Context::StreamUpstream, "stream.upstream"),
    (Context::Mail, "mail"),
    (Context::MailServer, "mail.server"),
    (Context::Rtmp, "rtmp"),
    (Context::RtmpServer, "rtmp.server"),
    (Context::RtmpApplication, "rtmp.application"),
    (Context::RtmpRecorder, "rtmp.recorder"),
    (Context::Mgmt, "mgmt"),
    (Context::OidcProvider, "oidc_provider"),
    (Context::AcmeIssuer, "acme_issuer"),
    (Context::OtelExporter, "otel_exporter"),
    (Context::Data, "data"),
];

impl Context {
    /// As the tables name it: `location.if`.
    pub fn name(self) -> &'static str {
        NAMES.get(self as usize).map_or("", |(_, name)| name)
    }

    /// The context that the tables name so; `None` for any other word.
    pub fn named(name: &str) -> Option<Context> {
        NAMES.iter().find(|(_, own)| *own == name).map(|(context, _)| *context)
    }

    /// All that hold directives, in a fixed order.
    pub fn all() -> impl Iterator<Item = Context> {
        NAMES.iter().map(|(context, _)| *context).filter(|context| *context != Context::Data)
    }

    /// `http`, `stream`, `mail`, `rtmp`; `core` for what is outside of these.
    pub fn protocol(self) -> &'static str {
        match self {
            Context::Main | Context::Events | Context::Mgmt | Context::Data => "core",
            Context::Stream | Context::StreamServer | Context::StreamUpstream => "stream",
            Context::Mail | Context::MailServer => "mail",
            Context::Rtmp | Context::RtmpServer | Context::RtmpApplication | Context::RtmpRecorder => "rtmp",
            _ => "http",
        }
    }

    /// The context inside a block directive that stands in this one; `None` for a block that nothing known opens here, and for one
    /// that holds code.
    pub fn inside(self, name: &str) -> Option<Context> {
        Some(match (self, name) {
            (Context::Main, "events") => Context::Events,
            (Context::Main, "http") => Context::Http,
            (Context::Main, "stream") => Context::Stream,
            (Context::Main, "mail") => Context::Mail,
            (Context::Main, "rtmp") => Context::Rtmp,
            (Context::Main, "mgmt") => Context::Mgmt,
            (Context::Http, "server") => Context::Server,
            (Context::Http, "upstream") => Context::Upstream,
            (Context::Http, "oidc_provider") => Context::OidcProvider,
            (Context::Http, "acme_issuer") => Context::AcmeIssuer,
            (Context::Http, "otel_exporter") => Context::OtelExporter,
            (Context::Server | Context::Location, "location") => Context::Location,
            (Context::Location, "limit_except") => Context::LimitExcept,
            // `ngx_http_rewrite_if`: also for one inside another.
            (Context::Server | Context::ServerIf, "if") => Context::ServerIf,
            (Context::Location | Context::LocationIf, "if") => Context::LocationIf,
            (Context::Stream, "server") => Context::StreamServer,
            (Context::Stream, "upstream") => Context::StreamUpstream,
            (Context::Mail, "server") => Context::MailServer,
            (Context::Rtmp, "server") => Context::RtmpServer,
            (Context::RtmpServer, "application") => Context::RtmpApplication,
            (Context::RtmpApplication, "recorder") => Context::RtmpRecorder,
            (_, "types" | "map" | "geo" | "split_clients" | "charset_map" | "geoip2" | "match" | "num_map") => Context::Data,
            _ => return None,
        })
    }
}

/// A set of contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contexts(u32);

impl Contexts {
    /// Every context that holds directives (`include`).
    pub const ALL: Contexts = Contexts((1 << Context::Data as u32) - 1);

    /// Of a list as the tables have it: `http,server,location.if`; `*` is all. Words that name no context are passed over.
    pub fn read(list: &str) -> Contexts {
        list.split(',').fold(Contexts::default(), |all, name| match Context::named(name) {
            Some(context) => Contexts(all.0 | 1 << context as u32),
            None if name == "*" => Contexts::ALL,
            None => all,
        })
    }

    /// True when the context is one of them.
    pub fn contains(self, context: Context) -> bool {
        self.0 & 1 << context as u32 != 0
    }

    /// True when there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in either.
    #[must_use]
    pub fn with(self, others: Contexts) -> Contexts {
        Contexts(self.0 | others.0)
    }

    /// Each of them, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Context> {
        Context::all().filter(move |context| self.contains(*context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_contexts() {
        for (index, (context, name)) in NAMES.iter().enumerate() {
            assert_eq!(*context as usize, index);
            assert_eq!(Context::named(name), Some(*context));
            assert_eq!(context.name(), *name);
        }
        assert_eq!(Context::named("bogus"), None);
    }

    #[test]
    fn sets() {
        let set = Contexts::read("http,server,location.if");
        assert_eq!(set.iter().map(Context::name).collect::<Vec<_>>(), ["http", "server", "location.if"]);
        assert!(set.contains(Context::LocationIf) && !set.contains(Context::Location) && !set.contains(Context::Data));
        assert!(Contexts::read("").is_empty() && Contexts::read("nowhere").is_empty());
        assert_eq!(Contexts::read("*"), Contexts::ALL);
        assert_eq!(Contexts::ALL.iter().count(), Context::all().count());
    }

    #[test]
    fn blocks_open_contexts() {
        assert_eq!(Context::Main.inside("http").and_then(|http| http.inside("server")), Some(Context::Server));
        assert_eq!(Context::Main.inside("stream").and_then(|http| http.inside("server")), Some(Context::StreamServer));
        assert_eq!(Context::LocationIf.inside("location"), None);
        assert_eq!(Context::LocationIf.inside("if"), Some(Context::LocationIf));
        assert_eq!(Context::Server.inside("content_by_lua_block"), None);
        assert_eq!(Context::Stream.inside("map"), Some(Context::Data));
    }
}

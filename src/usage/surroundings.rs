//! What a trace asks of the world around a configuration: which files are on the server, and who answers at an address.
//!
//! Both answers are facts or "nobody knows": a file is there or absent only where the workspace says what is on the server, and a
//! connection comes back only where the host is surely the machine that runs this configuration.

use std::net::IpAddr;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::modules::Lua;
use super::paths::Paths;
use crate::config::{Config, EntryId, ServerId};
use crate::messages::Message;
use crate::nginx::case::lower;
use crate::nginx::files::Base;
use crate::phrase;
use crate::project::paths::Mapped;
use crate::project::vfs::Kind;
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::routing::trace::{Effects, FileKind, Landing, Surroundings};
use crate::upstreams;
use crate::upstreams::clustered::{Clustered, Led};

/// The workspace around one configuration.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// Its sockets.
    pub router: &'a Router,
    /// What relative paths start from.
    pub paths: &'a Paths,
    /// Its Lua code.
    pub lua: &'a Lua,
    /// What the machine that runs it is called; read when it is first asked for.
    pub own: &'a OnceLock<Own>,
}

impl Surroundings for Around<'_> {
    fn file(&self, path: &str) -> FileKind {
        // ngx_http_map_uri_to_path: what is relative starts from the prefix.
        let Some(path) = self.paths.absolute(Base::Prefix, path) else { return FileKind::Unknown };
        match self.paths.map(self.project, self.config.root, &path) {
            Mapped::Present { path, .. } => match self.project.vfs.kind(&path) {
                Kind::File => FileKind::File,
                Kind::Folder => FileKind::Folder,
                Kind::Missing => FileKind::Absent,
                Kind::Other => FileKind::Unknown,
            },
            Mapped::Missing { .. } => FileKind::Absent,
            Mapped::Unknown { .. } => FileKind::Unknown,
        }
    }

    fn code(&self, directive: EntryId) -> Effects {
        let sets_uri = self.lua.run_by(directive).is_some_and(|code| !code.facts.uri_changes.is_empty());
        Effects { variables: None, uri: sets_uri }
    }

    fn lands(&self, host: &str, port: u16) -> Landing {
        let here = |address: &str, evidence: Option<(Place, Message)>| match self.router.socket(address, port) {
            Some(_) => Landing::Here { address: address.to_owned(), port, evidence },
            None => Landing::Elsewhere,
        };
        if let Some(loopback) = loopback(host) {
            return match here(loopback, None) {
                // The resolver has both addresses for it.
                Landing::Elsewhere if host.eq_ignore_ascii_case("localhost") => here("[::1]", None),
                landing => landing,
            };
        }
        if let Some((listen, place)) = self.own_address(host, port) {
            return here(host, Some((place, phrase!("trace-lands-listen", listen = listen))));
        }
        let (port, place, message) = match self.own_name(host, port) {
            Some(own) => own,
            None => return self.perhaps(host, port),
        };
        // From another container, or by its own name, it is the container's address that is asked: not its loopback, and which of several
        // addresses it has nobody knows.
        let specific = |address: &str| address != "*" && !address.starts_with("unix:") && loopback(address).is_none();
        let sockets = || self.router.sockets().iter().filter(|socket| socket.port == port && !socket.quic);
        if !sockets().any(|socket| &*socket.address == "*")
            || sockets().any(|socket| specific(&socket.address) && &*socket.address != "[::]")
        {
            return Landing::Elsewhere;
        }
        match self.router.socket("*", port) {
            Some(_) => Landing::Here { address: "*".to_owned(), port, evidence: Some((place, message)) },
            None => Landing::Elsewhere,
        }
    }
}

impl Around<'_> {
    /// What gives a container that runs this configuration a host name, and the port in it.
    fn own_name(&self, host: &str, port: u16) -> Option<(u16, Place, Message)> {
        if let Some((service, place)) = upstreams::own_service(self.project, self.config, host) {
            let message = match service.name == host {
                true => phrase!("trace-lands-service", host = host),
                false => phrase!("trace-lands-alias", host = host, service = &service.name),
            };
            return Some((port, place, message));
        }
        let clustered = Clustered::of(self.project, self.config).filter(|clustered| !clustered.also_elsewhere)?;
        match clustered.leads(host, port)? {
            Led::Here(service, inside) => Some((inside, service.place, phrase!("trace-lands-cluster", service = &service.name))),
            Led::To(..) | Led::Unknown(_) => None,
        }
    }

    /// A name that a server here has may lead to this machine, or to whatever stands in front of it.
    fn perhaps(&self, host: &str, port: u16) -> Landing {
        match (self.own().named(self.config, host, port), self.router.socket("*", port)) {
            (Some(entry), Some(_)) => Landing::Perhaps { address: "*".to_owned(), port, name: self.config.header(entry) },
            _ => Landing::Elsewhere,
        }
    }

    /// The `listen` that names an address: nginx can only listen on one that its machine has.
    fn own_address(&self, host: &str, port: u16) -> Option<(String, Place)> {
        let entry = if host.starts_with("unix:") { self.own().unix.get(host) } else { self.own().addresses.get(&(ip(host)?, port)) };
        let text = self.config.directive(*entry?).arg(0)?.to_owned();
        Some((text, self.config.header(*entry?)))
    }

    fn own(&self) -> &Own {
        self.own.get_or_init(|| Own::of(self.config))
    }
}

/// The addresses and names that the machine which runs a configuration has, for all that this says.
#[derive(Debug, Default)]
pub struct Own {
    /// The first `listen` that names each.
    addresses: FxHashMap<(IpAddr, u16), EntryId>,
    unix: FxHashMap<String, EntryId>,
    /// Names with a dot, in small letters, and the servers that have them.
    names: FxHashMap<String, Vec<(ServerId, EntryId)>>,
}

impl Own {
    fn of(config: &Config) -> Own {
        let mut own = Own::default();
        for (server, of) in (0..).map(ServerId).zip(&config.servers) {
            for (listen, entry) in of.listens.iter().filter_map(|listen| Some((listen, listen.entry?))) {
                if listen.address.starts_with("unix:") {
                    own.unix.entry(listen.address.clone()).or_insert(entry);
                } else if let Some(address) = ip(&listen.address).filter(|address| !address.is_unspecified()) {
                    own.addresses.entry((address, listen.port)).or_insert(entry);
                }
            }
            for (name, entry) in of.names.iter().filter(|(name, _)| name.contains('.')) {
                own.names.entry(name.to_ascii_lowercase()).or_default().push((server, *entry));
            }
        }
        own
    }

    /// The first name of a server that listens on the port.
    fn named(&self, config: &Config, host: &str, port: u16) -> Option<EntryId> {
        let servers = self.names.get(&*lower(host))?;
        let listens = |(server, _): &&(ServerId, EntryId)| config.server(*server).listens.iter().any(|listen| listen.port == port);
        servers.iter().find(listens).map(|(_, entry)| *entry)
    }
}

fn ip(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).parse().ok()
}

/// The loopback address that a host is, as in `listen`. To connect to the unspecified address is to connect to it, too.
fn loopback(host: &str) -> Option<&str> {
    if host.eq_ignore_ascii_case("localhost") {
        return Some("127.0.0.1");
    }
    match ip(host)? {
        IpAddr::V4(v4) if v4.is_unspecified() => Some("127.0.0.1"),
        IpAddr::V4(v4) if v4.is_loopback() => Some(host),
        IpAddr::V6(v6) if v6.is_unspecified() || v6.is_loopback() => Some("[::1]"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::settings::Settings;
    use crate::routing::trace::{Request, trace};
    use crate::world::World;

    const COMPOSE: &str = "services:\n  gate:\n    image: nginx:1.27\n    container_name: front\n    hostname: edge\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf\n      - ./html:/usr/share/nginx/html:ro\n  other:\n    image: redis:7\n";

    fn ask(conf: &str, check: impl Fn(&Around<'_>)) {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("nginx.conf", conf);
        write("compose.yaml", COMPOSE);
        std::fs::create_dir(folder.path().join("html")).expect("a folder");
        write("html/a.html", "a");
        write("html/moves.lua", "ngx.req.set_uri('/b', false)");
        let mut world = World::new(folder.path(), vec![folder.path().join("nginx.conf")], Settings::default());
        let analysis = world.analysis();
        let view = analysis.views().next().expect("a configuration");
        assert_eq!(analysis.project.vfs.path(view.config.root).file_name(), Path::new("nginx.conf").file_name());
        check(&view.around());
    }

    #[test]
    fn files_are_where_the_compose_file_puts_them() {
        ask("events {} http { server { } }", |around| {
            assert_eq!(around.file("/usr/share/nginx/html/a.html"), FileKind::File);
            assert_eq!(around.file("/usr/share/nginx/html/"), FileKind::Folder);
            assert_eq!(around.file("/usr/share/nginx/html"), FileKind::Folder);
            assert_eq!(around.file("/usr/share/nginx/html/b.html"), FileKind::Absent);
            assert_eq!(around.file("/srv/www/b.html"), FileKind::Unknown);
            // The image's prefix is /etc/nginx; nothing says what it has in html.
            assert_eq!(around.file("html/a.html"), FileKind::Unknown);
        });
    }

    #[test]
    fn lua_may_give_a_request_another_uri() {
        let conf = "events {} http { server { listen 80;
            location /a/ { rewrite_by_lua_block { ngx.req.set_uri('/b', false) } proxy_pass http://back; }
            location /c/ { rewrite_by_lua_block { ngx.ctx.a = 1 } proxy_pass http://back; }
            location /d/ { rewrite_by_lua_file /usr/share/nginx/html/moves.lua; proxy_pass http://back; } } }";
        ask(conf, |around| {
            let sent = |target: &str| {
                let headers = vec![("Host".to_owned(), b"example.com".to_vec())];
                let request = Request { headers, ..Request::get(target) };
                let found = trace(around.config, around.router, around, &request);
                found.ways.first().and_then(|way| way.hops.first()?.upstream_uri.as_ref().map(|uri| uri.display()))
            };
            assert_eq!(sent("/a/x").as_deref(), Some("{$uri}"));
            assert_eq!(sent("/c/x").as_deref(), Some("/c/x"));
            assert_eq!(sent("/d/x").as_deref(), Some("{$uri}"));
        });
    }

    #[test]
    fn a_connection_comes_back_only_where_that_is_sure() {
        let conf = "events {} http { server { listen 80; server_name www.example.com; } server { listen 127.0.0.1:81; } server { listen 10.0.0.5:82; }
            server { listen unix:/run/a.sock; } server { listen 83; } server { listen 10.0.0.5:83; } server { listen [::1]:84; } }";
        ask(conf, |around| {
            let lands = |host: &str, port| match around.lands(host, port) {
                Landing::Here { address, port: at, evidence } => {
                    assert_eq!(port, at);
                    Some((address, evidence.map(|(_, text)| text.say(crate::messages::Language::English))))
                }
                Landing::Perhaps { .. } | Landing::Elsewhere => None,
            };
            let plain = |address: &str| Some((address.to_owned(), None));
            assert_eq!(lands("127.0.0.1", 80), plain("127.0.0.1"));
            assert_eq!(lands("LOCALHOST", 81), plain("127.0.0.1"));
            assert_eq!(lands("localhost", 84), plain("[::1]"));
            assert_eq!(lands("0.0.0.0", 81), plain("127.0.0.1"));
            assert_eq!(lands("[::1]", 84), plain("[::1]"));
            assert_eq!(lands("127.0.0.1", 99), None);
            let own = |address: &str, listen: &str| {
                Some((address.to_owned(), Some(format!("`listen {listen}` makes the address this machine's own"))))
            };
            assert_eq!(lands("10.0.0.5", 82), own("10.0.0.5", "10.0.0.5:82"));
            assert_eq!(lands("10.0.0.6", 80), None);
            assert_eq!(lands("www.example.com", 80), None);
            let named = |text: &str| Some(("*".to_owned(), Some(text.to_owned())));
            assert_eq!(lands("gate", 80), named("the service `gate` runs this configuration"));
            assert_eq!(lands("front", 80), named("`front` is the service `gate`, which runs this configuration"));
            assert_eq!(lands("edge", 80), named("`edge` is the service `gate`, which runs this configuration"));
            assert_eq!(lands("gate", 81), None, "the container's own address is not its loopback");
            assert_eq!(lands("gate", 83), None, "which address the container has nobody knows");
            assert_eq!(lands("other", 80), None);
            assert!(lands("unix:/run/a.sock", 0).is_some());
            assert_eq!(lands("unix:/run/b.sock", 0), None);
        });
    }
}

//! A `listen`: which address, who is the default server there, who shares it.

use super::code;
use super::cursor::Cursor;
use super::directive::place;
use crate::config::{EntryId, Listen, ServerId, parse_listen};
use crate::message;
use crate::messages::{Language, list};
use crate::nginx::context::Context;
use crate::project::RootKind;
use crate::usage::definitions::{Protocol, unseen};
use crate::world::View;

/// How many other servers are named.
const NAMED: usize = 6;

/// What a `listen` opens; `None` for one that nginx refuses.
pub(super) fn listen(cursor: &Cursor<'_>) -> Option<String> {
    let language = cursor.language();
    let opened = parse_listen(cursor.directive, None);
    let (first, last) = (opened.first()?, opened.last()?);
    let ports = match (first.port, last.port) {
        (0, _) => String::new(),
        (one, other) if one == other => format!(":{one}"),
        (one, other) => format!(":{one}-{other}"),
    };
    let has = |name: &str| cursor.directive.args.iter().skip(1).any(|word| &*word.value == name);
    let mut facts = vec![format!("**{}**", code(&format!("{}{ports}", first.address))), reach(language, &first.address)];
    if first.ssl {
        facts.push(message!(language, "hover-listen-tls"));
    }
    if first.quic {
        facts.push(message!(language, "hover-listen-quic"));
    }
    if has("udp") {
        facts.push("UDP".to_owned());
    }
    if has("proxy_protocol") {
        facts.push(message!(language, "hover-listen-proxy-protocol"));
    }
    let mut parts = vec![facts.join(" · ")];
    if let Some((view, entry)) = cursor.site.filter(|_| cursor.context == Some(Context::Server)) {
        parts.extend(shared(view, entry, first));
    }
    Some(parts.join("\n\n"))
}

/// Who can connect there.
fn reach(language: Language, address: &str) -> String {
    match address {
        "*" => message!(language, "hover-listen-any4"),
        "[::]" => message!(language, "hover-listen-any6"),
        "127.0.0.1" | "localhost" | "[::1]" => message!(language, "hover-listen-local"),
        unix if unix.starts_with("unix:") => message!(language, "hover-listen-unix"),
        _ => message!(language, "hover-listen-one"),
    }
}

/// The default server of the address, and the others.
fn shared(view: View<'_>, entry: EntryId, listen: &Listen) -> Vec<String> {
    let (config, language) = (view.config, view.language);
    let Some(own) = config.server_of(entry).filter(|own| !config.server(*own).synthetic) else { return Vec::new() };
    let Some(socket) = view.router().sockets().iter().find(|socket| socket.is_of(listen)).filter(|socket| socket.servers.contains(&own))
    else {
        return Vec::new();
    };
    let named = |id: ServerId| {
        let server = config.server(id).entry;
        format!("{} ({})", code(&config.display_server(id)), place(view, entry, server))
    };
    let others: Vec<ServerId> = socket.servers.iter().copied().filter(|id| *id != own).collect();
    // Servers may be in files that are not here; who is the first is not known then.
    let whole = view.root.kind == RootKind::Main && unseen(config, Protocol::Http, true).next().is_none();
    if others.is_empty() {
        let alone = (whole || listen.default).then(|| match whole {
            true => message!(language, "hover-listen-alone"),
            false => message!(language, "hover-listen-default-here"),
        });
        return alone.into_iter().collect();
    }
    let written = config.server(socket.default).listens.iter().any(|listen| socket.is_of(listen) && listen.default);
    let default = match (socket.default == own, written) {
        (true, true) => Some(message!(language, "hover-listen-default-here")),
        (false, true) => Some(message!(language, "hover-listen-default", server = named(socket.default))),
        _ if !whole => None,
        (true, false) => Some(message!(language, "hover-listen-first-here")),
        (false, false) => Some(message!(language, "hover-listen-first", server = named(socket.default))),
    };
    // Only those that are shown need their names.
    let name = |(at, id): (usize, ServerId)| if at <= NAMED { named(id) } else { String::new() };
    let others: Vec<String> = others.into_iter().enumerate().map(name).collect();
    let shared = message!(language, "hover-listen-shared", count = others.len(), servers = list(language, &others, NAMED));
    default.into_iter().chain([shared]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said};

    #[test]
    fn addresses() {
        assert_eq!(
            said("http {\nserver { server_name a; listen 4$043 ssl; }\nserver { server_name b; listen 443 ssl; }\n}").as_deref(),
            Some(
                "**`*:443`** · every IPv4 address of the machine · TLS\n\nThe default server of this address, as the first one here: it gets the \
                 requests whose host is no server's name.\n\nShares the address with `server b:443` (line 3)."
            )
        );
        let said = said(
            "http { server { server_name a; listen 80; }\nserver { server_name b; listen 80 default_server; }\nserver { listen *:8$00; } }",
        );
        assert!(
            said.as_deref().is_some_and(
                |said| said.contains("Requests whose host is no server's name go to `server b:80` (line 2), the `default_server`.")
            ),
            "{said:?}"
        );
        assert_eq!(
            in_server("listen unix:/run/a$0.sock;"),
            "**`unix:/run/a.sock`** · a socket in the file system\n\nNo other server listens there."
        );
        assert_eq!(in_server("listen nons$0ense:x;"), "");
    }
}

//! Does nginx read a file that only TLS needs? Its certificates, keys and lists are read while it starts, by what is in force in each server
//! (`ngx_http_ssl_merge_srv_conf`, `ngx_stream_ssl_merge_conf`) or where requests are passed on (`ngx_http_proxy_set_ssl` and its relatives).

use crate::config::{Config, EntryId};

/// Whether it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// At each start.
    Surely,
    /// That depends on the version, on a variable, or on what can't be seen.
    Perhaps,
    /// Never.
    Not,
}

/// Is the file of this directive read? `whole` where nothing of the configuration is hidden; `protocol` as [`super::paths::protocol`] has it.
pub fn read(config: &Config, directive: EntryId, protocol: &str, whole: bool) -> Read {
    let name = &*config.directive(directive).name.value;
    let uses: Vec<Read> = match (protocol, name.split_once("_ssl_")) {
        ("http" | "stream", Some((family @ ("proxy" | "grpc" | "uwsgi"), what))) => {
            let pass = match family {
                "proxy" => "proxy_pass",
                "grpc" => "grpc_pass",
                _ => "uwsgi_pass",
            };
            let passes = beside(config, directive, pass).filter_map(|pass| Some((pass, config.entry(pass).parent?)));
            let here = passes.filter(|(_, block)| config.inherited_all(*block, name).contains(&directive));
            here.map(|(pass, block)| passing(config, pass, block, family, what, protocol)).collect()
        }
        ("http", None) => {
            let here = servers(config, directive).filter(|server| config.inherited_all(*server, name).contains(&directive));
            here.map(|server| if has_certificate(config, server) && is_asked(config, server, name) { Read::Surely } else { Read::Not })
                .collect()
        }
        ("stream", None) => {
            let here = servers(config, directive).filter(|server| config.inherited_all(*server, name).contains(&directive));
            here.map(|server| streaming(config, server, name)).collect()
        }
        _ => vec![Read::Perhaps],
    };
    match () {
        () if uses.contains(&Read::Surely) => Read::Surely,
        () if uses.contains(&Read::Perhaps) || !whole => Read::Perhaps,
        () => Read::Not,
    }
}

/// The directives of that name in the block of this one, and in all blocks inside.
fn beside<'a>(config: &'a Config, directive: EntryId, name: &str) -> impl Iterator<Item = EntryId> + use<'a> {
    let block = config.entry(directive).parent;
    let all = config.all(name);
    // They are in the order in which they are read.
    let first = block.map_or(0, |block| all.partition_point(|id| *id < block));
    let inside = move |id: &EntryId| block.is_none_or(|block| config.ancestors(*id).any(|around| around == block));
    all.get(first..).unwrap_or_default().iter().copied().take_while(inside)
}

/// The servers that may have the directive: the one that it stands in, or all inside of its block.
fn servers(config: &Config, directive: EntryId) -> impl Iterator<Item = EntryId> {
    let own = config.entry(directive).parent.filter(|block| config.directive(*block).is("server"));
    let others = if own.is_none() { Some(beside(config, directive, "server")) } else { None };
    own.into_iter().chain(others.into_iter().flatten())
}

fn is_on(config: &Config, block: EntryId, name: &str) -> bool {
    config.inherited(block, name).is_some_and(|id| config.directive(id).arg(0) != Some("off"))
}

/// Without a certificate nothing of TLS is set up, with one everything is, whether anything listens with TLS or not.
fn has_certificate(config: &Config, server: EntryId) -> bool {
    config.inherited(server, "ssl_certificate").is_some()
}

/// Files that belong to something that has to be switched on.
fn is_asked(config: &Config, server: EntryId, name: &str) -> bool {
    match name {
        "ssl_client_certificate" => is_on(config, server, "ssl_verify_client"),
        "ssl_stapling_file" => is_on(config, server, "ssl_stapling"),
        _ => true,
    }
}

fn streaming(config: &Config, server: EntryId, name: &str) -> Read {
    let listens = config.children(server, "listen").any(|listen| config.directive(listen).args.iter().any(|word| &*word.value == "ssl"));
    let verifies = matches!(name, "ssl_client_certificate" | "ssl_trusted_certificate" | "ssl_crl");
    match has_certificate(config, server) {
        false => Read::Not,
        true if listens && is_asked(config, server, name) && (!verifies || is_on(config, server, "ssl_verify_client")) => Read::Surely,
        true => Read::Perhaps,
    }
}

/// What is read for a directive that passes requests on.
fn passing(config: &Config, pass: EntryId, block: EntryId, family: &str, what: &str, protocol: &str) -> Read {
    let address = config.directive(pass).arg(0).unwrap_or_default();
    let secure = match protocol {
        "stream" => is_on(config, block, "proxy_ssl"),
        _ => ["https://", "grpcs://", "suwsgi://"].iter().any(|scheme| address.starts_with(scheme)),
    };
    let wanted = match what {
        "trusted_certificate" | "crl" => is_on(config, block, &format!("{family}_ssl_verify")),
        "certificate_key" => config.inherited(block, &format!("{family}_ssl_certificate")).is_some(),
        _ => true,
    };
    match () {
        () if !wanted => Read::Not,
        () if secure => Read::Surely,
        () if address.contains('$') => Read::Perhaps,
        () => Read::Not,
    }
}

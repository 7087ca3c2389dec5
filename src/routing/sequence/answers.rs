//! Servers whose own sequence answers every request, or sends all of them to a few URIs: which locations are left then.
//!
//! The server's sequence runs before a location is looked for, and again after each internal redirect and in each subrequest
//! (`ngx_http_handler`). It does not run when a named location takes over (`ngx_http_named_location`), nor when a location's own
//! `rewrite` leads to a new search (`ngx_http_core_post_rewrite_phase`).

use super::{Context, ExitKind};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::routing::Router;

/// A server whose requests never get to most of its locations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The directive in the server's block that answers or sends away every request.
    pub by: EntryId,
    /// The locations that such requests go to; none where they are answered.
    pub sent_to: Vec<LocationId>,
    /// All locations that can still be reached, named ones among them, whatever may name those; sorted.
    pub alive: Vec<LocationId>,
}

/// More URIs than that are not followed.
const MOST: usize = 16;

/// Says which locations of a server live although its own sequence takes every request. `None` where a request can come to any
/// location, or where that can't be told.
pub fn answers_everything(config: &Config, router: &Router, server: ServerId) -> Option<Answered> {
    answered(&Context::new(config), router, server)
}

/// The same of all servers.
pub fn answered_servers(config: &Config, router: &Router) -> Vec<(ServerId, Answered)> {
    let context = Context::new(config);
    let servers = (0..config.servers.len() as u32).map(ServerId);
    servers.filter_map(|server| Some((server, answered(&context, router, server)?))).collect()
}

fn answered(context: &Context<'_>, router: &Router, server: ServerId) -> Option<Answered> {
    let config = context.config;
    let block = config.server(server);
    let ends = |entry: &EntryId| matches!(&*config.directive(*entry).name.value, "return" | "rewrite" | "if");
    if block.synthetic || block.locations.is_empty() || !config.entry(block.entry).children.iter().any(ends) {
        return None;
    }
    let sequence = context.sequence(block.entry)?;
    let searched: Vec<_> = sequence.exits.iter().filter(|exit| exit.kind != ExitKind::Answer).collect();
    if searched.len() > MOST || sequence.exits.is_empty() || interferes(config, block.entry) {
        return None;
    }
    // What is answered depends on no URI; what is sent on must go to known ones.
    let mut sent_to = Vec::new();
    for exit in &searched {
        let uri = exit.uris.only().filter(|_| exit.kind != ExitKind::Unknown)?;
        let location = router.locate(server, uri).location?;
        if !sent_to.contains(&location) {
            sent_to.push(location);
        }
    }
    let by = sequence.end.or_else(|| sequence.exits.last().and_then(|exit| exit.by))?;
    let named = block.locations.iter().copied().filter(|id| matches!(config.location(*id).matcher, Matcher::Named(_)));
    let mut alive: Vec<LocationId> = sent_to.iter().copied().chain(named).collect();
    // From these, a `rewrite` of their own leads on.
    let mut at = 0;
    while let Some(location) = alive.get(at).copied() {
        at += 1;
        let block = config.location(location).entry;
        if has_unknown(config, block) || rewrites_in_code(config) || alive.len() > MOST {
            return None;
        }
        let Some(sequence) = context.sequence(block) else { continue };
        for exit in sequence.exits.iter().filter(|exit| matches!(exit.kind, ExitKind::Search | ExitKind::Unknown)) {
            if let Some(location) = router.locate(server, exit.uris.only()?).location
                && !alive.contains(&location)
            {
                alive.push(location);
            }
        }
    }
    alive.sort();
    Some(Answered { by, sent_to, alive })
}

/// True where what is not seen, or Lua of the server's own phase, may keep requests from the server's sequence.
fn interferes(config: &Config, server: EntryId) -> bool {
    let lua = ["server_rewrite_by_lua_block", "server_rewrite_by_lua_file"];
    let lua =
        lua.iter().flat_map(|name| config.all(name)).any(|id| config.server_of(*id).is_none_or(|id| config.server(id).entry == server));
    // What is included around the server could have such code only where there is Lua.
    let around = config.unknown_includes.iter().any(|id| config.server_of(*id).is_none());
    lua || has_unknown(config, server) || around && config.entries.iter().any(|entry| entry.directive.name.value.contains("_by_lua"))
}

/// Does an include whose content is not known stand directly in the block?
fn has_unknown(config: &Config, block: EntryId) -> bool {
    config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(block))
}

/// Lua can look for another location without asking the server's sequence (`ngx.req.set_uri`).
fn rewrites_in_code(config: &Config) -> bool {
    ["rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file"].iter().any(|name| !config.all(name).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// The directive that answers, and the locations that live.
    fn answered(server: &str) -> String {
        let (config, router) = load(&format!("http {{ server {{ listen 80; {server} }} }}"));
        let Some(answered) = answers_everything(&config, &router, ServerId(0)) else { return "no".to_owned() };
        let by = config.directive(answered.by);
        let alive: Vec<String> = answered.alive.iter().map(|id| config.location(*id).matcher.display()).collect();
        format!("{} {}: {}", by.name.value, by.arg(0).unwrap_or_default(), alive.join(" "))
    }

    #[test]
    fn what_is_answered() {
        assert_eq!(answered("return 301 /; location / {} location @a {}"), "return 301: @a");
        assert_eq!(answered("location / {} rewrite ^/a /b; set $x 1; return 404;"), "return 404: ");
        assert_eq!(answered("rewrite ^ https://x$uri; location / {}"), "rewrite ^: ");
        assert_eq!(answered("rewrite ^ /x permanent; location / {}"), "rewrite ^: ");
        assert_eq!(answered("set $on 1; if ($on) { return 503; } location / {}"), "return 503: ");
        assert_eq!(answered("rewrite ^(.*)$ /x permanent; location / {}"), "no", "a line feed inside");
        assert_eq!(answered("rewrite ^/ /x permanent; location / {}"), "no", "a rewritten URI may lack the slash");
        assert_eq!(answered("if ($http_x) { break; } return 404; location / {}"), "no");
        assert_eq!(answered("rewrite ^/a /b last; return 404; location / {} location /a {}"), "return 404: /");
        assert_eq!(answered("rewrite ^/(a) /$1 last; return 404; location / {}"), "no");
        assert_eq!(answered("if ($http_x) { return 403; } location / {}"), "no");
        assert_eq!(answered("include /nowhere/*.conf; return 404; location / {}"), "no");
        assert_eq!(answered("${BEFORE} x; return 404; location / {}"), "no");
        assert_eq!(answered("server_rewrite_by_lua_block { f() } return 404; location / {}"), "no");
    }

    #[test]
    fn where_it_is_sent() {
        assert_eq!(answered("rewrite ^ /k last; location / {} location = /k {} location /x {}"), "rewrite ^: = /k");
        assert_eq!(answered("rewrite .* /k?$args; location / {} location = /k {}"), "rewrite .*: = /k");
        assert_eq!(answered("rewrite ^ /k$uri last; location / {}"), "no");
        assert_eq!(
            answered("if ($arg_a) { rewrite ^ /a break; } rewrite ^ /k last; location /a {} location = /k {} location / {}"),
            "rewrite ^: /a = /k"
        );
        assert_eq!(answered("rewrite ^/a /b last; rewrite ^ /k last; location /b {} location /k {} location / {}"), "rewrite ^: /b /k");
    }

    #[test]
    fn where_it_goes_from_there() {
        let to = "rewrite ^ /k last; location = /k { rewrite ^ /l last; } location /l {} location / {}";
        assert_eq!(answered(to), "rewrite ^: = /k /l");
        assert_eq!(answered("return 404; location @a { rewrite ^ /b last; } location /b {} location /c {}"), "return 404: @a /b");
        assert_eq!(answered("return 404; location @a { rewrite x /b$uri last; } location /b {}"), "no");
        assert_eq!(answered("return 404; location @a { rewrite_by_lua_block { f() } } location /b {}"), "no");
        assert_eq!(answered("return 404; location @a { include /nowhere/x; } location /b {}"), "no");
    }
}

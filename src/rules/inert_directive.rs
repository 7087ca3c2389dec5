//! `inert-directive`: a directive that has no effect where it stands, because what would read it is not there.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::claims::{Claims, line};
use super::dead_access_rule::has_rules;
use super::dead_server::is_whole;
use super::{Confidence, Finding, Rule, Severity, Tag};
use crate::config::{Config, EntryId, Listen, LocationId, Matcher, ServerId};
use crate::message;
use crate::messages::{Message, list};
use crate::nginx::context::Context;
use crate::nginx::directives;
use crate::nginx::handlers::passes;
use crate::nginx::values::is_absolute_url;
use crate::phrase;
use crate::project::includes::Include;
use crate::project::{Place, RootKind};
use crate::routing::server::normal_address;
use crate::routing::{UriSet, hosts};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "inert-directive", summary: "a directive that has no effect where it stands", severity: Severity::Hint, check };

/// Some directives of one block that are inert for one reason.
#[derive(Clone)]
struct Group {
    /// The block, and what tells the groups of one block apart.
    key: (Place, &'static str),
    /// The finding; what it says is put together when all the names are known.
    finding: Finding,
    /// Why they have no effect.
    reason: Message,
}

struct Piece {
    group: Group,
    name: String,
    place: Place,
}

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims: Claims<Piece> = Claims::default();
    let mut singles: Claims<Finding> = Claims::default();
    for view in analysis.views() {
        without_tls(view, &mut claims);
        beside_handler(analysis, view, &mut claims);
        without_pass(view, &mut claims);
        headers_of_errors(analysis, view, &mut singles);
        nobody_is_asked(analysis, view.config, &mut singles);
        ignored_uri(analysis, view.config, &mut singles);
    }
    let pieces = claims.confirmed(analysis);
    let mut groups: Vec<(Group, Vec<String>)> = Vec::new();
    for piece in pieces {
        // The directives of one block come one after the other for each reason.
        match groups.iter_mut().rev().take(16).find(|(group, _)| group.key == piece.group.key) {
            Some((_, names)) => {
                if !names.contains(&piece.name) {
                    names.push(piece.name);
                }
            }
            None => {
                let mut group = piece.group;
                group.finding.place = piece.place;
                groups.push((group, vec![piece.name]));
            }
        }
    }
    for (group, names) in groups {
        let mut finding = group.finding;
        let language = analysis.language;
        let (count, names) = (names.len(), list(language, &names, 3));
        finding.message = message!(language, "inert-directive-says", names = names, count = count, reason = group.reason.say(language));
        out.push(finding);
    }
    out.extend(singles.confirmed(analysis));
}

/// A finding of which is known where it is, and not yet what it says.
fn unsaid(severity: Severity, confidence: Confidence, place: Place) -> Finding {
    Finding::new(RULE.id, severity, confidence, place, String::new()).tag(Tag::Unnecessary)
}

/// The directives of a name in a block, at whatever depth: a block's entries lie together behind it.
pub(super) fn inside<'a>(config: &'a Config, block: EntryId, name: &str) -> impl Iterator<Item = EntryId> + 'a {
    let all = config.all(name);
    let start = all.partition_point(|id| *id <= block);
    all.iter().skip(start).copied().take_while(move |id| config.ancestors(*id).any(|around| around == block))
}

fn has_unknown(config: &Config, block: EntryId) -> bool {
    config.unknown_includes.iter().any(|include| config.ancestors(*include).any(|around| around == block))
}

fn has_unknown_directly(config: &Config, block: EntryId) -> bool {
    config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(block))
}

/// Is it a directive of nginx's own that may stand in a location (or server) of http?
fn is_http(name: &str) -> bool {
    directives::named(name).iter().any(|one| {
        one.protocol == "http"
            && matches!(one.package, "nginx" | "nginx-plus")
            && (one.contexts.contains(Context::Location) || one.contexts.contains(Context::Server))
    })
}

/// `ssl_*` and `quic_*` in a server of which no address speaks TLS: the option of one `listen` holds for all servers of the address
/// (`ngx_http_add_addresses`).
fn without_tls(view: View, claims: &mut Claims<Piece>) {
    let View { config, root, language, .. } = view;
    // Before 1.25.1 `ssl on` did the same as the option of `listen`.
    let old = config.all("ssl").iter().any(|id| config.directive(*id).arg(0) != Some("off"));
    if !matches!(root.kind, RootKind::Main | RootKind::Http) {
        return;
    }
    let everything = is_whole(view);
    let mut options: FxHashMap<(String, u16), [bool; 2]> = FxHashMap::default();
    for listen in config.servers.iter().flat_map(|server| &server.listens) {
        let speaks = options.entry((normal_address(&listen.address), listen.port)).or_default();
        *speaks = [speaks[0] || listen.ssl || listen.quic, speaks[1] || listen.quic];
    }
    let is_tls = |name: &str| name.starts_with("ssl_");
    let is_quic = |name: &str| name.starts_with("quic_") || name.starts_with("http3");
    let wanting = config.named(|name| (is_tls(name) && !old || is_quic(name)) && is_http(name));
    let known = hosts::Known::new(config);
    for (index, server) in config.servers.iter().enumerate() {
        let children = config.entry(server.entry).children.iter().copied();
        let written: Vec<EntryId> = children.filter(|id| wanting.has(*id) && config.directive(*id).arg(0) != Some("off")).collect();
        if written.is_empty() || !known.is_of(server) {
            continue;
        }
        let speaks = |key: usize| {
            let key = |listen: &Listen| options.get(&(normal_address(&listen.address), listen.port)).is_some_and(|speaks| speaks[key]);
            server.listens.iter().any(key)
        };
        let (tls, quic) = (speaks(0), speaks(1));
        let confidence = if everything { Confidence::Proven } else { Confidence::Likely };
        let on_443 = server.listens.iter().any(|listen| listen.port == 443);
        for id in written {
            let name = &*config.directive(id).name.value;
            let (missing, option, key) = if is_tls(name) { (!tls, "ssl", "tls") } else { (!quic, "quic", "quic") };
            if missing {
                let severity = if on_443 && key == "tls" { Severity::Info } else { Severity::Hint };
                let server_name = config.display_server(ServerId(index as u32));
                let reason = phrase!("inert-directive-no-option", server = server_name, option = option);
                let mut finding = unsaid(severity, confidence, config.header(id));
                if let Some(listen) = config.children(server.entry, "listen").next() {
                    finding = finding.related(config.header(listen), message!(language, "inert-directive-not-here", option = option));
                }
                // `ngx_http_ssl_merge_srv_conf`
                if key == "tls" && config.inherited(server.entry, "ssl_certificate").is_some() {
                    finding = finding.note(message!(language, "inert-directive-still-read"));
                }
                if !everything {
                    finding = finding.note(message!(language, "inert-directive-elsewhere", option = option));
                }
                let group = Group { key: (config.place(server.entry), key), finding, reason };
                claims.add(config, id, 0, Piece { group, name: format!("`{name}`"), place: config.header(id) });
            }
        }
    }
}

/// Content handlers that answer each request they get. (`flv`, `mp4`, Lua, JavaScript and Perl can hand it on to the next one.)
fn answers_all(name: &str) -> bool {
    passes(name) || matches!(name, "stub_status" | "empty_gif")
}

/// Directives of the content phase, which a handler takes the place of (`ngx_http_core_content_phase`).
const FILES: [&str; 10] = [
    "index",
    "autoindex",
    "autoindex_exact_size",
    "autoindex_format",
    "autoindex_localtime",
    "random_index",
    "gzip_static",
    "dav_methods",
    "create_full_put_path",
    "min_delete_depth",
];

fn beside_handler(analysis: &Analysis, view: View, claims: &mut Claims<Piece>) {
    let (config, language) = (view.config, view.language);
    for name in FILES {
        for &id in config.all(name) {
            let Some(block) = config.entry(id).parent else { continue };
            let Some(location) = config.location_at(block).filter(|location| config.location(*location).locations.is_empty()) else {
                continue;
            };
            let handler = config.entry(block).children.iter().copied().rfind(|id| answers_all(&config.directive(*id).name.value));
            let Some(handler) = handler else { continue };
            // For its methods a `limit_except` takes away the handlers that are no proxies; a second handler of another kind may hand on.
            let other = config.entry(block).children.iter().any(|id| {
                let name = &*config.directive(*id).name.value;
                matches!(name, "limit_except" | "flv" | "mp4" | "perl" | "js_content")
                    || name.starts_with("content_by_lua")
                    || name.starts_with("echo")
            });
            let off = config.directive(id).arg(0) == Some("off");
            if other || off || has_unknown_directly(config, block) {
                continue;
            }
            let file = config.entry(id).file;
            let reason = phrase!(
                "inert-directive-handler",
                location = config.display_location(location),
                handler = &*config.directive(handler).name.value,
                at = line(analysis, file, config.header(handler))
            );
            let finding = unsaid(Severity::Hint, Confidence::Proven, config.header(id))
                .related(config.header(handler), message!(language, "inert-directive-no-files"));
            let group = Group { key: (config.place(block), "handler"), finding, reason };
            claims.add(config, id, 0, Piece { group, name: format!("`{name}`"), place: config.header(id) });
        }
    }
}

/// Modules that pass requests on, with what a message calls them.
const MODULES: [(&str, &str); 6] = [
    ("proxy_", "proxy_pass"),
    ("fastcgi_", "fastcgi_pass"),
    ("uwsgi_", "uwsgi_pass"),
    ("scgi_", "scgi_pass"),
    ("grpc_", "grpc_pass"),
    ("memcached_", "memcached_pass"),
];

/// The answer to the last question: directives that stand together ask the same.
struct Last<Q, A>(Cell<Option<(Q, A)>>);

impl<Q: Copy + PartialEq, A: Copy> Last<Q, A> {
    fn answer(&self, question: Q, find: impl FnOnce() -> A) -> A {
        if let Some((_, answer)) = self.0.get().filter(|(last, _)| *last == question) {
            return answer;
        }
        let answer = find();
        self.0.set(Some((question, answer)));
        answer
    }
}

/// Chosen: a setting of a module that nothing is passed to.
struct WithoutPass;

/// Settings of a module that passes requests on, in a block where nothing is passed to it.
fn without_pass(view: View, claims: &mut Claims<Piece>) {
    let config = view.config;
    let module = |name: &str| MODULES.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, pass)| *pass);
    // A folder for temporary files is made at the start, whoever uses it.
    let idle = |name: &str| {
        let made = name.ends_with("_temp_path") || name.ends_with("_cache_purge");
        module(name).is_some_and(|pass| name != pass && !made && is_setting(name))
    };
    let last = Last(Cell::new(None));
    let inert = |id: EntryId| {
        let (pass, parent) = (module(config.name(id))?, config.entry(id).parent?);
        let block = last.answer((parent, pass), || inert_for(view, parent, pass))?;
        Some((pass, block))
    };
    let names: Vec<&str> = config.names().filter(|name| idle(name)).collect();
    for id in view.chosen::<WithoutPass>(&names, |id| inert(id).is_some()) {
        let Some((pass, block)) = inert(id).filter(|(_, block)| !includes_nothing(view, *block)) else { continue };
        let name = config.name(id);
        let here = match config.location_at(block) {
            Some(location) => Message::verbatim(format!("`{}`", config.display_location(location))),
            None if config.directive(block).is("server") => phrase!("inert-directive-server"),
            None => phrase!("inert-directive-whole"),
        };
        let reason = phrase!("inert-directive-no-pass", block = here, pass = pass);
        let finding = unsaid(Severity::Hint, Confidence::Proven, config.header(id));
        let group = Group { key: (config.place(block), pass), finding, reason };
        claims.add(config, id, 0, Piece { group, name: format!("`{name}`"), place: config.header(id) });
    }
}

/// A setting that is inherited from http down to locations.
fn is_setting(name: &str) -> bool {
    directives::in_context(name, Context::Location)
        .is_some_and(|one| one.protocol == "http" && matches!(one.package, "nginx" | "nginx-plus"))
}

/// The block in which a setting that stands in `parent` would have to find its `*_pass`, where there is none in sight; `None` where there is
/// one, or may be.
fn inert_for(view: View, parent: EntryId, pass: &str) -> Option<EntryId> {
    let config = view.config;
    // So it is in nearly every block that has such settings.
    if config.children(parent, pass).next().is_some() {
        return None;
    }
    let named = |id: EntryId| config.name(id);
    let block = config.ancestors(parent).find(|id| !matches!(named(*id), "if" | "limit_except"))?;
    let whole = config.directive(block).is("http");
    // Nothing but these around: not `stream`, nor the block of another module.
    if !config.ancestors(block).all(|id| matches!(named(id), "http" | "server" | "location")) || whole && view.root.kind != RootKind::Main {
        return None;
    }
    if !whole && config.location_at(block).is_none() {
        config.server_at(block).filter(|server| !config.server(*server).synthetic)?;
    }
    let purge = format!("{}cache_purge", pass.strip_suffix("pass")?);
    let passes = inside(config, block, pass).next().is_some() || inside(config, block, &purge).next().is_some();
    (!passes && !has_unknown(config, block)).then_some(block)
}

/// Is there an `include` in the block that leads to no file? A folder that is empty here may not be so on the server.
fn includes_nothing(view: View, block: EntryId) -> bool {
    let empty = |id: EntryId| match view.root.includes.get(&view.config.place(id)) {
        Some(Include::Files(files)) => files.is_empty(),
        _ => false,
    };
    inside(view.config, block, "include").any(empty)
}

/// Status codes of answers that `add_header` without `always` is for (`ngx_http_headers_filter`).
const WITH_HEADERS: [u16; 10] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

/// What a block answers to every request that it gets, by a `return` that nothing comes before: the directive and its code. `None`
/// for a block that may answer in another way.
pub(super) fn only_answer(config: &Config, block: EntryId) -> Option<(EntryId, u16)> {
    // Rewriting comes before everything else (`ngx_http_rewrite_handler`), unless told otherwise. A location that passes requests on
    // answers its name without the slash by a redirect before.
    const BEFORE: [&str; 3] = ["if", "rewrite", "break"];
    const ANYWHERE: [&str; 3] = ["location", "limit_except", "rewrite_by_lua_no_postpone"];
    if has_unknown_directly(config, block) || !matches!(config.name(block), "location" | "server" | "if") {
        return None;
    }
    let id = config.children(block, "return").next()?;
    let children = &config.entry(block).children;
    let before = children.iter().take_while(|child| **child != id);
    let name = |id: &EntryId| config.name(*id);
    let else_reached = before.copied().any(|id| BEFORE.contains(&name(&id)) || name(&id).contains("_by_lua"))
        || children.iter().any(|id| ANYWHERE.contains(&name(id)) || passes(name(id)));
    if else_reached {
        return None;
    }
    let directive = config.directive(id);
    let code = match directive.args.as_slice() {
        [one] => one.value.parse().unwrap_or(302),
        [code, _] => code.value.parse().ok()?,
        _ => return None,
    };
    Some((id, code))
}

/// Code that runs on an answer's headers (`ngx_http_lua_header_filter_module`).
const HEADER_FILTERS: [&str; 3] = ["header_filter_by_lua", "header_filter_by_lua_block", "header_filter_by_lua_file"];

/// Chosen: an `add_header` in a block that only answers with such a code.
struct HeaderOfError;

/// `add_header` without `always` in a block that only answers with another code than those it is for.
fn headers_of_errors(analysis: &Analysis, view: View, claims: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let last = Last(Cell::new(None));
    let answers = |id: EntryId| {
        let block = config.entry(id).parent?;
        let (answer, code) = last.answer(block, || only_answer(config, block)).filter(|(_, code)| !WITH_HEADERS.contains(code))?;
        Some((block, answer, code))
    };
    for id in view.chosen::<HeaderOfError>(&["add_header"], |id| answers(id).is_some()) {
        let Some((block, answer, code)) = answers(id) else { continue };
        let directive = config.directive(id);
        if directive.args.iter().skip(2).any(|word| &*word.value == "always") || code < 200 {
            continue;
        }
        // A page that is a whole address makes of the error a redirect, which has the headers; that may be another error, too (404 where
        // it is `internal`, 413). A page for this code comes from another location, or from here once more.
        let text = code.to_string();
        let own = config.directive(answer).args.len() == 1;
        let paged = config.inherited_all(block, "error_page").iter().any(|id| {
            let args = &config.directive(*id).args;
            let outside = args.last().is_none_or(|page| !page.value.starts_with(['/', '@']));
            outside || own && args.iter().any(|word| *word.value == *text)
        });
        // Where it is none of the headers around it hold here, and code may change the status before headers are made.
        let lifts = config.ancestors(block).skip(1).any(|around| config.children(around, "add_header").next().is_some());
        let code_runs = !config.inherited_of(block, &HEADER_FILTERS).is_empty();
        if paged || lifts || code_runs {
            continue;
        }
        let file = config.entry(id).file;
        let at = line(analysis, file, config.header(answer));
        let header = directive.arg(0).unwrap_or_default();
        let message = match code {
            444 => message!(language, "inert-directive-closes", header = header, at = at),
            _ => message!(language, "inert-directive-status", header = header, code = code, at = at),
        };
        let whole = view.root.kind == RootKind::Main;
        let confidence = if whole { Confidence::Proven } else { Confidence::Likely };
        let mut finding = Finding::new(RULE.id, Severity::Warning, confidence, config.header(id), message)
            .related(config.header(answer), message!(language, "inert-directive-only-answer"))
            .tag(Tag::Unnecessary);
        if header.eq_ignore_ascii_case("content-type") {
            finding = finding.note(message!(language, "inert-directive-default-type"));
        }
        if !whole {
            finding = finding.note(message!(language, "inert-directive-error-page"));
        }
        claims.add(config, id, 0, finding);
    }
}

/// `satisfy any` with `allow all`: whoever would have to show who he is, is allowed before (`ngx_http_core_access_phase`).
fn nobody_is_asked(analysis: &Analysis, config: &Config, claims: &mut Claims<Finding>) {
    if !config.all("satisfy").iter().any(|id| config.directive(*id).arg(0) == Some("any")) {
        return;
    }
    for &id in config.all("allow").iter().filter(|id| config.directive(**id).arg(0) == Some("all")) {
        let Some(block) = config.entry(id).parent.filter(|block| has_rules(config, *block)) else { continue };
        let any = config.inherited(block, "satisfy").filter(|id| config.directive(*id).arg(0) == Some("any"));
        // Whoever was denied before has to show it.
        let denied = config.children(block, "deny").any(|deny| deny < id);
        // In the same block only: with that an inherited one is switched off on purpose.
        let asked = ["auth_basic", "auth_request", "auth_jwt"].iter().find_map(|name| config.children(block, name).next());
        let (Some(any), Some(auth), false) = (any, asked, denied) else { continue };
        if config.directive(auth).arg(0) == Some("off") {
            continue;
        }
        let name = &*config.directive(auth).name.value;
        let at = line(analysis, config.entry(auth).file, config.header(id));
        let language = analysis.language;
        let message = message!(language, "inert-directive-nobody", directive = name, at = at);
        let finding = Finding::new(RULE.id, Severity::Warning, Confidence::Proven, config.header(auth), message)
            .related(config.header(id), message!(language, "inert-directive-everybody"))
            .related(config.header(any), message!(language, "inert-directive-one-enough"));
        claims.add(config, auth, 0, finding);
    }
}

/// The URI part of a `proxy_pass` behind a `rewrite … break` that always matches: what is sent is the rewritten URI, as it is
/// (`ngx_http_proxy_create_request`, `valid_location`).
fn ignored_uri(analysis: &Analysis, config: &Config, claims: &mut Claims<Finding>) {
    for &id in config.all("rewrite") {
        if config.directive(id).arg(2) != Some("break") || config.directive(id).args.len() != 3 {
            continue;
        }
        let Some((block, location)) = config.entry(id).parent.and_then(|block| Some((block, config.location_at(block)?))) else { continue };
        let children = &config.entry(block).children;
        let Some(pass) = children.iter().copied().find(|id| config.directive(*id).is("proxy_pass")) else { continue };
        let Some(uri) = config.directive(pass).arg(0).and_then(uri_part).filter(|uri| *uri != "/") else { continue };
        // Nothing may come before it that ends the sequence, or makes another URI of it.
        let changes = |id: &EntryId| {
            let name = &*config.directive(*id).name.value;
            matches!(name, "if" | "rewrite" | "break" | "return") || name.contains("_by_lua")
        };
        let first = children.iter().take_while(|one| **one != id).all(|id| !changes(id));
        let other = children.iter().any(|id| matches!(&*config.directive(*id).name.value, "limit_except" | "rewrite_by_lua_no_postpone"));
        let replaced = config.directive(id).arg(1).unwrap_or_default();
        let redirects = is_absolute_url(replaced);
        if !first || other || redirects || has_unknown_directly(config, block) {
            continue;
        }
        let Some(confidence) = matches_all(config, location, config.directive(id).arg(0).unwrap_or_default()) else { continue };
        let at = line(analysis, config.entry(pass).file, config.header(id));
        let message = message!(analysis.language, "inert-directive-uri", uri = uri, at = at);
        let finding = Finding::new(RULE.id, Severity::Warning, confidence, config.arg_place(pass, 0), message)
            .related(config.header(id), message!(analysis.language, "inert-directive-from-here"));
        let finding = match confidence {
            Confidence::Proven => finding,
            _ => finding.note(message!(analysis.language, "inert-directive-line-feed")),
        };
        claims.add(config, pass, 0, finding);
    }
}

/// The URI part of a `proxy_pass` without variables.
fn uri_part(pass: &str) -> Option<&str> {
    let (scheme, rest) = pass.split_once("://")?;
    if !matches!(scheme, "http" | "https") || pass.contains('$') || pass.contains("{{") || rest.starts_with("unix:") {
        return None;
    }
    rest.get(rest.find(['/', '?'])?..)
}

/// Does a regex match every URI that the location admits? `None` when it does not, or that can't be told; a mere *likely* where URIs with a
/// line feed are left.
fn matches_all(config: &Config, location: LocationId, regex: &str) -> Option<Confidence> {
    let matcher = &config.location(location).matcher;
    if matcher.is_template() || matches!(matcher, Matcher::Named(_)) {
        return None;
    }
    let rest = UriSet::admitted(matcher)?.minus(&UriSet::regex(regex, false)?);
    if rest.is_empty()? {
        return Some(Confidence::Proven);
    }
    rest.minus(&UriSet::regex("\\n", false)?).is_empty()?.then_some(Confidence::Likely)
}

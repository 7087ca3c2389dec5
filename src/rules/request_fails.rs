//! `request-fails`: directives that work each by itself, and fail requests together.

mod two_ifs;

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::claims::{Claims, shown};
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::message;
use crate::nginx::handlers::content_handler;
use crate::routing::sequence::condition::{Condition, written};
use crate::routing::sequence::{Sequence, Then};
use crate::world::{Analysis, View};
use two_ifs::two_ifs;

/// The rule.
pub const RULE: Rule = Rule {
    id: "request-fails",
    summary: "directives with which nginx answers 500, or leaves out what is written",
    severity: Severity::Warning,
    check,
};

/// For how many missing names one that looks like it is searched for. So many are no slips of the finger, and each is compared with all others.
const SLIPS: usize = 200;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut found = Claims::default();
    for view in analysis.views() {
        missing_names(view, &mut found);
        rewritten_aliases(view, &mut found);
        for entry in view.config.all("try_files") {
            if let Some(location) = view.config.entry(*entry).parent.and_then(|block| view.config.location_at(block)) {
                skipped_files(view, *entry, location, &mut found);
                lost_prefix(view, *entry, location, &mut found);
                short_uri(view, *entry, location, &mut found);
            }
        }
        if !view.config.all("if").is_empty() {
            two_ifs(view, &mut found);
        }
    }
    out.extend(found.anywhere(analysis));
}

fn finding(config: &Config, entry: EntryId, confidence: Confidence, message: String) -> Finding {
    Finding::new(RULE.id, RULE.severity, confidence, config.header(entry), message)
}

/// `error_page` and `try_files` that name a location which the server does not have: 500, found at run time only
/// (`ngx_http_named_location`).
fn missing_names(view: View<'_>, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let mut searched = 0;
    let dead: FxHashSet<LocationId> = view.dead().iter().map(|dead| dead.location).collect();
    let complete: Vec<LazyCell<bool, _>> =
        (0..config.servers.len() as u32).map(|server| LazyCell::new(move || has_all_names(config, ServerId(server)))).collect();
    let lacks = |server: &ServerId, name: &str| {
        view.router().named(*server, name).is_none() && complete.get(server.index()).is_some_and(|complete| **complete)
    };
    for entry in config.all("error_page").iter().chain(config.all("try_files")).copied() {
        let directive = config.directive(entry);
        let Some(last) = directive.args.last().map(|word| word.value.clone()).filter(|word| word.starts_with('@')) else { continue };
        if directive.args.len() < 2 || Matcher::Named(last.clone()).is_template() || last.contains('$') {
            continue;
        }
        // One of `http` holds in the servers that have none of their own.
        let own = |server: &ServerId| config.children(config.server(*server).entry, "error_page").next().is_some();
        let servers: Vec<ServerId> = match config.server_of(entry) {
            Some(server) => vec![server],
            None => (0..config.servers.len() as u32).map(ServerId).filter(|server| !own(server)).collect(),
        };
        let Some(server) = servers.into_iter().find(|server| lacks(server, &last)) else { continue };
        if never_runs(view, &dead, entry) {
            continue;
        }
        let message = message!(
            language,
            "request-fails-no-name",
            directive = shown(config, entry),
            server = config.say_server(language, server),
            name = &*last
        );
        let mut finding = finding(config, entry, Confidence::Proven, message);
        searched += 1;
        let of_server = config.server(server).locations.iter().copied().filter(|_| searched <= SLIPS);
        let near = of_server.into_iter().find(|id| match &config.location(*id).matcher {
            Matcher::Named(name) => strsim::damerau_levenshtein(name, &last) <= 2,
            _ => false,
        });
        if let Some(near) = near {
            finding = finding.related(config.header(config.location(near).entry), message!(language, "request-fails-this-one"));
        }
        found.add(config, entry, 1, finding);
    }
}

/// True for a directive that no request gets to: in a location that none reaches, or behind a `return` that answers all of them.
fn never_runs(view: View<'_>, dead: &FxHashSet<LocationId>, entry: EntryId) -> bool {
    let config = view.config;
    let mut around = config.ancestors(entry).skip(1);
    let is_dead = |id: EntryId| config.location_at(id).is_some_and(|own| dead.contains(&own));
    let block = config.entry(entry).parent.filter(|block| config.location_at(*block).is_some());
    let sequence = block.and_then(|block| view.sequences().of(block)).filter(|sequence| sequence.never_stays().is_some());
    // An answer may be an error that has a page.
    let fine = |sequence: &Sequence| sequence.exits.iter().all(|exit| exit.by.is_some_and(|by| answers_well(config, by)));
    around.any(is_dead) || sequence.is_some_and(|sequence| config.directive(entry).is("try_files") || fine(sequence))
}

/// `return 204`: what no `error_page` here is for.
fn answers_well(config: &Config, by: EntryId) -> bool {
    let directive = config.directive(by);
    directive.is("return") && directive.arg(0).is_some_and(|code| code.starts_with('2'))
}

/// True for a server of which every named location is seen: none comes from a file that is not here, or from a template.
fn has_all_names(config: &Config, server: ServerId) -> bool {
    let block = config.server(server);
    let unknown = config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(block.entry));
    !block.synthetic && !unknown && !block.locations.iter().any(|id| config.location(*id).matcher.is_template())
}

/// The directive that says where a location's files are, its own or one that it inherits, and the location in which it stands.
fn files_of(config: &Config, location: LocationId) -> Option<(EntryId, LocationId)> {
    std::iter::successors(Some(location), |id| config.location(*id).parent).find_map(|id| {
        let block = config.location(id).entry;
        config.children(block, "alias").chain(config.children(block, "root")).last().map(|entry| (entry, id))
    })
}

/// True where nginx itself serves files: no content handler, no module that could bring one, nothing that is not seen.
fn serves_files(config: &Config, location: LocationId) -> bool {
    let known = |entry: &EntryId| {
        let name = &*config.directive(*entry).name.value;
        let own = config.entry(*entry).known;
        content_handler(name).is_none() && (own.is_empty() && name == "include" || own.iter().any(|own| own.package == "nginx"))
    };
    let block = config.location(location).entry;
    let unknown = |entry: &EntryId| config.unknown_includes.contains(entry);
    let children = &config.entry(block).children;
    children.iter().all(known) && !children.iter().any(unknown)
}

/// An `alias` can't be used once the URI was rewritten in place: 500 (`ngx_http_map_uri_to_path`).
fn rewritten_aliases(view: View<'_>, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    if config.all("alias").is_empty() {
        return;
    }
    let aliased = |id: LocationId| files_of(config, id).map(|(entry, _)| entry).filter(|entry| config.directive(*entry).is("alias"));
    let mut blocks: Vec<_> = view.sequences().all().collect();
    blocks.sort_by_key(|(block, _)| *block);
    for (block, sequence) in blocks {
        for exit in sequence.exits.iter().filter(|exit| exit.rewritten) {
            let Some(by) = exit.by else { continue };
            let mut confidence = Confidence::Proven;
            let location = match config.location_at(block) {
                Some(location) => Some(location),
                None => config.server_of(block).and_then(|server| {
                    if exit.uri().is_none() {
                        confidence = Confidence::Likely;
                    }
                    let start = exit.uri().unwrap_or(exit.uri_start());
                    (!start.is_empty()).then(|| view.router().locate(server, start).location)?
                }),
            };
            let Some((location, alias)) = location.and_then(|location| Some((location, aliased(location)?))) else { continue };
            // An `if` may have files or a handler of its own.
            let inside = config.entry(by).parent.filter(|parent| config.directive(*parent).is("if"));
            let other = inside.is_some_and(|inside| {
                let name = |entry: &EntryId| config.directive(*entry).name.value.clone();
                config.entry(inside).children.iter().any(|entry| content_handler(&name(entry)).is_some() || &*name(entry) == "root")
            });
            if other || !serves_files(config, location) {
                continue;
            }
            let name = config.display_location(location);
            let message = message!(language, "request-fails-alias", directive = shown(config, by), location = &name);
            let mut finding =
                finding(config, by, confidence, message).related(config.header(alias), message!(language, "request-fails-takes-off"));
            if confidence == Confidence::Likely {
                finding = finding.note(message!(language, "request-fails-as-far", location = name));
            }
            found.add(config, by, 2, finding);
        }
    }
}

/// A true `if` has no `try_files`: it is not inherited (`ngx_http_try_files_module` has no merge).
fn skipped_files(view: View<'_>, entry: EntryId, location: LocationId, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let Some(sequence) = view.sequences().of(config.location(location).entry) else { return };
    for branch in &sequence.branches {
        // What does something about the request in there knows what it does.
        let acts = |entry: &EntryId| {
            let name = &*config.directive(*entry).name.value;
            matches!(name, "rewrite" | "break" | "return") || content_handler(name).is_some() || config.unknown_includes.contains(entry)
        };
        let (branch, then) = (branch.entry, branch.then);
        let confidence = match then {
            Then::Stay => Confidence::Proven,
            Then::MayStay => Confidence::Likely,
            // Nothing gets to `try_files` from there.
            Then::Leave | Then::Open => continue,
        };
        if config.entry(branch).children.iter().any(acts) || finds_the_same(config, branch, entry) {
            continue;
        }
        let condition = written(config.directive(branch));
        let location = config.display_location(location);
        let message = message!(language, "request-fails-skipped", condition = condition, location = location);
        let finding = finding(config, branch, confidence, message)
            .related(config.header(entry), message!(language, "request-fails-not-inherited"))
            .note(message!(language, "request-fails-map"));
        found.add(config, branch, 3, finding);
    }
}

/// `if (-f $request_filename)` before `try_files $uri …`: where it is true, the file would have been found all the same.
fn finds_the_same(config: &Config, branch: EntryId, try_files: EntryId) -> bool {
    let condition = Condition::read(config.directive(branch));
    let is_file = condition == Some(Condition::File { test: "-f", path: "$request_filename" });
    let elsewhere = ["root", "alias"].iter().any(|name| config.children(branch, name).next().is_some());
    is_file && !elsewhere && config.directive(try_files).arg(0) == Some("$uri")
}

/// With `alias`, what `try_files` makes of variables loses the location's name where it begins with it, the last argument, too
/// (`ngx_http_try_files_handler`, ticket 97).
fn lost_prefix(view: View<'_>, entry: EntryId, location: LocationId, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let Some((alias, owner)) = files_of(config, location).filter(|(files, _)| config.directive(*files).is("alias")) else { return };
    let (Matcher::Exact(name) | Matcher::Prefix { path: name, .. }) = &config.location(owner).matcher else { return };
    let Some(last) = config.directive(entry).args.last().map(|word| &*word.value) else { return };
    let filled_in = Matcher::Exact(last.into()).is_template() && (last.contains("{{") || last.contains("@@") || last.contains("<%"));
    let Some((start, _)) = last.split_once('$').filter(|_| !filled_in && !name.is_empty() && !config.location(owner).matcher.is_template())
    else {
        return;
    };
    if !start.starts_with(&**name) {
        return;
    }
    let rest = last.get(name.len()..).unwrap_or_default();
    // Written twice, the name survives.
    let twice = rest.starts_with(&**name) || name.ends_with('/') && rest.starts_with('/');
    if twice || rest.starts_with('$') {
        return;
    }
    let path = rest.split('?').next().unwrap_or(rest);
    let message = message!(language, "request-fails-prefix", path = path, written = last.split('?').next().unwrap_or(last), name = &**name);
    let finding = finding(config, entry, Confidence::Proven, message)
        .related(config.header(alias), message!(language, "request-fails-this-alias"))
        .note(message!(language, "request-fails-as-written"));
    found.add(config, entry, 4, finding);
}

/// A file of `try_files` that is found becomes the URI; with a URI in `proxy_pass` the location's name is cut off it, however short it
/// is.
fn short_uri(view: View<'_>, entry: EntryId, location: LocationId, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let block = config.location(location).entry;
    let (Matcher::Exact(name) | Matcher::Prefix { path: name, .. }) = &config.location(location).matcher else { return };
    let with_uri = |pass: &EntryId| {
        let rest = config.directive(*pass).arg(0).and_then(|url| url.split_once("://")).map_or("", |(_, rest)| rest);
        !rest.contains('$') && !rest.starts_with("unix:") && rest.contains('/')
    };
    let Some(pass) = config.children(block, "proxy_pass").find(with_uri) else { return };
    if files_of(config, location).is_some_and(|(files, _)| config.directive(files).is("alias")) {
        return;
    }
    let args = &config.directive(entry).args;
    let elements = args.iter().rev().skip(1).map(|word| &*word.value);
    let Some(short) = elements.filter(|text| !text.contains(['$', '{', '<', '@'])).find(|text| text.len() < name.len()) else { return };
    let message = message!(language, "request-fails-short", short = short, bytes = name.len());
    let mut finding = finding(config, pass, Confidence::Likely, message)
        .related(config.header(entry), message!(language, "request-fails-found-here"))
        .note(message!(language, "request-fails-crash"));
    finding.severity = Severity::Hint;
    found.add(config, pass, 5, finding);
}

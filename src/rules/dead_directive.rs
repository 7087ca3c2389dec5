//! `dead-directive`: a directive that never takes effect, because something before it in nginx's order always ends the matter.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::captures::Users;
use super::claims::{Claims, line, shown};
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, Matcher};
use crate::message;
use crate::nginx::handlers;
use crate::routing::sequence::{ExitKind, Sequence};
use crate::syntax::Directive;
use crate::usage::required::{self, Definers};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule { id: "dead-directive", summary: "a directive that never takes effect", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut found = Claims::default();
    for view in analysis.views() {
        let definers = Definers::of(view.config);
        let users = LazyCell::new(|| Users::of(view.config));
        let rule = Reading { analysis, view, definers: &definers };
        let mut blocks: Vec<(EntryId, &Sequence)> = view.sequences().all().collect();
        blocks.sort_by_key(|(block, _)| *block);
        for (block, sequence) in blocks {
            rule.of_sequence(block, sequence, &|entry| users.are_after(entry), &mut found);
            rule.behind(block, sequence, &mut found);
        }
    }
    out.extend(found.confirmed(analysis));
}

/// One configuration, and what defines the names in it.
struct Reading<'a> {
    analysis: &'a Analysis,
    view: View<'a>,
    definers: &'a Definers<'a>,
}

impl Reading<'_> {
    /// What never runs inside a sequence.
    fn of_sequence(&self, block: EntryId, sequence: &Sequence, clears: &dyn Fn(EntryId) -> bool, found: &mut Claims<Finding>) {
        let (config, language) = (self.view.config, self.view.language);
        for dead in &sequence.dead {
            let at = line(self.analysis, config.entry(dead.entry).file, config.place(dead.by));
            let name = &*config.directive(dead.by).name.value;
            let why = match name {
                "return" => message!(language, "dead-directive-answers", name = name, at = at),
                "rewrite" => message!(language, "dead-directive-matches", name = name, at = at),
                _ => message!(language, "dead-directive-ends", name = name, at = at),
            };
            let message = message!(language, "dead-directive-never-runs", directive = shown(config, dead.entry), why = why);
            let mut finding =
                self.finding(dead.entry, message).related(config.header(dead.by), message!(language, "dead-directive-behind"));
            // `return 403; break;` says twice what is meant.
            if config.directive(dead.entry).is("break") {
                finding.severity = Severity::Hint;
            }
            found.add(config, dead.entry, 0, finding);
        }
        for entry in &sequence.unmatched {
            let directive = shown(config, *entry);
            let message = match config.location_at(block) {
                Some(location) => {
                    let location = config.display_location(location);
                    message!(language, "dead-directive-unmatched-in", directive = directive, location = location)
                }
                None => message!(language, "dead-directive-unmatched", directive = directive),
            };
            let mut finding = self.finding(*entry, message);
            if clears(*entry) {
                finding.fixes.iter_mut().for_each(|fix| fix.safe = false);
            }
            found.add(config, *entry, 0, finding);
        }
    }

    /// What is behind the rewrite phase in a block whose requests never get there.
    fn behind(&self, block: EntryId, sequence: &Sequence, found: &mut Claims<Finding>) {
        let (config, language) = (self.view.config, self.view.language);
        let Some(by) = stopper(config, block, sequence) else { return };
        let location = config.location_at(block);
        let nested = location.is_some_and(|location| !config.location(location).locations.is_empty());
        let refused = answers_with_error(config, by);
        let inside = |entry: &EntryId| location.is_some() && config.directive(*entry).is("if");
        let children = config.entry(block).children.iter().copied();
        let ifs = config
            .entry(block)
            .children
            .iter()
            .filter(|entry| inside(entry))
            .flat_map(|entry| config.entry(*entry).children.iter().copied());
        let dead: FxHashSet<EntryId> = sequence.dead.iter().map(|dead| dead.entry).collect();
        for entry in children.chain(ifs) {
            let directive = config.directive(entry);
            let name = &*directive.name.value;
            // What of this kind nested locations inherit is alive there.
            let guards = is_access(name) && !nested && !lifts(directive);
            let answers = location.is_some() && (name == "try_files" || handlers::content_handler(name).is_some());
            if !guards && !answers || config.entry(entry).parent.is_some_and(|parent| dead.contains(&parent)) {
                continue;
            }
            let at = line(self.analysis, config.entry(entry).file, config.place(by));
            let id = if config.directive(by).is("return") { "dead-directive-after-answer" } else { "dead-directive-after-taken" };
            let message = message!(language, id, directive = shown(config, entry), name = &*config.directive(by).name.value, at = at);
            let mut finding = self.finding(entry, message).related(config.header(by), message!(language, "dead-directive-rewrite-first"));
            if guards {
                // To refuse what is refused anyhow is done often, and does no harm.
                if refused {
                    finding.severity = Severity::Hint;
                }
                finding.fixes.iter_mut().for_each(|fix| fix.safe = false);
            }
            if handlers::passes(name)
                && let Some(location) = location
                && let Matcher::Exact(path) | Matcher::Prefix { path, .. } = &config.location(location).matcher
                && let Some(short) = path.strip_suffix('/').filter(|short| !short.is_empty() && config.entry(entry).parent == Some(block))
            {
                finding.tags.clear();
                finding.fixes.iter_mut().for_each(|fix| fix.safe = false);
                finding = finding.note(message!(language, "remains-redirect", short = short, path = &**path));
            }
            found.add(config, entry, 0, finding);
        }
    }

    fn finding(&self, entry: EntryId, message: String) -> Finding {
        let View { config, language, .. } = self.view;
        let place = config.header(entry);
        let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, place, message).tag(Tag::Unnecessary);
        let mut safe = true;
        if let Some(key) = self.definers.all_only_in(entry).next() {
            safe = false;
            let own = entry.0..config.end(entry);
            if self.view.required().used(&key).iter().any(|user| !own.contains(&user.0)) {
                finding.severity = Severity::Hint;
                finding.tags.clear();
            }
            finding = finding.note(message!(language, "dead-directive-defines", variable = required::shown(&key)));
        }
        let title = message!(language, "comment-out", what = shown(config, entry));
        finding.fix(Fix { title, safe, action: FixAction::CommentOut(config.place(entry)) })
    }
}

/// The directive that keeps every request of a block from what comes behind the rewrite phase.
fn stopper(config: &Config, block: EntryId, sequence: &Sequence) -> Option<EntryId> {
    let by = sequence.never_stays()?;
    let is = |entry: &EntryId, name: &str| config.directive(*entry).is(name);
    let children = &config.entry(block).children;
    // A `limit_except` takes the place of the location before its sequence runs; so may one that is not seen. Some run without any
    // request.
    let seen = |entry: &EntryId| config.directive(*entry).name.value.starts_with(|first: char| first.is_ascii_alphabetic());
    let unknown = config.unknown_includes.iter().any(|include| config.ancestors(*include).any(|around| around == block));
    if unknown
        || children.iter().any(|entry| ["limit_except", "health_check", "js_periodic"].iter().any(|name| is(entry, name)) || !seen(entry))
    {
        return None;
    }
    // Lua that runs before the rewrite module could do anything.
    if config.all("rewrite_by_lua_no_postpone").iter().any(|id| config.directive(*id).arg(0) != Some("off")) {
        return None;
    }
    if config.location_at(block).is_some() {
        return Some(by);
    }
    // A search for a location comes behind a server's sequence, whatever it did to the URI; a named location needs none.
    let server = config.server_at(block).map(|id| config.server(id))?;
    let named = |id: &crate::config::LocationId| matches!(config.location(*id).matcher, Matcher::Named(_));
    let answered = sequence.exits.iter().all(|exit| exit.kind == ExitKind::Answer);
    (answered && !server.synthetic && !server.locations.iter().any(named)).then_some(by)
}

/// Directives of the preaccess and access phases.
fn is_access(name: &str) -> bool {
    matches!(
        name,
        "allow"
            | "deny"
            | "auth_basic"
            | "auth_request"
            | "auth_jwt"
            | "limit_req"
            | "limit_conn"
            | "access_by_lua"
            | "access_by_lua_block"
            | "access_by_lua_file"
            | "mirror"
    )
}

/// `auth_basic off`, `allow all`: to lift what does not hold anyhow does no harm.
fn lifts(directive: &Directive) -> bool {
    directive.arg(0) == Some("off") || directive.is("allow") && directive.arg(0) == Some("all")
}

/// `return 403`, …
fn answers_with_error(config: &Config, by: EntryId) -> bool {
    let directive = config.directive(by);
    directive.is("return") && directive.arg(0).is_some_and(|status| matches!(status.as_bytes(), [b'4' | b'5', _, _]))
}

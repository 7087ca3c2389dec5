//! `unused-named-location`: a `location @name` that nothing names.

use rustc_hash::FxHashSet;

use super::finding::{Doubt, FixAction};
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::message;
use crate::messages::Language;
use crate::phrase;
use crate::project::{Place, Project, RootKind};
use crate::usage::modules::Lua;
use crate::usage::references::{Kind, References};
use crate::usage::required::Definers;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "unused-named-location", summary: "a `location @name` that nothing leads to", severity: Severity::Warning, check };

/// How many doubts a finding lists.
const LISTED: usize = 3;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    // A snippet that several servers include is used where one of them uses it.
    let mut used: FxHashSet<Place> = FxHashSet::default();
    let mut found: Vec<Finding> = Vec::new();
    for view in analysis.views() {
        let View { root, config, language, .. } = view;
        // What is meant for inside a server is named from outside of the file.
        let named = config.locations.iter().any(|location| matches!(location.matcher, Matcher::Named(_)));
        if !named || !matches!(root.kind, RootKind::Main | RootKind::Http) {
            continue;
        }
        let (router, lua, references, definers) = (view.router(), view.lua(), view.references(), Definers::of(config));
        for index in 0..config.locations.len() {
            let location = LocationId(index as u32);
            let Matcher::Named(name) = &config.location(location).matcher else { continue };
            let named = references.to(location).next().is_some() || references.mentions(name).next().is_some();
            let entry = config.location(location).entry;
            if named || runs_by_itself(config, entry) || in_scripts(&analysis.project, name) {
                used.insert(config.header(entry));
                continue;
            }
            // Code that is not here is where such a name most often stands.
            let server = config.location(location).server;
            if references.may_name(server, name).any(|reference| reference.kind == Kind::Code) {
                used.insert(config.header(entry));
                continue;
            }
            // A second one of the name is another matter: the first gets the requests.
            if router.named(config.location(location).server, name) == Some(location) {
                let mut doubts = doubts(config, references, location, name);
                doubts.extend(accel(config, lua));
                if root.kind != RootKind::Main {
                    doubts.push((None, phrase!("unused-named-location-around")));
                }
                let mut finding = finding(language, &definers, config, location, name, doubts);
                if config.unknown_includes.iter().any(|include| may_name_locations(config, *include, server)) {
                    finding.severity = Severity::Hint;
                }
                found.push(finding);
            }
        }
    }
    // Of several servers with the snippet, the one with most doubts speaks for all.
    found.sort_by_key(|finding| (finding.place, std::cmp::Reverse(finding.related.len())));
    found.dedup_by_key(|finding| finding.place);
    out.extend(found.into_iter().filter(|finding| !used.contains(&finding.place)));
}

/// Health checks and periodic scripts run without any request, with the settings of the location around them.
fn runs_by_itself(config: &Config, entry: EntryId) -> bool {
    config.entry(entry).children.iter().any(|child| matches!(&*config.directive(*child).name.value, "js_periodic" | "health_check"))
}

/// Does JavaScript or Perl of the workspace, which is not followed, have the name?
pub(crate) fn in_scripts(project: &Project, name: &str) -> bool {
    let walk = project.vfs.walk(&project.workspace);
    let script =
        |path: &&std::path::PathBuf| path.extension().is_some_and(|one| ["js", "mjs", "pm", "pl"].iter().any(|script| one == *script));
    walk.files.iter().filter(script).any(|path| project.text(project.vfs.id(path)).to_str().contains(name))
}

/// What may lead to the location without naming it in so many words.
pub(crate) fn doubts(config: &Config, references: &References, location: LocationId, name: &str) -> Vec<Doubt> {
    let server = config.location(location).server;
    let mut out: Vec<Doubt> = references
        .may_name(server, name)
        .map(|reference| {
            let message = match reference.kind {
                Kind::Accel => phrase!("unused-named-location-accel", name = name),
                kind => phrase!("unused-named-location-computed", kind = kind.message(), name = name),
            };
            (Some(reference.place), message)
        })
        .collect();
    out.extend(
        config
            .unknown_includes
            .iter()
            .filter(|id| may_name_locations(config, **id, server))
            .map(|id| (Some(config.place(*id)), phrase!("unused-named-location-include", name = name))),
    );
    out
}

/// Can what an `include` leads to name a location of the server? Not outside of `http`, in another server, or as a list of media
/// types.
fn may_name_locations(config: &Config, include: EntryId, server: ServerId) -> bool {
    let main = config.top.iter().any(|id| config.directive(*id).is("http"));
    let outermost = std::iter::successors(Some(include), |id| config.entry(*id).parent).last().unwrap_or(include);
    let in_http = !main || config.directive(outermost).is("http");
    let name = config.directive(include).arg(0).unwrap_or_default();
    let elsewhere = config.server_of(include).is_some_and(|other| other != server);
    in_http && !elsewhere && name.rsplit('/').next() != Some("mime.types")
}

/// Where the configuration makes an X-Accel-Redirect of its own.
fn accel(config: &Config, lua: &Lua) -> Option<Doubt> {
    let message = phrase!("unused-named-location-any-accel");
    let in_lua = lua.codes.iter().find_map(|code| Some(Place { file: code.file, span: *code.facts.accel.first()? }));
    let written = config.entries.iter().enumerate().find(|(_, entry)| {
        let directive = &entry.directive;
        !directive.name.value.ends_with("_ignore_headers")
            && !directive.name.value.ends_with("_hide_header")
            && directive.args.iter().any(|word| word.value.eq_ignore_ascii_case("X-Accel-Redirect"))
    });
    let place = in_lua.or_else(|| written.map(|(index, _)| config.place(EntryId(index as u32))))?;
    Some((Some(place), message))
}

fn finding(language: Language, definers: &Definers<'_>, config: &Config, location: LocationId, name: &str, doubts: Vec<Doubt>) -> Finding {
    let entry = config.location(location).entry;
    let confidence = if doubts.is_empty() { Confidence::Proven } else { Confidence::Likely };
    let server = config.say_server(language, config.location(location).server);
    let message = message!(language, "unused-named-location-says", name = name, server = server);
    let mut finding = Finding::new(RULE.id, RULE.severity, confidence, config.header(entry), message);
    if let Some(near) = near(language, config, location, name) {
        finding = finding.related(near.0, near.1);
    }
    finding = finding.doubts(language, doubts, LISTED, "unused-named-location-more");
    if confidence != Confidence::Proven {
        finding = finding.note(message!(language, "unused-named-location-fails"));
    }
    let safe = confidence == Confidence::Proven && definers.only_in(entry).is_none();
    finding.tag(Tag::Unnecessary).fix(Fix {
        title: message!(language, "comment-out", what = format!("`location {name}`")),
        safe,
        action: FixAction::CommentOut(config.place(entry)),
    })
}

/// A name that is asked for and that no location of the server has: probably this one was meant.
fn near(language: Language, config: &Config, location: LocationId, name: &str) -> Option<(Place, String)> {
    let server = config.location(location).server;
    config.entries.iter().enumerate().find_map(|(index, entry)| {
        let id = EntryId(index as u32);
        let directive = &entry.directive;
        if directive.is("location") || config.server_of(id) != Some(server) {
            return None;
        }
        let asked = directive.args.last().filter(|word| word.value.starts_with('@'))?;
        let exists =
            config.locations.iter().any(|one| one.server == server && matches!(&one.matcher, Matcher::Named(one) if *one == asked.value));
        (!exists && strsim::damerau_levenshtein(&asked.value, name) <= 2)
            .then(|| (config.place(id), message!(language, "unused-named-location-near", asked = &*asked.value, name = name)))
    })
}

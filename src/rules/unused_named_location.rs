//! `unused-named-location`: a `location @name` that nothing names.

use std::borrow::Cow;
use std::cell::LazyCell;

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Doubt, Doubts, FixAction};
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

/// For how many of them, and among how many names that no location has, one that looks like it is searched for. So many are no slips of the finger.
const SLIPS: usize = 200;

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
        let locations = (0..config.locations.len()).map(|index| LocationId(index as u32));
        let mut left: Vec<(LocationId, &str)> = locations
            .filter_map(|location| match &config.location(location).matcher {
                Matcher::Named(name) => Some((location, &**name)),
                _ => None,
            })
            .collect();
        let mut leave = |left: &mut Vec<(LocationId, &str)>, is_used: &dyn Fn(usize, LocationId) -> bool| {
            let mut number = 0;
            left.retain(|(location, _)| {
                let is_used = is_used(number, *location);
                number += 1;
                if is_used {
                    used.insert(config.header(config.location(*location).entry));
                }
                !is_used
            });
        };
        leave(&mut left, &|_, location| {
            references.to(location).next().is_some() || runs_by_itself(config, config.location(location).entry)
        });
        let mentioned = occurring(&names(&left), references.words().map(|word| Cow::Borrowed(&**word)));
        leave(&mut left, &|number, _| mentioned.get(number) == Some(&true));
        let in_scripts = in_scripts(&analysis.project, &names(&left));
        leave(&mut left, &|number, _| in_scripts.get(number) == Some(&true));
        let mut missing: Option<FxHashMap<ServerId, Vec<(EntryId, &str)>>> = None;
        let accel = LazyCell::new(|| accel(config, lua));
        let mut searched = 0;
        for (location, name) in left {
            let entry = config.location(location).entry;
            // Code that is not here is where such a name most often stands.
            let server = config.location(location).server;
            if references.runs_code(server) {
                used.insert(config.header(entry));
                continue;
            }
            // A second one of the name is another matter: the first gets the requests.
            if router.named(config.location(location).server, name) == Some(location) {
                let mut doubts = doubts(config, references, location, name);
                doubts.extend(accel.clone());
                doubts.extend((root.kind != RootKind::Main).then(|| (None, phrase!("unused-named-location-around"))));
                searched += 1;
                let missing = missing.get_or_insert_with(|| missing_names(config)).get(&server).filter(|_| searched <= SLIPS);
                let near = missing.and_then(|missing| near(language, config, missing, name));
                let mut finding = finding(language, config, &definers, location, name, near, doubts);
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

fn names<'a>(locations: &[(LocationId, &'a str)]) -> Vec<&'a str> {
    locations.iter().map(|(_, name)| *name).collect()
}

/// Of each name: does JavaScript or Perl of the workspace, which is not followed, have it?
pub(crate) fn in_scripts(project: &Project, names: &[&str]) -> Vec<bool> {
    if names.is_empty() {
        return Vec::new();
    }
    let walk = project.vfs.walk(&project.workspace);
    let script =
        |path: &&std::path::PathBuf| path.extension().is_some_and(|one| ["js", "mjs", "pm", "pl"].iter().any(|script| one == *script));
    let texts: Vec<_> = walk.files.iter().filter(script).collect();
    occurring(names, texts.into_iter().map(|path| Cow::Owned(project.text(project.vfs.id(path)).to_str().into_owned())))
}

/// Of each name: is it in one of the texts, alone or within a word? Goes through each text once.
fn occurring<'t>(names: &[&str], texts: impl Iterator<Item = Cow<'t, str>>) -> Vec<bool> {
    let (mut out, mut texts) = (vec![false; names.len()], texts.peekable());
    // To make the automaton of many names takes long.
    if names.is_empty() || texts.peek().is_none() {
        return out;
    }
    let automaton = AhoCorasick::new(names).ok();
    for text in texts {
        let mut found = |index: usize| out.get_mut(index).into_iter().for_each(|found| *found = true);
        match &automaton {
            Some(automaton) => automaton.find_overlapping_iter(&*text).for_each(|one| found(one.pattern().as_usize())),
            // There is no automaton for so many.
            None => names.iter().enumerate().filter(|(_, name)| text.contains(**name)).for_each(|(index, _)| found(index)),
        }
    }
    out
}

/// What may lead to the location without naming it in so many words.
pub(crate) fn doubts(config: &Config, references: &References, location: LocationId, name: &str) -> Doubts {
    let server = config.location(location).server;
    let mut out = Doubts::default();
    let (count, references) = references.may_name(server, name);
    let computed = references.map(|reference| {
        let message = match reference.kind {
            Kind::Accel => phrase!("unused-named-location-accel", name = name),
            kind => phrase!("unused-named-location-computed", kind = kind.message(), name = name),
        };
        (Some(reference.place), message)
    });
    out.add(count, computed);
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

fn finding(
    language: Language,
    config: &Config,
    definers: &Definers<'_>,
    location: LocationId,
    name: &str,
    near: Option<(Place, String)>,
    doubts: Doubts,
) -> Finding {
    let entry = config.location(location).entry;
    let confidence = if doubts.is_empty() { Confidence::Proven } else { Confidence::Likely };
    let server = config.say_server(language, config.location(location).server);
    let message = message!(language, "unused-named-location-says", name = name, server = server);
    let mut finding = Finding::new(RULE.id, RULE.severity, confidence, config.header(entry), message);
    if let Some((place, message)) = near {
        finding = finding.related(place, message);
    }
    finding = finding.doubts(language, doubts, "unused-named-location-more");
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

/// By server: the names that are asked for and that no location of the server has, where each is asked for first.
fn missing_names(config: &Config) -> FxHashMap<ServerId, Vec<(EntryId, &str)>> {
    let named = config.locations.iter().filter_map(|location| match &location.matcher {
        Matcher::Named(name) => Some((location.server, &**name)),
        _ => None,
    });
    let mut known: FxHashSet<(ServerId, &str)> = named.collect();
    let mut out: FxHashMap<ServerId, Vec<(EntryId, &str)>> = FxHashMap::default();
    for (index, entry) in config.entries.iter().enumerate() {
        let Some(asked) = entry.directive.args.last().filter(|word| word.value.starts_with('@')) else { continue };
        let id = EntryId(index as u32);
        let Some(server) = config.server_of(id).filter(|_| !entry.directive.is("location")) else { continue };
        if known.insert((server, &asked.value)) {
            out.entry(server).or_default().push((id, &asked.value));
        }
    }
    out
}

/// Of the names that no location of the server has, one that is probably this one.
fn near(language: Language, config: &Config, missing: &[(EntryId, &str)], name: &str) -> Option<(Place, String)> {
    let is_near = |asked: &str| asked.len().abs_diff(name.len()) <= 2 * 4 && strsim::damerau_levenshtein(asked, name) <= 2;
    let (id, asked) = missing.iter().take(SLIPS).find(|(_, asked)| is_near(asked))?;
    Some((config.place(*id), message!(language, "unused-named-location-near", asked = *asked, name = name)))
}

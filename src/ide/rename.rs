//! Another name for an upstream, a named location, a variable, a zone, a cache, a log format: in every file, at every place, or not at all.
//!
//! *Invariant:* a name is changed only where each definition and each use of it is known. Whatever may use it without being seen (code that
//! computes names, files that are not here, modules that look names up) is a reason not to, and is told.

mod refuse;
mod settings;

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::complete::context::Where;
use super::names::{self, Occurrence, Sort};
use super::present::Site;
use crate::config::{EntryId, ServerId};
use crate::message;
use crate::messages::Language;
use crate::nginx::variables;
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::usage::definitions::{Kind, Protocol};
use crate::world::{Analysis, View};

/// Why a name is not changed, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// What is changed: places of the old name, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// Each once.
    pub places: Vec<Place>,
    /// What is written there.
    pub name: String,
    /// Where the settings name an upstream, and what is written there.
    pub settings: Option<(Place, String)>,
}

/// The name at an offset, when it can be changed: where it is and what it is; `None` for anything else.
pub fn prepare(analysis: &Analysis, file: FileId, offset: u32) -> Result<Option<(Span, String)>, Refusal> {
    let Some(target) = Target::at(analysis, file, offset) else { return Ok(None) };
    target.places(analysis)?;
    let text = analysis.project.text(file);
    Ok(Some((target.here, text.slice(target.here).into_owned())))
}

/// The places to change for a new name; `None` where the offset is on no name.
pub fn rename(analysis: &Analysis, file: FileId, offset: u32, name: &str) -> Result<Option<Renaming>, Refusal> {
    let Some(target) = Target::at(analysis, file, offset) else { return Ok(None) };
    let name = target.new_name(analysis.language, name)?;
    let Found { places, views, in_lua } = target.places(analysis)?;
    let settings = settings::renamed(&target, analysis, &views, &name)?;
    if name != target.written(analysis) {
        target.is_free(analysis, &views, &name)?;
        if let (Some((root, place)), false) = (in_lua, refuse::is_lua_name(&name)) {
            let view = views.iter().find(|view| view.config.root == root).copied();
            let reason = message!(analysis.language, "rename-lua-name", name = &*name);
            return Err(view.map_or_else(|| Refusal(reason.clone()), |view| refuse::at(view, Some(place), reason.clone())));
        }
    }
    Ok(Some(Renaming { places, name, settings }))
}

/// The name that is to be changed.
#[derive(Debug)]
struct Target {
    file: FileId,
    here: Span,
    sort: Sort,
    protocol: Protocol,
    name: String,
}

/// All of its places.
struct Found<'a> {
    places: Vec<Place>,
    /// The configurations that have them.
    views: Vec<View<'a>>,
    /// The root of one that has a place in Lua, behind a dot, and that place.
    in_lua: Option<(FileId, Place)>,
}

/// One of its places.
#[derive(Debug)]
struct Use {
    entry: EntryId,
    place: Place,
    exact: bool,
}

/// The names in the words of a directive as a configuration reads it.
fn of_entry(view: View<'_>, id: EntryId, source: &str) -> Vec<Occurrence> {
    let entry = view.config.entry(id);
    let block = entry.parent.map(|parent| &view.config.entry(parent).directive);
    let place = Where { contexts: entry.context.into_iter().collect(), all: true };
    names::of_directive(Site { directive: &entry.directive, block, place: &place }, source)
}

impl Target {
    fn at(analysis: &Analysis, file: FileId, offset: u32) -> Option<Target> {
        let text = analysis.project.text(file);
        let source = text.to_str();
        for view in analysis.views().filter(|view| view.reads(file)) {
            for id in (0..view.config.entries.len() as u32).map(EntryId) {
                let entry = view.config.entry(id);
                if entry.file != file || !entry.directive.header().touches(offset) {
                    continue;
                }
                if let Some(found) = of_entry(view, id, &source).into_iter().rev().find(|one| one.whole.touches(offset)) {
                    let protocol = super::navigate::protocol(view.config, id);
                    return Some(Target { file, here: found.span, sort: found.sort, protocol, name: found.name });
                }
            }
        }
        None
    }

    /// As it stands where it was asked for.
    fn written(&self, analysis: &Analysis) -> String {
        analysis.project.text(self.file).slice(self.here).into_owned()
    }

    /// Every place of the name in every configuration that has one of its files.
    fn places<'a>(&self, analysis: &'a Analysis) -> Result<Found<'a>, Refusal> {
        let mut files: BTreeSet<FileId> = BTreeSet::from([self.file]);
        let mut views: Vec<View<'a>> = Vec::new();
        let mut places: BTreeSet<Place> = BTreeSet::new();
        let mut in_lua = None;
        // A file that is found may belong to further configurations, those have further files.
        loop {
            let known = |view: &View<'a>| views.iter().any(|known| known.config.root == view.config.root);
            let Some(view) = analysis.views().find(|view| !known(view) && files.iter().any(|file| view.reads(*file))) else { break };
            let uses = self.uses(view);
            let mut found: BTreeSet<Place> = uses.iter().map(|one| one.place).collect();
            if let Some(one) = uses.iter().find(|one| !one.exact) {
                return Err(refuse::at(view, Some(one.place), message!(analysis.language, "rename-escaped")));
            }
            let written = found.clone();
            refuse::doubts(self, view, &uses, &mut found)?;
            in_lua = in_lua.or_else(|| Some((view.config.root, *found.difference(&written).next()?)));
            files.extend(found.iter().map(|place| place.file));
            places.extend(found);
            views.push(view);
        }
        let outside = places.iter().find(|place| !analysis.project.vfs.path(place.file).starts_with(&analysis.project.workspace));
        if let (Some(place), Some(view)) = (outside, views.first()) {
            return Err(refuse::at(*view, Some(*place), message!(analysis.language, "rename-outside")));
        }
        Ok(Found { places: places.into_iter().collect(), views, in_lua })
    }

    /// Those of one configuration.
    fn uses(&self, view: View<'_>) -> Vec<Use> {
        let config = view.config;
        let mut out: Vec<(Use, Option<ServerId>)> = Vec::new();
        let mut texts: FxHashMap<FileId, String> = FxHashMap::default();
        for id in (0..config.entries.len() as u32).map(EntryId) {
            let entry = config.entry(id);
            let mut words = std::iter::once(&entry.directive.name).chain(&entry.directive.args);
            if !words.any(|word| contains(&word.value, &self.name)) || super::navigate::protocol(config, id) != self.protocol {
                continue;
            }
            let source = texts.entry(entry.file).or_insert_with(|| view.project.text(entry.file).to_str().into_owned());
            let found = of_entry(view, id, source).into_iter().filter(|one| one.sort == self.sort && one.name == self.name);
            let server = config.server_of(id);
            out.extend(found.map(|one| (Use { entry: id, place: Place { file: entry.file, span: one.span }, exact: one.exact }, server)));
        }
        if self.sort == Sort::NamedLocation {
            let here = Place { file: self.file, span: self.here };
            return in_its_servers(out, here);
        }
        out.into_iter().map(|(one, _)| one).collect()
    }

    /// What is written at each place.
    fn new_name(&self, language: Language, name: &str) -> Result<String, Refusal> {
        let sign = match self.sort {
            Sort::Variable => "$",
            Sort::NamedLocation => "@",
            Sort::Other(_) => "",
        };
        let bare = name.trim().strip_prefix(sign).unwrap_or(name.trim());
        let letter = |letter: char| match self.sort {
            Sort::Variable => letter.is_ascii_alphanumeric() || letter == '_',
            _ => letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'),
        };
        // `$1name` is `$1` and a text; these words mean something else where the name would stand.
        let digit = self.sort == Sort::Variable && bare.starts_with(|first: char| first.is_ascii_digit());
        let taken =
            matches!((self.sort, bare), (Sort::Other(Kind::LogFormat | Kind::Cache), "off") | (Sort::Other(Kind::LogFormat), "combined"));
        if bare.is_empty() || !bare.chars().all(letter) || digit || taken {
            return Err(Refusal(message!(language, "rename-name", name = name)));
        }
        Ok(bare.to_owned())
    }

    /// Nothing has the new name, or uses it.
    fn is_free(&self, analysis: &Analysis, views: &[View<'_>], name: &str) -> Result<(), Refusal> {
        let compared = match self.sort {
            Sort::Variable | Sort::Other(Kind::Upstream) => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        if compared == self.name {
            return Ok(());
        }
        if self.sort == Sort::Variable && variables::find(&compared, self.protocol.name()).is_some() {
            return Err(Refusal(message!(analysis.language, "rename-nginx", name = name)));
        }
        let other = Target { file: self.file, here: self.here, sort: self.sort, protocol: self.protocol, name: compared };
        for view in views {
            let servers: FxHashSet<Option<ServerId>> = self.uses(*view).iter().map(|one| view.config.server_of(one.entry)).collect();
            let clash = other
                .everywhere(*view)
                .into_iter()
                .find(|one| self.sort != Sort::NamedLocation || servers.contains(&view.config.server_of(one.entry)));
            if let Some(one) = clash {
                return Err(refuse::at(*view, Some(one.place), message!(analysis.language, "rename-taken", name = name)));
            }
        }
        Ok(())
    }

    /// As [`Target::uses`], in all servers.
    fn everywhere(&self, view: View<'_>) -> Vec<Use> {
        let config = view.config;
        let mut texts: FxHashMap<FileId, String> = FxHashMap::default();
        let mut out = Vec::new();
        for id in (0..config.entries.len() as u32).map(EntryId) {
            let entry = config.entry(id);
            let mut words = std::iter::once(&entry.directive.name).chain(&entry.directive.args);
            if !words.any(|word| contains(&word.value, &self.name)) || super::navigate::protocol(config, id) != self.protocol {
                continue;
            }
            let source = texts.entry(entry.file).or_insert_with(|| view.project.text(entry.file).to_str().into_owned());
            let found = of_entry(view, id, source).into_iter().filter(|one| one.sort == self.sort && one.name == self.name);
            out.extend(found.map(|one| Use { entry: id, place: Place { file: entry.file, span: one.span }, exact: one.exact }));
        }
        out
    }
}

/// Named locations belong to their server. A file that several servers include makes one name of theirs.
fn in_its_servers(all: Vec<(Use, Option<ServerId>)>, here: Place) -> Vec<Use> {
    let mut places: FxHashSet<Place> = FxHashSet::from_iter([here]);
    let mut servers: FxHashSet<Option<ServerId>> = FxHashSet::default();
    loop {
        let before = (places.len(), servers.len());
        for (one, server) in &all {
            if places.contains(&one.place) {
                servers.insert(*server);
            }
            if servers.contains(server) {
                places.insert(one.place);
            }
        }
        if before == (places.len(), servers.len()) {
            break;
        }
    }
    all.into_iter().map(|(one, _)| one).filter(|one| places.contains(&one.place)).collect()
}

/// Without case: a cheap look before a word is taken apart.
fn contains(text: &str, name: &str) -> bool {
    text.len() >= name.len() && text.as_bytes().windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests;

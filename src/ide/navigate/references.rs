//! Who uses what is named under the cursor.

use super::{Cursor, definitions_of, protocol, variables, word_of};
use crate::config::{Config, EntryId, LocationId};
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::usage::definitions::{Kind, Protocol};
use crate::usage::verdict::Reason;
use crate::world::{Analysis, View};

/// Where what the word at an offset of a configuration file names is used, each place once, in the order of files and places: the
/// uses of a name, and what sends requests to a location. The definition is among them when it is asked for.
pub fn references(analysis: &Analysis, file: FileId, offset: u32, with_definition: bool) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    for view in analysis.views() {
        for cursor in Cursor::all(view.config, file, offset) {
            of(view, cursor, with_definition, &mut out);
        }
    }
    out.sort();
    out.dedup();
    out
}

fn of(view: View<'_>, cursor: Cursor, with_definition: bool, out: &mut Vec<Place>) {
    let config = view.config;
    let definitions = view.definitions();
    if let Some((name, _)) = cursor.variable(view.project, config) {
        let protocol = protocol(config, cursor.entry);
        let defined: Vec<Place> = definitions_of(definitions, Kind::Variable, protocol, &name).map(|one| word_of(config, one)).collect();
        let uses = uses_of_variable(view, protocol, &name);
        out.extend(uses.into_iter().filter(|place| with_definition || !defined.iter().any(|word| covers(*word, *place))));
        return;
    }
    if let Some(location) = config.location_at(cursor.entry) {
        return senders(view, location, with_definition, out);
    }
    // On the keyword of a block its name is meant.
    let named = cursor.name(definitions).or_else(|| {
        let block = cursor.argument.is_none();
        definitions.of(cursor.entry).find(|one| block && one.kind != Kind::Variable)
    });
    let Some(named) = named else { return };
    let used = definitions.used().filter(|one| (one.kind, one.protocol, one.name) == (named.kind, named.protocol, named.name));
    out.extend(used.map(|one| word_of(config, one)));
    if with_definition {
        out.extend(definitions_of(definitions, named.kind, named.protocol, named.name).map(|one| word_of(config, one)));
    }
}

fn covers(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.span.covers(inner.span)
}

/// Every place that has the variable's name in it.
fn uses_of_variable(view: View<'_>, wanted: Protocol, name: &str) -> Vec<Place> {
    let config = view.config;
    let mut out = Vec::new();
    for id in (0..config.entries.len() as u32).map(EntryId) {
        let entry = config.entry(id);
        let words = std::iter::once(&entry.directive.name).chain(&entry.directive.args);
        let mut words = words.filter(|word| word.value.contains('$')).peekable();
        if words.peek().is_none() || protocol(config, id) != wanted {
            continue;
        }
        let text = view.project.text(entry.file);
        for word in words {
            for (_, from, to) in variables(&text.slice(word.span)).into_iter().filter(|(one, ..)| one == name) {
                let span = Span::new(word.span.start + from as u32, word.span.start + to as u32);
                out.push(Place { file: entry.file, span });
            }
        }
    }
    out
}

/// What sends requests to a location: directives and Lua, and what in the workspace calls one of its URLs.
fn senders(view: View<'_>, location: LocationId, with_definition: bool, out: &mut Vec<Place>) {
    let config = view.config;
    out.extend(view.references().to(location).map(|reference| narrowed(config, reference.place, reference.target.constant())));
    let usage = view.usage(location);
    for reason in usage.as_deref().map(|usage| usage.reasons.as_slice()).unwrap_or_default() {
        match reason {
            Reason::Called { caller, .. } => out.push(caller.place),
            Reason::PassedOn { pass, .. } => out.push(config.header(*pass)),
            _ => {}
        }
    }
    if with_definition {
        out.push(config.header(config.location(location).entry));
    }
}

/// The argument of a directive that has the target, where a reference is the whole directive.
fn narrowed(config: &Config, place: Place, target: Option<&str>) -> Place {
    let Some(target) = target else { return place };
    let entries = (0..config.entries.len() as u32).map(EntryId);
    let Some(entry) = entries.into_iter().find(|id| config.place(*id) == place) else { return place };
    let is = |value: &str| value.split('?').next() == Some(target);
    match config.directive(entry).args.iter().rposition(|word| is(&word.value)) {
        Some(argument) => config.arg_place(entry, argument),
        None => config.header(entry),
    }
}

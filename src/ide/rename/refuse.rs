//! Why a name is not changed: what may use it without being seen.

use std::collections::BTreeSet;

use super::{Refusal, Sort, Target, Use};
use crate::config::{LocationId, Matcher};
use crate::message;
use crate::project::{Place, RootKind};
use crate::rules::{unused_definition, unused_named_location};
use crate::syntax::Body;
use crate::text::Span;
use crate::usage::definitions::{Kind, Named, unseen};
use crate::world::View;

/// A reason, with the place that shows it.
pub(super) fn at(view: View<'_>, place: Option<Place>, reason: String) -> Refusal {
    Refusal(match place {
        Some(place) => message!(view.language, "rename-refused-at", reason = reason, place = view.project.path_and_line(place)),
        None => message!(view.language, "rename-refused", reason = reason),
    })
}

/// Refuses where not everything that may use the name in a configuration is known; adds to the places those in Lua that are.
pub(super) fn doubts(target: &Target, view: View<'_>, uses: &[Use], places: &mut BTreeSet<Place>) -> Result<(), Refusal> {
    let refused = |place: Option<Place>, reason: String| Err(at(view, place, reason));
    let (config, language, name) = (view.config, view.language, &*target.name);
    // Named locations belong to a server, the others to all of a protocol.
    let enough = match target.sort {
        Sort::NamedLocation => matches!(view.root.kind, RootKind::Main | RootKind::Http),
        Sort::Variable | Sort::Other(_) => view.root.kind == RootKind::Main,
    };
    if !enough {
        return refused(None, message!(language, "rename-fragment"));
    }
    if unused_definition::has_problems(view.project, config) {
        return refused(None, message!(language, "rename-broken"));
    }
    if let Some(include) = unseen(config, target.protocol, false).next() {
        return refused(Some(config.place(include)), message!(language, "rename-include", name = name));
    }
    match target.sort {
        Sort::NamedLocation => named_location(target, view, uses),
        Sort::Variable => defined(target, Kind::Variable, view, uses, places),
        Sort::Other(kind) => defined(target, kind, view, uses, places),
    }
}

fn defined(target: &Target, kind: Kind, view: View<'_>, uses: &[Use], places: &mut BTreeSet<Place>) -> Result<(), Refusal> {
    let (config, language, name) = (view.config, view.language, &*target.name);
    let definitions = view.definitions();
    let is_it = |one: &Named<'_>| one.kind == kind && one.protocol == target.protocol && one.name == name;
    let Some(definition) = definitions.defined().find(is_it) else {
        // It may be that of a module, of the network, or of nobody.
        return if uses.is_empty() {
            Ok(())
        } else {
            Err(at(view, uses.first().map(|one| one.place), message!(language, "rename-undefined", name = name)))
        };
    };
    // Every place that the analysis knows is one that is changed.
    for known in definitions.defined().chain(definitions.used()).filter(is_it) {
        let words = std::iter::once(&config.directive(known.entry).name).chain(&config.directive(known.entry).args);
        let word = words.into_iter().nth(known.argument.map_or(0, |argument| argument + 1)).map_or(Span::at(0), |word| word.span);
        if !uses.iter().any(|one| one.entry == known.entry && word.covers(one.place.span)) {
            return Err(at(view, Some(config.place(known.entry)), message!(language, "rename-escaped")));
        }
    }
    if unused_definition::is_read_by_name(&definition) {
        return Err(at(view, Some(config.place(definition.entry)), message!(language, "rename-nginx", name = name)));
    }
    if let Some((place, reason)) = unused_definition::Doubting::of(view).about(&definition).into_first() {
        return Err(at(view, place, reason.say(language)));
    }
    lua(kind, name, view, places)
}

/// `ngx.var.name` and `ngx.shared.name` are changed; any other place in Lua that has the name may be a use.
fn lua(kind: Kind, name: &str, view: View<'_>, places: &mut BTreeSet<Place>) -> Result<(), Refusal> {
    // Lua can't name the others.
    if !matches!(kind, Kind::Variable | Kind::Dictionary | Kind::Upstream) {
        return Ok(());
    }
    for code in &view.lua().codes {
        let text = view.project.text(code.file);
        let span = match code.entry.map(|entry| (entry, &view.config.directive(entry).body)) {
            None => Span::new(0, text.len()),
            Some((_, Body::Lua(span))) => *span,
            Some((entry, _)) => view.config.place(entry).span,
        };
        let known = match kind {
            Kind::Variable => code.facts.variables.as_slice(),
            Kind::Dictionary => code.facts.shared.as_slice(),
            _ => &[],
        };
        let fields: Vec<Span> = known
            .iter()
            .filter(|(one, _)| one.eq_ignore_ascii_case(name))
            .map(|(_, span)| Span::new(span.end.saturating_sub(name.len() as u32), span.end))
            .collect();
        let source = text.slice(span);
        for at in found(&source, name) {
            let here = Span::new(span.start + at, span.start + at + name.len() as u32);
            let dotted = at.checked_sub(1).and_then(|before| source.as_bytes().get(before as usize)) == Some(&b'.');
            let place = Place { file: code.file, span: here };
            match dotted && fields.contains(&here) {
                true => {
                    places.insert(place);
                }
                false => return Err(self::at(view, Some(place), message!(view.language, "rename-lua", name = name))),
            }
        }
    }
    Ok(())
}

/// Words that no name in Lua can be; `goto` is one since Lua 5.2, which LuaJIT follows in part.
const LUA_KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or", "repeat",
    "return", "then", "true", "until", "while",
];

/// Can it stand behind a dot in Lua?
pub(super) fn is_lua_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(letter) && !name.starts_with(|first: char| first.is_ascii_digit()) && !LUA_KEYWORDS.contains(&name)
}

/// Where a name stands in a text with nothing around it that could belong to it.
fn found(text: &str, name: &str) -> Vec<u32> {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let belongs = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let name = name.to_ascii_lowercase();
    let starts = lower.match_indices(&*name).map(|(at, _)| at);
    starts.filter(|at| !belongs(at.checked_sub(1)) && !belongs(Some(at + name.len()))).map(|at| at as u32).collect()
}

fn named_location(target: &Target, view: View<'_>, uses: &[Use]) -> Result<(), Refusal> {
    let (config, language) = (view.config, view.language);
    let name = format!("@{}", target.name);
    let in_uses = |place: &Place| uses.iter().any(|one| one.place.file == place.file && place.span.covers(one.place.span));
    let servers: Vec<_> = uses.iter().filter_map(|one| config.server_of(one.entry)).collect();
    let mut is_defined = false;
    for location in (0..config.locations.len() as u32).map(LocationId) {
        let one = config.location(location);
        if !matches!(&one.matcher, Matcher::Named(own) if **own == *name) || !servers.contains(&one.server) {
            continue;
        }
        is_defined = true;
        if let Some((place, reason)) = unused_named_location::doubts(config, view.references(), location, &name).into_first() {
            return Err(at(view, place, reason.say(language)));
        }
        if let Some(reference) = view.references().to(location).find(|reference| !in_uses(&reference.place)) {
            return Err(at(view, Some(reference.place), message!(language, "rename-lua", name = &*name)));
        }
    }
    if !is_defined {
        return if uses.is_empty() {
            Ok(())
        } else {
            Err(at(view, uses.first().map(|one| one.place), message!(language, "rename-undefined", name = &*name)))
        };
    }
    // Words and strings with the name in them: those of other servers are about another location.
    for place in view.references().mentions(&name) {
        let entry = config.entries.iter().rposition(|entry| entry.file == place.file && entry.directive.span.covers(place.span));
        let elsewhere =
            entry.is_some_and(|at| config.server_of(crate::config::EntryId(at as u32)).is_some_and(|server| !servers.contains(&server)));
        if !elsewhere && !in_uses(&place) {
            return Err(at(view, Some(place), message!(language, "rename-lua", name = &*name)));
        }
    }
    if unused_named_location::in_scripts(view.project, &[&*name]).contains(&true) {
        return Err(at(view, None, message!(language, "rename-scripts", name = &*name)));
    }
    Ok(())
}

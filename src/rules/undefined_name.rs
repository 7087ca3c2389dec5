//! `undefined-name`: a variable, log format or zone that is used and that nothing defines.

mod captures;

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::is_unreliable;
use super::unused_definition::has_problems;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::Language;
use crate::nginx::variables;
use crate::project::{Place, RootKind};
use crate::usage::definitions::{Definitions, Kind, Named, Protocol, unseen};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "undefined-name", summary: "a variable, log format or zone that nothing defines", severity: Severity::Error, check };

/// For how many names of a kind one that looks like it is searched for. So many are no slips of the finger, and each is compared with all others.
const SLIPS: usize = 200;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let mut found = Vec::new();
        captures::of_rewrites(view, &mut found);
        out.extend(found.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)));
    }
    // What is around a fragment defines what it uses; nginx wants an `events` block of a whole configuration.
    for view in analysis.views().filter(|view| view.root.kind == RootKind::Main && !view.config.all("events").is_empty()) {
        let mut found = Vec::new();
        zones(view, &mut found);
        undefined_variables(view, &mut found);
        dictionaries(view, &mut found);
        if !found.is_empty() && !has_problems(view.project, view.config) && view.definitions().template.is_none() {
            out.extend(found);
        }
    }
}

/// Log formats and zones: only few directives of nginx define them, all at the level of `http` or `stream`.
fn zones(view: View, out: &mut Vec<Finding>) {
    let (config, definitions, language) = (view.config, view.definitions(), view.language);
    let mut used = definitions.used().filter(|one| one.kind != Kind::Upstream).peekable();
    if used.peek().is_none() {
        return;
    }
    let mut said: FxHashSet<(Kind, Protocol, &str)> = FxHashSet::default();
    // The first of each name.
    let mut known: FxHashMap<(Kind, Protocol, &str), Named<'_>> = FxHashMap::default();
    for one in definitions.defined() {
        known.entry((one.kind, one.protocol, one.name)).or_insert(one);
    }
    for one in used {
        let first = known.get(&(one.kind, one.protocol, one.name)).copied();
        // A format has to be there before it is used; all else is looked up when everything is read.
        let too_late = first.filter(|first| one.kind == Kind::LogFormat && first.entry > one.entry);
        let in_order = first.is_some() && too_late.is_none();
        let built_in = one.kind == Kind::LogFormat && one.name == "combined" && one.protocol == Protocol::Http;
        if in_order || built_in || is_filled_in(one.name) || unseen(config, one.protocol, true).next().is_some() {
            continue;
        }
        if !said.insert((one.kind, one.protocol, one.name)) {
            continue;
        }
        let message = message(language, config, &one, too_late.is_some());
        let place = one.argument.map_or(config.header(one.entry), |argument| config.arg_place(one.entry, argument));
        let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, place, message);
        if let Some(later) = too_late {
            finding = finding.related(config.header(later.entry), message!(language, "undefined-name-further-down"));
        } else if let Some(near) = (said.len() <= SLIPS).then(|| near(definitions, &one)).flatten() {
            finding = finding.related(config.header(near.entry), message!(language, "looks-like", name = near.name));
        }
        out.push(finding);
    }
}

fn message(language: Language, config: &Config, one: &Named<'_>, too_late: bool) -> String {
    let (name, directive) = (one.name, &*config.directive(one.entry).name.value);
    let protocol = one.protocol.name();
    match one.kind {
        Kind::LogFormat if too_late => message!(language, "undefined-name-too-late", name = name),
        Kind::LogFormat if name.contains('=') => {
            message!(language, "undefined-name-option", name = name, directive = directive)
        }
        Kind::LogFormat => message!(language, "undefined-name-log-format", protocol = protocol, name = name),
        Kind::RequestZone => message!(language, "undefined-name-zone", directive = "limit_req_zone", name = name),
        Kind::ConnectionZone => message!(language, "undefined-name-zone", directive = "limit_conn_zone", name = name),
        _ => message!(language, "undefined-name-zone", directive = format!("{directive}_path"), name = name),
    }
}

/// A definition of nearly that name.
fn near<'a>(definitions: &'a Definitions, one: &Named<'_>) -> Option<Named<'a>> {
    let distance = |known: &Named<'_>| strsim::damerau_levenshtein(known.name, one.name);
    definitions.names(one.kind, one.protocol).min_by_key(distance).filter(|known| distance(known) <= 2)
}

/// `${NAME}`, `__NAME__`: something puts its value there before nginx reads it.
fn is_filled_in(name: &str) -> bool {
    name.contains("${") || name.contains("__") || name.contains('%') || (name.starts_with('$') && is_upper(&name[1..]))
}

fn is_upper(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Variables: a module that was built in may define any name, so that nothing is certain.
fn undefined_variables(view: View, out: &mut Vec<Finding>) {
    let (config, definitions, language) = (view.config, view.definitions(), view.language);
    let mut asked = 0;
    for (name, protocol, entry, argument) in definitions.undefined_variables() {
        if variables::find(name, protocol.name()).is_some() {
            continue;
        }
        let written = config.directive(entry).arg(argument).unwrap_or_default();
        // `$HOME`, which `envsubst` fills in.
        let upper = written.match_indices('$').any(|(at, _)| {
            let rest = written.get(at + 1..).unwrap_or_default().trim_start_matches('{');
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
            let found = rest.get(..end).unwrap_or_default();
            found.eq_ignore_ascii_case(name) && is_upper(found)
        });
        if upper || unseen(config, protocol, false).next().is_some() {
            continue;
        }
        asked += 1;
        let nearest = if asked <= SLIPS { near_variable(definitions, name, protocol) } else { None };
        let modules = definitions.foreign.get(protocol as usize).copied().flatten().or_else(|| loads(config));
        // With other modules about, only what looks like a slip of the finger is worth a word.
        if modules.is_some() && nearest.is_none() {
            continue;
        }
        let message = message!(language, "undefined-name-variable", name = name);
        let mut finding = Finding::new(RULE.id, Severity::Warning, Confidence::Likely, config.arg_place(entry, argument), message);
        if let Some((near, place)) = nearest {
            let message = message!(language, "looks-like", name = format!("${near}"));
            finding = match place {
                Some(place) => finding.related(config.header(place), message),
                None => finding.note(message),
            };
        }
        let module = match modules {
            Some(entry) => finding.related(config.header(entry), message!(language, "undefined-name-module")),
            None => finding.note(message!(language, "undefined-name-built-in")),
        };
        out.push(module);
    }
}

/// A module that is loaded and that nginx does not bring along.
fn loads(config: &Config) -> Option<EntryId> {
    let own = |name: &str| ["ngx_http_", "ngx_stream_", "ngx_mail_"].iter().any(|start| name.starts_with(start));
    let known = ["geoip", "image_filter", "perl", "xslt_filter", "js", "mail", "stream"];
    config.all("load_module").iter().copied().find(|entry| {
        let path = config.directive(*entry).arg(0).unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.trim_end_matches(".so").trim_end_matches("_module");
        let part = ["ngx_http_", "ngx_stream_", "ngx_"].iter().find_map(|start| stem.strip_prefix(start)).unwrap_or(stem);
        !(known.contains(&part) && (own(file) || file.starts_with("ngx_")))
    })
}

/// A variable of nearly that name, with its definition if it has one here. Short names are near to everything.
fn near_variable<'a>(definitions: &'a Definitions, name: &str, protocol: Protocol) -> Option<(&'a str, Option<EntryId>)> {
    let limit = match name.len() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let own = definitions.names(Kind::Variable, protocol).map(|known| (known.name, Some(known.entry)));
    let built_in = variables::names(protocol.name()).map(|known| (known, None));
    let distance = |known: &str| strsim::damerau_levenshtein(known, name);
    own.chain(built_in).min_by_key(|(known, _)| distance(known)).filter(|(known, _)| distance(known) <= limit)
}

/// `ngx.shared.name` is `nil` where no `lua_shared_dict` defines it.
fn dictionaries(view: View, out: &mut Vec<Finding>) {
    let (config, definitions, language) = (view.config, view.definitions(), view.language);
    let mut said: FxHashSet<&str> = FxHashSet::default();
    let all: Vec<Named<'_>> = definitions.defined().filter(|known| known.kind == Kind::Dictionary).collect();
    let names: FxHashSet<&str> = all.iter().map(|known| known.name).collect();
    for code in &view.lua().codes {
        for (name, span) in &code.facts.shared {
            let unseen = || [Protocol::Http, Protocol::Stream].iter().any(|protocol| unseen(config, *protocol, true).next().is_some());
            if names.contains(&**name) || unseen() || !said.insert(name) {
                continue;
            }
            let place = Place { file: code.file, span: *span };
            let message = message!(language, "undefined-name-dictionary", name = &**name);
            let mut finding = Finding::new(RULE.id, Severity::Hint, Confidence::Likely, place, message);
            let is_near = |known: &&Named<'_>| strsim::damerau_levenshtein(known.name, name) <= 2;
            if let Some(near) = all.iter().find(is_near).filter(|_| said.len() <= SLIPS) {
                finding.severity = Severity::Warning;
                finding = finding.related(config.header(near.entry), message!(language, "looks-like", name = near.name));
            }
            out.push(finding.note(message!(language, "undefined-name-looks-before")));
        }
    }
}

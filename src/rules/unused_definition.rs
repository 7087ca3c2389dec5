//! `unused-definition`: an upstream, variable, log format or zone that nothing uses.

mod mentioned;

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Doubts, FixAction};
use super::unused_named_location::in_scripts;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Language, Message};
use crate::nginx::variables;
use crate::phrase;
use crate::project::{FileId, Place, Project, RootKind};
use crate::usage::definitions::{Definitions, Kind, Named, Protocol, unseen};
use crate::usage::modules::{Code, LIBRARIES, Lua, Module};
use crate::usage::required::Definers;
use crate::world::{Analysis, View};
use mentioned::mentioned;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unused-definition",
    summary: "an upstream, variable, log format or zone that nothing uses",
    severity: Severity::Info,
    check,
};

/// How many other definitions of the same name a finding lists.
const LISTED: usize = 3;

/// Variables that modules look up without being told to, by how their names begin.
const READ_BY_NAME: [&str; 9] = ["memcached_", "push_", "memc_", "redis_", "srcache_", "session_", "template_", "lua_", "modsecurity_"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    // A file that belongs to several configurations is used where one of them uses it.
    let mut used: FxHashSet<Place> = FxHashSet::default();
    let mut found: Vec<Finding> = Vec::new();
    for view in analysis.views() {
        // What a fragment defines is used from outside of it.
        if view.root.kind != RootKind::Main {
            used.extend(view.definitions().defined().map(|one| view.config.header(one.entry)));
            continue;
        }
        let definitions = view.definitions();
        let unseen = [Protocol::Http, Protocol::Stream].map(|protocol| unseen(view.config, protocol, false).next().is_some());
        let is_silent = |one: &Named<'_>| unseen.get(one.protocol as usize) == Some(&true) || is_read_by_name(one);
        let (other, left): (Vec<Named<'_>>, Vec<Named<'_>>) =
            definitions.defined().partition(|one| definitions.is_used(one) || is_silent(one));
        used.extend(other.iter().map(|one| view.config.header(one.entry)));
        if left.is_empty() {
            continue;
        }
        // A name that is defined many times is looked for once.
        let mut left = by_name(left);
        let mut leave = |left: &mut Vec<Vec<Named<'_>>>, silent: &dyn Fn(usize) -> bool| {
            let mut numbers = 0..;
            left.retain(|twins| {
                let silent = numbers.next().is_some_and(silent);
                if silent {
                    used.extend(twins.iter().map(|one| view.config.header(one.entry)));
                }
                !silent
            });
        };
        let broken = has_problems(view.project, view.config);
        let names: Vec<Named<'_>> = left.iter().filter_map(|twins| twins.first().copied()).collect();
        let mentioned = mentioned(view, &names);
        leave(&mut left, &|number| broken || mentioned.get(number) == Some(&true));
        if runs_scripts(view.config).is_some() {
            let names: Vec<&str> = left.iter().filter_map(|twins| Some(twins.first()?.name)).collect();
            let in_scripts = in_scripts(view.project, &names);
            leave(&mut left, &|number| in_scripts.get(number) == Some(&true));
        }
        if !left.is_empty() {
            let (twins, definers, doubting) = (Twins::of(definitions), Definers::of(view.config), Doubting::of(view));
            let first = left.iter().filter_map(|twins| twins.first());
            found.extend(first.map(|one| finding(view, &definers, &doubting, one, &twins)));
        }
    }
    out.extend(found.into_iter().filter(|finding| !used.contains(&finding.place)));
}

/// The definitions of each name, in reading order.
fn by_name(definitions: Vec<Named<'_>>) -> Vec<Vec<Named<'_>>> {
    let mut numbers: FxHashMap<(Kind, Protocol, &str), usize> = FxHashMap::default();
    let mut out: Vec<Vec<Named<'_>>> = Vec::new();
    for one in definitions {
        let number = *numbers.entry((one.kind, one.protocol, one.name)).or_insert(out.len());
        match out.get_mut(number) {
            Some(twins) => twins.push(one),
            None => out.push(vec![one]),
        }
    }
    out
}

/// Is there a file that nginx's tokenizer refuses? What was read of it may not be what is meant.
pub(crate) fn has_problems(project: &Project, config: &Config) -> bool {
    // Those of one file lie together for the most part.
    let runs = config.entries.chunk_by(|one, next| one.file == next.file).filter_map(|run| Some(run.first()?.file));
    let files: FxHashSet<FileId> = runs.chain([config.root]).collect();
    files.iter().any(|file| project.files.get(file).is_some_and(|source| !source.parse.problems.is_empty()))
}

/// Variables that have a meaning of their own: to give them a value is to use them.
pub(crate) fn is_read_by_name(one: &Named<'_>) -> bool {
    one.kind == Kind::Variable
        && (variables::find(one.name, one.protocol.name()).is_some() || READ_BY_NAME.iter().any(|start| one.name.starts_with(start)))
}

/// A directive of a module that nginx does not bring along, in the same protocol.
fn foreign(view: View, one: &Named<'_>) -> Option<EntryId> {
    view.definitions().foreign.get(one.protocol as usize).copied().flatten()
}

/// The first directive that runs JavaScript or Perl.
fn runs_scripts(config: &Config) -> Option<EntryId> {
    ["js_import", "js_include", "js_content", "perl", "perl_modules", "perl_require", "perl_set"]
        .iter()
        .find_map(|name| config.all(name).first().copied())
}

/// What may use names although nothing says so.
pub(crate) struct Doubting<'a> {
    view: View<'a>,
    computed: FxHashMap<(Kind, Protocol), Vec<EntryId>>,
    in_lua: Vec<(Option<Place>, InLua<'a>)>,
}

/// What Lua does with names.
enum InLua<'a> {
    /// It is not here.
    Away,
    /// It computes them.
    Computed,
    /// It hands on all of them.
    Opaque,
    /// It runs a module that is not here; `None` for one whose name is computed.
    Module(Option<&'a str>),
}

impl<'a> Doubting<'a> {
    pub(crate) fn of(view: View<'a>) -> Doubting<'a> {
        let mut computed: FxHashMap<(Kind, Protocol), Vec<EntryId>> = FxHashMap::default();
        for (kind, protocol, entry) in &view.definitions().computed {
            computed.entry((*kind, *protocol)).or_default().push(*entry);
        }
        Doubting { view, computed, in_lua: in_lua(view.config, view.lua()) }
    }

    /// What may use this one.
    pub(crate) fn about(&self, one: &Named<'_>) -> Doubts {
        let (view, config, name) = (self.view, self.view.config, one.name);
        let at = |entry: EntryId, message: Message| (Some(config.place(entry)), message);
        let mut out = Doubts::default();
        out.extend(view.definitions().template.map(|entry| at(entry, phrase!("unused-definition-template"))));
        let computed = self.computed.get(&(one.kind, one.protocol)).map_or(&[][..], Vec::as_slice);
        out.add(computed.len(), computed.iter().map(|entry| at(*entry, phrase!("unused-definition-computed", name = name))));
        if matches!(one.kind, Kind::Variable | Kind::Dictionary) {
            out.add(self.in_lua.len(), self.in_lua.iter().map(|(place, what)| (*place, what.message(name))));
        }
        if matches!(one.kind, Kind::Variable | Kind::Dictionary | Kind::Upstream) {
            out.extend(runs_scripts(config).map(|entry| at(entry, phrase!("unused-definition-code", name = name))));
        }
        if one.kind == Kind::Variable {
            let ssi = config.all("ssi").iter().find(|entry| config.directive(**entry).arg(0) != Some("off"));
            out.extend(ssi.map(|entry| at(*entry, phrase!("unused-definition-ssi", name = name))));
            out.extend(foreign(view, one).map(|entry| {
                let directive = &*config.directive(entry).name.value;
                at(entry, phrase!("unused-definition-module", directive = directive, name = name))
            }));
        }
        out
    }
}

impl InLua<'_> {
    fn message(&self, name: &str) -> Message {
        match self {
            InLua::Away => phrase!("unused-definition-lua-away", name = name),
            InLua::Computed => phrase!("unused-definition-lua-computed", name = name),
            InLua::Opaque => phrase!("unused-definition-lua-opaque", name = name),
            InLua::Module(Some(module)) => phrase!("unused-definition-lua-module", module = *module, name = name),
            InLua::Module(None) => phrase!("unused-definition-lua-module-computed", name = name),
        }
    }
}

fn in_lua<'a>(config: &Config, lua: &'a Lua) -> Vec<(Option<Place>, InLua<'a>)> {
    let mut out: Vec<(Option<Place>, InLua<'a>)> = lua.unread.iter().map(|(entry, _)| (Some(config.place(*entry)), InLua::Away)).collect();
    for code in &lua.codes {
        let place = |span| Some(Place { file: code.file, span });
        if code.facts.computed_names {
            out.push((code.entry.map(|entry| config.header(entry)), InLua::Computed));
        }
        out.extend(code.facts.opaque.first().map(|span| (place(*span), InLua::Opaque)));
        out.extend(unread_module(code).map(|(span, module)| (place(span), InLua::Module(module))));
    }
    out
}

/// A module that is not in the workspace and that may look up names of nginx.
fn unread_module(code: &Code) -> Option<(crate::text::Span, Option<&str>)> {
    code.modules.iter().find_map(|(number, module)| {
        let call = code.facts.calls.get(*number)?;
        let name = call.target.constant();
        let library = name.unwrap_or_default().strip_prefix("resty.").map(|rest| rest.split('.').next().unwrap_or(rest));
        let harmless = match module {
            Module::Found(_) => true,
            // What a known library asks for is given to it, as a string that is looked for.
            _ => library.map_or(matches!(module, Module::Provided), |library| {
                LIBRARIES.contains(&library) || matches!(library, "http" | "upstream")
            }),
        };
        (!harmless).then_some((call.span, name))
    })
}

/// The definitions of a name, in reading order.
struct Twins<'a>(FxHashMap<(Kind, Protocol, &'a str), Vec<Named<'a>>>);

impl<'a> Twins<'a> {
    fn of(definitions: &'a Definitions) -> Twins<'a> {
        let mut twins = Twins(FxHashMap::default());
        for one in definitions.defined() {
            twins.0.entry((one.kind, one.protocol, one.name)).or_default().push(one);
        }
        twins
    }

    fn named(&self, kind: Kind, protocol: Protocol, name: &'a str) -> &[Named<'a>] {
        self.0.get(&(kind, protocol, name)).map_or(&[], Vec::as_slice)
    }
}

fn finding<'a>(view: View<'a>, definers: &Definers<'_>, doubting: &Doubting<'_>, one: &Named<'a>, twins: &Twins<'a>) -> Finding {
    let (config, language) = (view.config, view.language);
    let doubts = doubting.about(one);
    let (confidence, severity) = if doubts.is_empty() { (Confidence::Proven, RULE.severity) } else { (Confidence::Likely, Severity::Hint) };
    // A group may have its name for the reader.
    let severity = if one.group { Severity::Hint } else { severity };
    let mut finding = Finding::new(RULE.id, severity, confidence, config.header(one.entry), message(language, config, one));
    let others = twins.named(one.kind, one.protocol, one.name).iter().filter(|other| other.entry != one.entry);
    let others: Vec<Named<'_>> = others.copied().collect();
    for other in others.iter().take(LISTED) {
        finding = finding.related(config.header(other.entry), message!(language, "unused-definition-too"));
    }
    if let Some(more) = others.len().checked_sub(LISTED).filter(|more| *more > 0) {
        finding = finding.note(message!(language, "unused-definition-more-places", count = more));
    }
    if one.kind == Kind::Upstream && !twins.named(one.kind, other(one.protocol), one.name).is_empty() {
        finding = finding.note(message!(language, "unused-definition-twin", protocol = other(one.protocol).name()));
    }
    finding = finding.doubts(language, doubts, "unused-definition-more");
    if one.group {
        return finding;
    }
    // The groups of a map's regexes go with it; what stands in it may use them.
    let inside = |id: &EntryId| config.ancestors(*id).any(|around| around == one.entry);
    let mut others = definers.all_only_in(one.entry).filter(|(kind, name)| *kind != one.kind || **name != *one.name);
    let missed = others.any(|key| !view.lua().codes.is_empty() || !view.required().used(&key).iter().all(inside));
    finding.tag(Tag::Unnecessary).fix(Fix {
        title: message!(language, "comment-out", what = format!("`{}`", header(config, one.entry))),
        safe: confidence == Confidence::Proven && !missed,
        action: FixAction::CommentOut(config.place(one.entry)),
    })
}

fn other(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Http => Protocol::Stream,
        Protocol::Stream => Protocol::Http,
    }
}

/// The directive with the first of its arguments that name it.
fn header(config: &Config, entry: EntryId) -> String {
    let directive = config.directive(entry);
    let words = directive.args.iter().take(2).map(|word| format!(" {}", word.value));
    let text: String = std::iter::once(directive.name.value.to_string()).chain(words).collect();
    if text.chars().count() > 60 { format!("{}…", text.chars().take(59).collect::<String>()) } else { text }
}

fn message(language: Language, config: &Config, one: &Named<'_>) -> String {
    let name = one.argument.and_then(|argument| config.directive(one.entry).arg(argument)).unwrap_or_default();
    let directive = &*config.directive(one.entry).name.value;
    match one.kind {
        Kind::Variable if one.group => message!(language, "unused-definition-group", name = one.name),
        Kind::Variable if matches!(directive, "map" | "geo" | "split_clients") => {
            message!(language, "unused-definition-table", name = name, directive = directive)
        }
        Kind::Variable => message!(language, "unused-definition-variable", name = name, directive = directive),
        Kind::Upstream => message!(language, "unused-definition-upstream", name = name),
        Kind::LogFormat => message!(language, "unused-definition-log-format", name = name),
        Kind::RequestZone => message!(language, "unused-definition-zone", directive = "limit_req", name = one.name),
        Kind::ConnectionZone => message!(language, "unused-definition-zone", directive = "limit_conn", name = one.name),
        Kind::Cache => {
            message!(language, "unused-definition-zone", directive = directive.trim_end_matches("_path"), name = one.name)
        }
        Kind::Dictionary => message!(language, "unused-definition-dictionary", name = name),
    }
}

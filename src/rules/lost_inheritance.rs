//! `lost-inheritance`: a block with one directive of a kind loses all of the blocks around it.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::{is_unreliable, line};
use super::{Confidence, Finding, Rule, Severity, inert_directive};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Language, list};
use crate::project::{FileId, Place};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "lost-inheritance",
    summary: "a directive that makes a block lose those of the same name around it",
    severity: Severity::Hint,
    check,
};

/// A directive that nginx merges as a whole: one at a level hides all of the levels around it.
struct Kind {
    name: &'static str,
    /// The `*_pass` that reads it; empty for one that holds for all requests.
    pass: &'static str,
    /// The message that says what becomes of those that are lost.
    lost: &'static str,
}

const KINDS: [Kind; 14] = [
    Kind { name: "add_header", pass: "", lost: "lost-inheritance-sent" },
    Kind { name: "add_trailer", pass: "", lost: "lost-inheritance-sent" },
    Kind { name: "error_page", pass: "", lost: "lost-inheritance-page" },
    Kind { name: "proxy_set_header", pass: "proxy_pass", lost: "lost-inheritance-passed" },
    Kind { name: "proxy_hide_header", pass: "proxy_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "grpc_set_header", pass: "grpc_pass", lost: "lost-inheritance-passed" },
    Kind { name: "grpc_hide_header", pass: "grpc_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "fastcgi_param", pass: "fastcgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "fastcgi_hide_header", pass: "fastcgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "uwsgi_param", pass: "uwsgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "uwsgi_hide_header", pass: "uwsgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "scgi_param", pass: "scgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "scgi_hide_header", pass: "scgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "proxy_cookie_flags", pass: "proxy_pass", lost: "lost-inheritance-set" },
];

/// Headers by which a site protects its visitors, in lower case.
const PROTECTING: [&str; 9] = [
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
];

/// Those of which one missing page already matters; the others are told beside them.
const GRAVE: [&str; 3] = ["strict-transport-security", "content-security-policy", "x-frame-options"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut told: FxHashSet<(Place, &str)> = FxHashSet::default();
    for config in &analysis.configs {
        let levels = config.named(|name| matches!(name, "http" | "server" | "location" | "if" | "limit_except"));
        for kind in &KINDS {
            let mut words = Words::new(analysis, kind);
            let Some(of) = config.by_block(kind.name) else { continue };
            for &id in config.all(kind.name) {
                let first = |block: &EntryId| of(Some(*block)).first() == Some(&id);
                let Some(block) = config.entry(id).parent.filter(first) else { continue };
                if levels.has(block)
                    && let Some(finding) = level(&mut words, config, block, &of)
                    && told.insert((config.place(block), kind.name))
                    && !is_unreliable(analysis, config.entry(id).file)
                {
                    out.push(finding);
                }
            }
        }
    }
}

/// What a directive of these is about: the header or parameter, or the codes.
fn keys(config: &Config, id: EntryId) -> impl Iterator<Item = &str> {
    let directive = config.directive(id);
    let is_page = directive.is("error_page");
    let words = directive.args.iter().take(if is_page { usize::MAX } else { 1 }).map(|word| &*word.value);
    words.filter(move |word| !is_page || word.parse::<u16>().is_ok())
}

/// A header's or parameter's name as it is compared: whatever its letters.
#[derive(Clone, Copy)]
struct Caseless<'a>(&'a str);

impl PartialEq for Caseless<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Caseless<'_> {}

impl Hash for Caseless<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// Names that were there already.
#[derive(Default)]
struct Told<'a> {
    few: Vec<&'a str>,
    /// All of them, where they are too many to be compared one by one.
    many: FxHashSet<Caseless<'a>>,
}

impl<'a> Told<'a> {
    const FEW: usize = 16;

    /// Notes a name; false when it was there.
    fn insert(&mut self, name: &'a str) -> bool {
        if self.few.len() < Self::FEW {
            let is_new = !self.few.iter().any(|one| one.eq_ignore_ascii_case(name));
            if is_new {
                self.few.push(name);
            }
            return is_new;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.iter().copied().map(Caseless));
        }
        self.many.insert(Caseless(name))
    }
}

/// What is said of a kind again and again, in words.
struct Words<'a> {
    analysis: &'a Analysis,
    kind: &'static Kind,
    /// What is said at the directives that are lost.
    level: String,
    /// Where a directive is that is lost with others, and the block that it is in: many blocks lose the same ones.
    origins: FxHashMap<(EntryId, FileId), (String, String)>,
    /// The names of those that are lost, in one phrase.
    lists: FxHashMap<Vec<&'a str>, String>,
}

impl<'a> Words<'a> {
    fn new(analysis: &'a Analysis, kind: &'static Kind) -> Words<'a> {
        let level = message!(analysis.language, "lost-inheritance-level", directive = kind.name);
        Words { analysis, kind, level, origins: FxHashMap::default(), lists: FxHashMap::default() }
    }

    fn list(&mut self, names: Vec<&'a str>) -> String {
        let language = self.analysis.language;
        let join = |names: &Vec<&str>| list(language, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), 6);
        self.lists.entry(names).or_insert_with_key(join).clone()
    }

    /// From where, and at which line, seen from a file.
    fn origin(&mut self, config: &Config, origin: EntryId, file: FileId) -> &(String, String) {
        let analysis = self.analysis;
        let language = analysis.language;
        self.origins.entry((origin, file)).or_insert_with(|| {
            let from = config.entry(origin).parent.map_or_else(
                || message!(language, "lost-inheritance-from-file"),
                |parent| match &*config.directive(parent).name.value {
                    "location" => message!(language, "lost-inheritance-from-location"),
                    name => message!(language, "lost-inheritance-from-block", name = name),
                },
            );
            (from, line(analysis, file, config.header(origin)))
        })
    }
}

/// `of` has the directives of the kind by the block that they stand in.
fn level<'a>(words: &mut Words<'a>, config: &'a Config, block: EntryId, of: &impl Fn(Option<EntryId>) -> &'a [EntryId]) -> Option<Finding> {
    let (analysis, kind) = (words.analysis, words.kind);
    let language = analysis.language;
    let here = of(Some(block));
    let first = *here.first()?;
    // What an include leads to may have the rest.
    if config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(block)) {
        return None;
    }
    // The nearest level around it; the top of a fragment is the outermost.
    let mut around = config.ancestors(block).skip(1).map(Some).chain([None]);
    let outer = around.find_map(|around| Some(of(around)).filter(|outer| !outer.is_empty()))?;
    // Those that are here, and those that are lost already.
    let mut told = Told::default();
    for name in here.iter().flat_map(|id| keys(config, *id)) {
        told.insert(name);
    }
    // What is only answered by a `return` is no page that a browser shows.
    let answers = matches!(kind.name, "add_header" | "error_page");
    let only = if answers { inert_directive::only_answer(config, block).map(|(_, code)| code) } else { None };
    let always = only.is_some_and(|code| code >= 400);
    let mut lost: Vec<(&str, EntryId)> = Vec::new();
    for &id in outer {
        let directive = config.directive(id);
        let empty = matches!(kind.name, "add_header" | "proxy_set_header" | "grpc_set_header") && directive.arg(1) == Some("");
        // What is sent with some answers only does not go missing where there are none of them.
        let unsent = kind.name == "add_header" && always && directive.arg(2) != Some("always");
        if empty || unsent {
            continue;
        }
        for key in keys(config, id) {
            if told.insert(key) {
                lost.push((key, id));
            }
        }
    }
    let (_, origin) = *lost.first()?;
    if kind.name == "add_header" && !drops_headers(config, block) || !kind.pass.is_empty() && !passes(config, block, kind.pass) {
        return None;
    }
    if let ("error_page", Some(code)) = (kind.name, only)
        && !lost.iter().any(|(one, _)| *one == code.to_string())
    {
        return None;
    }
    let protecting = |(name, _): &(&str, EntryId), of: &[&str]| of.iter().any(|one| name.eq_ignore_ascii_case(one));
    let grave = kind.name == "add_header" && only.is_none() && lost.iter().any(|one| protecting(one, &GRAVE));
    if grave {
        // The ones that matter first.
        lost.sort_by_key(|one| !protecting(one, &PROTECTING));
    }
    let names: Vec<&str> = lost.into_iter().map(|(name, _)| name).collect();
    let (count, names) = (names.len(), words.list(names));
    let (from, at) = words.origin(config, origin, config.entry(first).file);
    let message = message!(
        language,
        kind.lost,
        directive = kind.name,
        block = named(language, config, block),
        from = &**from,
        at = &**at,
        names = names,
        count = count
    );
    let (severity, confidence) = if grave { (Severity::Info, Confidence::Likely) } else { (RULE.severity, Confidence::Likely) };
    let mut finding =
        Finding::new(RULE.id, severity, confidence, config.header(first), message).related(config.header(origin), words.level.clone());
    if kind.name == "add_header" {
        finding = finding.note(message!(language, "lost-inheritance-repeat"));
    }
    Some(finding)
}

fn named(language: Language, config: &Config, block: EntryId) -> String {
    match config.location_at(block) {
        Some(location) => format!("`{}`", config.display_location(location)),
        None => message!(language, "lost-inheritance-this", name = &*config.directive(block).name.value),
    }
}

/// Does the block lose the headers? `add_header_inherit merge` keeps them, and with `off` that is wanted. (Since 1.29.3;
/// `add_header_inherit` is itself inherited.)
fn drops_headers(config: &Config, block: EntryId) -> bool {
    config.inherited(block, "add_header_inherit").is_none_or(|id| config.directive(id).arg(0) == Some("on"))
}

/// Does anything in the block (for an `if`: in the location around it) pass requests on with this?
fn passes(config: &Config, block: EntryId, pass: &str) -> bool {
    let start = config.ancestors(block).find(|id| !matches!(config.name(*id), "if" | "limit_except")).unwrap_or(block);
    inert_directive::inside(config, start, pass).next().is_some()
}

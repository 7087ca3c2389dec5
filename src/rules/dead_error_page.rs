//! `dead-error-page`: a code in an `error_page` that an earlier one of the block has, or that nginx does not make there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::{Claims, line};
use super::{Confidence, Finding, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Language, list};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule =
    Rule { id: "dead-error-page", summary: "an `error_page` that never takes effect for a code", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut claims = Claims::default();
    for config in &analysis.configs {
        let pages = config.all("error_page");
        let mut seen = FxHashSet::default();
        let mut answering = Answering::of(config);
        for &id in pages {
            if seen.insert(config.entry(id).parent) {
                repeated(analysis, config, config.entry(id).parent, &mut claims);
            }
            upstreams_own(analysis.language, config, id, &mut answering, &mut claims);
        }
    }
    out.extend(claims.confirmed(analysis));
}

/// The codes of an `error_page`, with the words that they are.
fn codes(config: &Config, id: EntryId) -> impl Iterator<Item = (usize, u16)> {
    let args = &config.directive(id).args;
    let words = args.len().saturating_sub(1);
    (0..words).filter_map(|at| {
        let word = args.get(at)?;
        Some((at, word.value.parse().ok()?))
    })
}

/// `ngx_http_send_error_page` takes the first entry of the level with the code.
fn repeated(analysis: &Analysis, config: &Config, block: Option<EntryId>, claims: &mut Claims<Finding>) {
    let language = analysis.language;
    let children = block.map_or(config.top.as_slice(), |block| &config.entry(block).children);
    let mut first: FxHashMap<u16, EntryId> = FxHashMap::default();
    for &id in children.iter().filter(|id| config.directive(**id).is("error_page")) {
        for (word, code) in codes(config, id) {
            let Some(earlier) = first.get(&code).copied() else {
                first.insert(code, id);
                continue;
            };
            let rest = |id: EntryId| -> Vec<String> {
                let args = &config.directive(id).args;
                args.iter().filter(|word| word.value.parse::<u16>().is_err()).map(|word| word.value.to_string()).collect()
            };
            let same = rest(earlier) == rest(id);
            let at = line(analysis, config.entry(id).file, config.header(earlier));
            let message = match (earlier == id, same) {
                (true, _) => message!(language, "dead-error-page-twice", code = code),
                (_, true) => message!(language, "dead-error-page-same", code = code, at = at),
                (_, false) => message!(language, "dead-error-page-never", code = code, at = at),
            };
            let severity = if same { Severity::Hint } else { RULE.severity };
            let mut finding =
                Finding::new(RULE.id, severity, Confidence::Proven, config.arg_place(id, word), message).tag(Tag::Unnecessary);
            if earlier != id {
                finding = finding.related(config.header(earlier), message!(language, "dead-error-page-taken"));
            }
            claims.add(config, id, word, finding);
        }
    }
}

/// Codes that nginx does not make by itself where a request is passed on and nothing else is configured. (403, 405, 413, 5xx and others it
/// does.)
const UPSTREAMS_OWN: [u16; 12] = [402, 404, 406, 407, 409, 410, 415, 418, 422, 423, 424, 451];

/// Modules that pass a request on and have an `…_intercept_errors`.
const PASSES: [&str; 5] = ["proxy", "fastcgi", "uwsgi", "scgi", "grpc"];

/// An answer of an upstream is looked up in `error_page` only where it is intercepted (`ngx_http_upstream_intercept_errors`).
fn upstreams_own(language: Language, config: &Config, id: EntryId, answering: &mut Answering<'_>, claims: &mut Claims<Finding>) {
    let Some(block) = config.entry(id).parent.filter(|block| config.directive(*block).is("location")) else { return };
    let Some((word, _)) = codes(config, id).next() else { return };
    let own: Vec<String> =
        codes(config, id).map(|(_, code)| code).filter(|code| UPSTREAMS_OWN.contains(code)).map(|code| code.to_string()).collect();
    if own.len() != codes(config, id).count() {
        return;
    }
    let mut modules = PASSES.iter().filter(|module| config.children(block, &format!("{module}_pass")).next().is_some());
    let (Some(module), None) = (modules.next(), modules.next()) else { return };
    let setting = format!("{module}_intercept_errors");
    let on = config.inherited(block, &setting).is_some_and(|id| config.directive(id).arg(0) != Some("off"));
    if on || config.ancestors(block).any(|around| answering.has(around, block)) {
        return;
    }
    // The settings around a fragment are not here.
    let outermost = config.ancestors(block).last().unwrap_or(block);
    if !config.directive(outermost).is("http") {
        return;
    }
    let message = message!(language, "dead-error-page-upstream", codes = list(language, &own, 4), setting = &setting);
    let place = config.header(id);
    let finding = Finding::new(RULE.id, Severity::Hint, Confidence::Likely, place, message).note(message!(
        language,
        "dead-error-page-with",
        setting = setting
    ));
    claims.add(config, id, word, finding);
}

/// Which blocks have something that can answer with any code, other than passing the request on.
struct Answering<'a> {
    config: &'a Config,
    /// Blocks of which not all is known.
    unknown: FxHashSet<EntryId>,
    /// What was asked: of a block, and whether of the location itself.
    known: FxHashMap<(EntryId, bool), bool>,
}

impl<'a> Answering<'a> {
    fn of(config: &'a Config) -> Answering<'a> {
        let unknown = config.unknown_includes.iter().filter_map(|include| config.entry(*include).parent).collect();
        Answering { config, unknown, known: FxHashMap::default() }
    }

    /// Has a location, or a block around it? Thousands of locations ask it of their server.
    fn has(&mut self, around: EntryId, location: EntryId) -> bool {
        let (config, unknown, own) = (self.config, &self.unknown, around == location);
        *self.known.entry((around, own)).or_insert_with(|| unknown.contains(&around) || answers(config, around, own))
    }
}

/// Can something in the block other than passing the request on answer with any code? `own` is true for the location itself.
fn answers(config: &Config, around: EntryId, own: bool) -> bool {
    const ANSWER: [&str; 11] = [
        "return",
        "try_files",
        "internal",
        "rewrite",
        "auth_request",
        "auth_jwt",
        "limit_except",
        "perl",
        "mirror",
        "secure_link",
        "image_filter",
    ];
    config.entry(around).children.iter().any(|id| {
        let name = &*config.directive(*id).name.value;
        let blocks = matches!(name, "if" | "location") && (own || name == "if");
        let block = matches!(name, "server" | "upstream" | "map" | "geo" | "types" | "split_clients" | "location") && !own;
        let foreign = !block && !config.entry(*id).known.iter().any(|one| one.package == "nginx");
        blocks || foreign || ANSWER.contains(&name) || name.contains("_by_lua") || name.starts_with("js_")
    })
}

//! `constant-condition`: an `if` that is true for every request, or for none.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::captures::Users;
use super::claims::Claims;
use super::finding::FixAction;
use super::sets::Sets;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::routing::sequence::condition::{Condition, written};
use crate::routing::sequence::{Constant, Values, Why};
use crate::usage::required::Definers;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "constant-condition",
    summary: "an `if` whose condition has the same answer for every request",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut found = Claims::default();
    for view in analysis.views() {
        if view.config.all("if").is_empty() {
            continue;
        }
        let mut all: Vec<(EntryId, &Constant)> =
            view.sequences().all().flat_map(|(block, sequence)| sequence.constants.iter().map(move |constant| (block, constant))).collect();
        all.sort_by_key(|(_, constant)| constant.entry);
        let around = Around::of(view);
        for (block, constant) in all.into_iter().filter(|(block, constant)| !is_meant(&around, *block, constant)) {
            // It must have the same answer wherever nginx reads it.
            found.add(view.config, constant.entry, usize::from(constant.holds), finding(&around, block, constant));
        }
    }
    out.extend(found.confirmed(analysis));
}

/// What stands around the conditions of a configuration; each part worked out when it is first asked for.
struct Around<'a> {
    view: View<'a>,
    definers: Definers<'a>,
    sets: OnceCell<Sets<'a>>,
    captures: OnceCell<Users<'a>>,
    /// The first `if` of each block that asks for a variable, or for a file.
    asked: OnceCell<FxHashMap<(EntryId, Option<&'a str>), EntryId>>,
}

impl<'a> Around<'a> {
    fn of(view: View<'a>) -> Around<'a> {
        let definers = Definers::of(view.config);
        Around { view, definers, sets: OnceCell::new(), captures: OnceCell::new(), asked: OnceCell::new() }
    }

    /// Does an earlier `if` of the block ask for the same variable?
    fn is_asked_before(&self, block: EntryId, condition: &Condition<'_>, entry: EntryId) -> bool {
        let first = self.asked.get_or_init(|| first_to_ask(self.view.config)).get(&(block, condition.variable()));
        first.is_some_and(|first| *first < entry)
    }
}

fn first_to_ask(config: &Config) -> FxHashMap<(EntryId, Option<&str>), EntryId> {
    let mut out = FxHashMap::default();
    for id in config.all("if") {
        if let Some((block, condition)) = config.entry(*id).parent.zip(Condition::read(config.directive(*id))) {
            out.entry((block, condition.variable())).or_insert(*id);
        }
    }
    out
}

/// True for a condition that always holds and is no mistake: a regex with groups is there for what they take, and one that asks for the
/// same variable as an earlier `if` of its block is what is left of it (`if ($a = 1) { return … } if ($a = 0) { … }`).
fn is_meant(around: &Around<'_>, block: EntryId, constant: &Constant) -> bool {
    let config = around.view.config;
    let Some(condition) = Condition::read(config.directive(constant.entry)).filter(|_| constant.holds) else { return false };
    let groups = matches!(condition, Condition::Matches { pattern, negated: false, .. } if pattern.contains('('));
    groups || !matches!(constant.why, Why::Domain(_)) && around.is_asked_before(block, &condition, constant.entry)
}

fn finding(around: &Around<'_>, block: EntryId, constant: &Constant) -> Finding {
    let (config, language) = (around.view.config, around.view.language);
    let directive = config.directive(constant.entry);
    let condition = written(directive);
    let variable = Condition::read(directive).and_then(|condition| condition.variable()).unwrap_or_default();
    let why = match &constant.why {
        Why::Domain(why) => message!(language, why),
        Why::Uri => match config.location_at(block) {
            Some(location) => message!(language, "constant-condition-no-uri-in", location = config.display_location(location)),
            None => message!(language, "constant-condition-no-uri"),
        },
        Why::Values(values) => texts(language, variable, values),
    };
    let message = match constant.holds {
        true => message!(language, "constant-condition-always", condition = &condition, why = why),
        false => message!(language, "constant-condition-never", condition = &condition, why = why),
    };
    let severity =
        if is_switch(&constant.why) || matches!(constant.why, Why::Uri) && constant.holds { Severity::Hint } else { RULE.severity };
    let mut finding = Finding::new(RULE.id, severity, Confidence::Proven, config.header(constant.entry), message);
    if let Why::Values(_) = constant.why {
        let sets = around.sets.get_or_init(|| Sets::of(config));
        // What stands between the block's beginning and the condition is in the block.
        if let Some(set) = sets.last_before(variable, constant.entry).filter(|set| *set > block) {
            finding = finding.related(config.header(set), message!(language, "constant-condition-set"));
        }
    }
    if constant.holds {
        return finding;
    }
    if severity != Severity::Hint {
        finding = finding.tag(Tag::Unnecessary);
    }
    let regex = matches!(Condition::read(directive), Some(Condition::Matches { .. }));
    let clears = regex && around.captures.get_or_init(|| Users::of(config)).are_after(constant.entry);
    finding.fix(Fix {
        title: message!(language, "comment-out", what = format!("`if {condition}`")),
        safe: severity != Severity::Hint && !clears && around.definers.only_in(constant.entry).is_none(),
        action: FixAction::CommentOut(config.place(constant.entry)),
    })
}

/// A variable with one text that a person sets by hand, to turn something on and off: `set $maintenance 0; if ($maintenance) …`.
fn is_switch(why: &Why) -> bool {
    matches!(why, Why::Values(Values::Known(texts)) if texts.len() == 1 || texts.iter().any(|text| text.is_empty()) && texts.len() == 2)
}

/// What a variable can have, in a sentence.
fn texts(language: Language, variable: &str, values: &Values) -> String {
    const NAMED: usize = 4;
    let Values::Known(texts) = values else { return message!(language, "constant-condition-unknown", variable = variable) };
    let mut names: Vec<String> = texts
        .iter()
        .take(NAMED)
        .map(|text| match text.is_empty() {
            true => message!(language, "constant-condition-empty"),
            false => format!("\"{}\"", String::from_utf8_lossy(text)),
        })
        .collect();
    if texts.len() > NAMED {
        names.push(message!(language, "constant-condition-like"));
    }
    match names.as_slice() {
        [] => message!(language, "constant-condition-nothing", variable = variable),
        [one] => message!(language, "constant-condition-one", variable = variable, value = one),
        several => {
            let values = join(language, Joint::Or, several);
            message!(language, "constant-condition-some", variable = variable, values = values)
        }
    }
}

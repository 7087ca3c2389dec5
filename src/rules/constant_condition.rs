//! `constant-condition`: an `if` that is true for every request, or for none.

use super::claims::Claims;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::EntryId;
use crate::routing::sequence::condition::{Condition, written};
use crate::routing::sequence::{Constant, Values, Why};
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
        for (block, constant) in all.into_iter().filter(|(_, constant)| !captures(view, constant)) {
            // It must have the same answer wherever nginx reads it.
            found.add(view.config, constant.entry, usize::from(constant.holds), finding(view, block, constant));
        }
    }
    out.extend(found.confirmed(analysis));
}

/// True for a regex that always matches and has groups: it is there for what they take.
fn captures(view: View<'_>, constant: &Constant) -> bool {
    let condition = Condition::read(view.config.directive(constant.entry));
    constant.holds && matches!(condition, Some(Condition::Matches { pattern, negated: false, .. }) if pattern.contains('('))
}

fn finding(view: View<'_>, block: EntryId, constant: &Constant) -> Finding {
    let config = view.config;
    let directive = config.directive(constant.entry);
    let condition = written(directive);
    let variable = Condition::read(directive).and_then(|condition| condition.variable()).unwrap_or_default();
    let why = match &constant.why {
        Why::Domain(why) => (*why).to_owned(),
        Why::Uri => match config.location_at(block) {
            Some(location) => format!("no URI that gets here in `{}` says otherwise", config.display_location(location)),
            None => "no URI that is left here says otherwise".to_owned(),
        },
        Why::Values(values) => format!("`${variable}` is {} here", texts(values)),
    };
    let often = if constant.holds { "always" } else { "never" };
    let message = format!("`if {condition}` is {often} true: {why}");
    let severity =
        if is_switch(&constant.why) || matches!(constant.why, Why::Uri) && constant.holds { Severity::Hint } else { RULE.severity };
    let mut finding = Finding::new(RULE.id, severity, Confidence::Proven, config.header(constant.entry), message);
    if let Why::Values(_) = constant.why {
        let before = |id: &&EntryId| **id < constant.entry && config.ancestors(**id).any(|around| around == block);
        let mut sets = config.all("set").iter().filter(before);
        if let Some(set) = sets.rfind(|id| config.directive(**id).arg(0).and_then(|word| word.strip_prefix('$')) == Some(variable)) {
            finding = finding.related(config.header(*set), "set here");
        }
    }
    if constant.holds {
        return finding;
    }
    let inside = config.entry(constant.entry).children.iter().copied();
    let defines = inside.into_iter().any(|entry| config.directive(entry).name.value.starts_with("set"));
    if severity != Severity::Hint {
        finding = finding.tag(Tag::Unnecessary);
    }
    finding.fix(Fix {
        title: format!("Comment out `if {condition}`"),
        safe: !defines && severity != Severity::Hint,
        action: FixAction::CommentOut(config.place(constant.entry)),
    })
}

/// A variable with one text that a person sets by hand, to turn something on and off: `set $maintenance 0; if ($maintenance) …`.
fn is_switch(why: &Why) -> bool {
    matches!(why, Why::Values(Values::Known(texts)) if texts.len() == 1 || texts.iter().any(|text| text.is_empty()) && texts.len() == 2)
}

/// What a variable can have, in words.
fn texts(values: &Values) -> String {
    const NAMED: usize = 4;
    let Values::Known(texts) = values else { return "not known".to_owned() };
    let mut names: Vec<String> = texts
        .iter()
        .take(NAMED)
        .map(|text| if text.is_empty() { "empty".to_owned() } else { format!("\"{}\"", String::from_utf8_lossy(text)) })
        .collect();
    if texts.len() > NAMED {
        names.push("the like".to_owned());
    }
    match names.split_last() {
        Some((last, [])) if last == "empty" => "always empty".to_owned(),
        Some((last, [])) => format!("always {last}"),
        Some((last, rest)) => format!("only ever {} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

//! `unused-location`: a location that nobody asks for, as access logs and everything that refers to it show.

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::effective::Blocks;
use crate::config::{Config, LocationId, Matcher};
use crate::message;
use crate::messages::Language;
use crate::project::Place;
use crate::project::annotations::above;
use crate::usage::callers;
use crate::usage::logs::Logs;
use crate::usage::required::Definers;
use crate::usage::verdict::{Reason, Usage, Verdict, Verdicts};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unused-location",
    summary: "a location that access logs show no request to, and that nothing in use refers to",
    severity: Severity::Warning,
    check,
};

/// How many places that speak for or against it a finding lists.
const LISTED: usize = 4;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    // A snippet that several servers include is used where one of them uses it.
    let mut used: FxHashSet<Place> = FxHashSet::default();
    let mut found: Vec<Finding> = Vec::new();
    for view in analysis.views() {
        // Without logs nothing can be called unused, and that nobody knows is no finding.
        let Some(logs) = view.logs() else { continue };
        let (blocks, language) = (Blocks::new(view.project, view.config), analysis.language);
        let keeps = format!("keep {}", message!(language, "unused-location-keep-reason"));
        let speaker = Speaker {
            analysis,
            view,
            logs,
            blocks,
            definers: Definers::of(view.config),
            window: words::window(logs, language),
            keeps,
            language,
        };
        for usage in &view.verdicts().locations {
            let place = view.config.header(view.config.location(usage.location).entry);
            match speaker.finding(usage) {
                Some(finding) if !is_unreliable(analysis, place.file) => found.push(finding),
                _ if matches!(usage.verdict, Verdict::InUse | Verdict::CannotTell) => drop(used.insert(place)),
                _ => {}
            }
        }
    }
    found.sort_by_key(|finding| finding.place);
    found.dedup_by_key(|finding| finding.place);
    out.extend(found.into_iter().filter(|finding| !used.contains(&finding.place)));
}

struct Speaker<'a> {
    analysis: &'a Analysis,
    view: View<'a>,
    logs: &'a Logs,
    blocks: Blocks<'a>,
    definers: Definers<'a>,
    /// What the logs cover, in words.
    window: String,
    /// What a comment says that keeps one.
    keeps: String,
    language: Language,
}

impl Speaker<'_> {
    fn config(&self) -> &Config {
        self.view.config
    }

    fn verdicts(&self) -> &Verdicts {
        self.view.verdicts()
    }

    fn header(&self, id: LocationId) -> Place {
        self.config().header(self.config().location(id).entry)
    }

    /// As it is written, in backticks.
    fn name(&self, id: LocationId) -> String {
        self.config().display_location(id)
    }

    fn context(&self) -> Context<'_> {
        Context { project: self.view.project, config: self.config(), logs: Some(self.logs), language: self.language }
    }

    /// The finding, where there is something to say that no other rule says.
    fn finding(&self, usage: &Usage) -> Option<Finding> {
        // A file that is missing, and a proof that nothing gets there, say more.
        if usage.reasons.iter().any(|reason| matches!(reason, Reason::Broken(_) | Reason::Dead)) {
            return None;
        }
        match usage.verdict {
            Verdict::InUse | Verdict::CannotTell => None,
            Verdict::ProbablyUnused => self.unused(usage),
            Verdict::ToCheck => self.to_check(usage),
        }
    }

    fn unused(&self, usage: &Usage) -> Option<Finding> {
        let config = self.config();
        // What only other blocks lead to is told of by the rules that prove it, or hangs on what is told of here.
        let named = matches!(config.location(usage.location).matcher, Matcher::Named(_));
        let internal = named || self.view.router().is_internal(usage.location);
        let group = usage.group.and_then(|at| self.verdicts().groups.get(at));
        let head = group.and_then(|group| group.head).filter(|head| *head != usage.location);
        if internal && head.is_none() {
            return None;
        }
        let called = usage.reasons.iter().any(is_caller);
        let id = match (internal, called) {
            (true, _) => "unused-location-internal",
            (false, false) => "unused-location-nobody",
            (false, true) => "unused-location-hangs",
        };
        let message = message!(self.language, id, location = self.name(usage.location), window = self.window.as_str());
        let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, self.header(usage.location), message);
        finding = self.evidence(finding, usage);
        if let Some(head) = head {
            finding = finding.part_of(self.header(head));
        } else if let Some(group) = group {
            for part in group.locations.iter().filter(|part| **part != usage.location) {
                finding = finding.related(self.header(*part), message!(self.language, "unused-location-part", location = self.name(*part)));
            }
        }
        finding = self.around(finding, usage);
        let files = match head {
            None => group.map_or(&[][..], |group| &group.files),
            Some(_) => &usage.files,
        };
        if !files.is_empty() {
            let files = words::list(files.iter().map(|file| self.view.project.display_path(*file)), self.language);
            finding = finding.note(message!(self.language, "unused-location-files", files = files));
        }
        if let Some(group) = group.filter(|group| head.is_none() && !group.upstreams.is_empty()) {
            let name = |entry: &_| config.directive(*entry).arg(0).unwrap_or_default().to_owned();
            let names = words::list(group.upstreams.iter().map(name), self.language);
            finding = finding.note(message!(self.language, "unused-location-upstreams", upstreams = names));
        }
        let whole = |id: LocationId| config.place(config.location(id).entry);
        let parts: Vec<LocationId> = match head {
            None => group.map_or_else(|| vec![usage.location], |group| group.locations.clone()),
            Some(_) => vec![usage.location],
        };
        let safe = |id: &LocationId| {
            let usage = self.verdicts().locations.get(id.index());
            usage.is_some_and(|usage| usage.safe) && self.definers.only_in(config.location(*id).entry).is_none()
        };
        if let Some(other) = usage.shielded {
            let path = config.location(usage.location).matcher.display();
            let other = config.location(other).matcher.display();
            finding = finding.note(message!(self.language, "unused-location-shields", path = path, other = other));
        }
        // What hangs together goes together: the page before the locations that it calls would leave them as they are.
        if parts.len() > 1 {
            let title = message!(self.language, "unused-location-comment-out-all", count = parts.len());
            let action = FixAction::CommentOutAll(parts.iter().map(|id| whole(*id)).collect());
            finding = finding.fix(Fix { title, safe: parts.iter().all(safe), action });
        }
        let title = message!(self.language, "unused-location-comment-out", location = self.name(usage.location));
        let fix = Fix { title, safe: safe(&usage.location), action: FixAction::CommentOut(whole(usage.location)) };
        Some(finding.tag(Tag::Unnecessary).fix(fix).fix(self.keep(usage.location)))
    }

    fn to_check(&self, usage: &Usage) -> Option<Finding> {
        let id = to_check(usage)?;
        let message = message!(self.language, id, location = self.name(usage.location), window = self.window.as_str());
        let mut finding = Finding::new(RULE.id, Severity::Hint, Confidence::Hint, self.header(usage.location), message);
        finding = self.evidence(finding, usage);
        finding = self.around(finding, usage);
        Some(finding.fix(self.keep(usage.location)))
    }

    /// What speaks for and against it: with a place each thing that refers to it, without one what the logs show.
    fn evidence(&self, mut finding: Finding, usage: &Usage) -> Finding {
        let mut listed = 0;
        let mut more = 0;
        for reason in &usage.reasons {
            // The message says it.
            if matches!(reason, Reason::NoHits | Reason::NoHitsSoFar | Reason::NoCaller) {
                continue;
            }
            if listed == LISTED {
                more += reason.count();
                continue;
            }
            listed += 1;
            let (text, place) = words::reason(reason, &self.context());
            finding = match place {
                Some(place) => finding.related(place, text),
                None => finding.note(text),
            };
        }
        if more > 0 {
            finding = finding.note(message!(self.language, "unused-location-more", count = more));
        }
        finding
    }

    /// What is beside it: one that looks like it, and who takes over.
    fn around(&self, mut finding: Finding, usage: &Usage) -> Finding {
        if let Some(twin) = usage.twin {
            finding = finding.related(self.header(twin), message!(self.language, "unused-location-twin", location = self.name(twin)));
        }
        let config = self.config();
        let Some(takeover) = self.view.takeovers().likely(&self.blocks, self.view.router(), usage.location) else { return finding };
        if let Some(sentence) = takeover.sentence(&self.blocks, self.view.router(), self.language) {
            finding = finding.note(sentence);
        }
        if usage.verdict == Verdict::ProbablyUnused
            && let Some((Some(place), text)) = takeover.unguarded(config, self.language)
        {
            finding = finding.related(place, text);
        }
        finding
    }

    /// A comment above that says that it is used.
    fn keep(&self, id: LocationId) -> Fix {
        let place = self.header(id);
        let (span, comment) = above(&self.analysis.project.text(place.file), place.span.start, &self.keeps);
        Fix {
            title: message!(self.language, "unused-location-keep"),
            safe: true,
            action: FixAction::Edit(vec![(Place { file: place.file, span }, comment)]),
        }
    }
}

/// The message that says what has to be checked, with the arguments `location` and `window`; `None` for what stays as it is without a word.
pub(crate) fn to_check(usage: &Usage) -> Option<&'static str> {
    let mut id = None;
    for reason in &usage.reasons {
        id = match reason {
            Reason::Denies | Reason::Fallback | Reason::Convention | Reason::SilentServer => return None,
            Reason::Guard { .. } => Some("unused-location-guard"),
            Reason::OnlyNotFound(_) => Some("unused-location-not-found"),
            Reason::OnlyMachines(_) => Some("unused-location-machines"),
            Reason::NoHitsSoFar => Some("unused-location-so-far"),
            Reason::NoHits => Some("unused-location-called"),
            _ => None,
        }
        .or(id);
    }
    id
}

fn is_caller(reason: &Reason) -> bool {
    match reason {
        Reason::Called { caller, .. } => caller.kind.strength() > callers::Strength::Mentioned,
        Reason::Referred { .. } => true,
        _ => false,
    }
}

//! Rules: one file each, listed in [`registry`].

mod alias_mismatch;
mod argument_count;
mod captures;
mod claims;
mod conflicting_options;
mod constant_condition;
mod dead_access_rule;
mod dead_directive;
mod dead_error_page;
pub(crate) mod dead_location;
mod dead_map_entry;
mod dead_server;
mod dead_server_name;
mod dead_upstream;
mod deprecated_directive;
mod duplicate_definition;
mod duplicate_directive;
mod empty_server;
mod error_page_target;
mod expired_keep;
pub mod finding;
pub mod include_problem;
mod inert_directive;
mod invalid_value;
mod lost_inheritance;
mod misplaced_directive;
mod missing_directive;
mod missing_file;
mod nginx_refuses;
pub(crate) mod orphan_file;
mod reader;
mod redundant_location;
pub mod registry;
mod replaced_handler;
mod request_fails;
mod server_try_files;
mod sets;
pub mod settings_problem;
mod silent_server;
mod stale_commented_block;
mod standing;
mod syntax_error;
mod try_files_problem;
mod undefined_name;
mod unknown_directive;
mod unknown_upstream_host;
mod unreachable_backend_route;
pub mod unreadable_file;
pub mod unsettled;
pub(crate) mod unused_definition;
pub(crate) mod unused_location;
pub(crate) mod unused_named_location;
mod unused_upstream_server;
mod upstream_lacks_part;
pub mod upstream_lacks_route;
mod upstream_port_mismatch;
mod upstream_scheme_mismatch;
mod uri_stripped;

pub use finding::{Confidence, Finding, Fix, Related, Severity, Tag};

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::available_parallelism;

use crate::message;
use crate::messages::Language;
use crate::parallel;
use crate::project::settings::Level;
use crate::world::Analysis;

/// What a rule is.
#[derive(Debug)]
pub struct Rule {
    /// Its id, as in settings, comments and the name of its page: `dead-location`.
    pub id: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// How loud it is unless the settings say otherwise.
    pub severity: Severity,
    /// Looks at the whole analysis and adds what it finds.
    pub check: fn(&Analysis, &mut Vec<Finding>),
}

/// What a rule finds, in one line; in English where the language has no words for it.
pub fn summary(rule: &Rule, language: Language) -> String {
    let id = format!("{}-summary", rule.id);
    let said = message!(language, &id);
    if said == id { rule.summary.to_owned() } else { said }
}

/// Runs every rule that the settings leave on; findings sorted by file and place, those that a comment ignores left out.
pub fn check(analysis: &Analysis) -> Vec<Finding> {
    // Nobody can cancel it: the flag is this function's own.
    check_unless(analysis, &AtomicBool::new(false)).unwrap_or_default()
}

/// Configurations of fewer directives are looked at by one thread: starting others would take longer.
const FEW: usize = 300;

/// More threads would wait for each other, as the rules share what is derived from a configuration.
const MAX_THREADS: usize = 6;

/// As [`check`]; `None` when `cancelled` became true meanwhile. It is looked at between rules.
pub fn check_unless(analysis: &Analysis, cancelled: &AtomicBool) -> Option<Vec<Finding>> {
    let order = in_order();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut out = Vec::new();
        while let Some(rule) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            if cancelled.load(Ordering::Relaxed) {
                break;
            }
            run(rule, analysis, &mut out);
        }
        out
    };
    let directives: usize = analysis.configs.iter().map(|config| config.entries.len()).sum();
    let threads = if directives < FEW { 1 } else { available_parallelism().map_or(1, |count| count.get().min(MAX_THREADS)) };
    let mut out = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).filter_map(|_| parallel::beside(scope, work)).collect();
        let mut out = work();
        for other in others {
            match other.join() {
                Ok(found) => out.extend(found),
                // As if there were one thread.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        out
    });
    if cancelled.load(Ordering::Relaxed) {
        return None;
    }
    drop_ignored(analysis, &mut out);
    // Which thread found what first must not show.
    out.sort_by(|a, b| (a.place, a.rule, &a.message).cmp(&(b.place, b.rule, &b.message)));
    // A file that belongs to several roots is looked at once for each: the same words at the same place are one finding.
    out.dedup_by(|a, b| a.rule == b.rule && a.place == b.place && a.message == b.message);
    Some(out)
}

/// The rules that take longest, in the order in which they are begun, so that threads end together: what `redundant-location` asks of the
/// proofs is there when it comes to it.
const FIRST: [&str; 9] = [
    "dead-location",
    "lost-inheritance",
    "undefined-name",
    "unused-definition",
    "constant-condition",
    "inert-directive",
    "invalid-value",
    "missing-file",
    "redundant-location",
];

fn in_order() -> Vec<&'static Rule> {
    let mut order = registry::RULES.to_vec();
    order.sort_by_key(|rule| FIRST.iter().position(|first| *first == rule.id).unwrap_or(FIRST.len()));
    order
}

/// Runs one rule as the settings want it.
fn run(rule: &Rule, analysis: &Analysis, out: &mut Vec<Finding>) {
    let severity = match analysis.project.settings.rules.get(rule.id) {
        Some(Level::Off) => return,
        None if registry::ONLY_WHEN_ASKED.contains(&rule.id) => return,
        Some(level) => Severity::from_level(*level),
        None => None,
    };
    let start = out.len();
    (rule.check)(analysis, out);
    if let Some(severity) = severity {
        out[start..].iter_mut().for_each(|finding| finding.severity = severity);
    }
}

/// Takes out what a comment in the file ignores (`# nginx-analyzer: ignore RULE reason`).
fn drop_ignored(analysis: &Analysis, findings: &mut Vec<Finding>) {
    findings.retain(|finding| {
        let Some(source) = analysis.project.files.get(&finding.place.file) else { return true };
        !source.annotations().iter().any(|comment| comment.ignores(finding.rule, finding.place.span))
    });
}

#[cfg(test)]
mod testing {
    use std::path::Path;

    use super::{Analysis, Finding};
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    /// What a rule finds in a configuration of one text.
    pub(super) fn findings(check: fn(&Analysis, &mut Vec<Finding>), text: &str) -> Vec<Finding> {
        let folder = Path::new("/in-memory");
        let main = folder.join("nginx.conf");
        let mut world = World::new(folder, vec![main.clone()], Settings::default());
        let file = world.vfs().id(&main);
        world.set_text(file, Text::new(text));
        let mut out = Vec::new();
        check(&world.analysis(), &mut out);
        out
    }

    /// How sure a rule is of what it finds there, and what it says.
    pub(super) fn said(check: fn(&Analysis, &mut Vec<Finding>), text: &str) -> Vec<String> {
        findings(check, text).into_iter().map(|finding| format!("{:?} {}", finding.confidence, finding.message)).collect()
    }

    /// The same for what stands in a server.
    pub(super) fn in_server(check: fn(&Analysis, &mut Vec<Finding>), server: &str) -> Vec<Finding> {
        findings(check, &format!("events {{}} http {{ server {{ listen 80; {server} }} }}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_run_once_and_the_long_ones_first() {
        let order: Vec<&str> = in_order().iter().map(|rule| rule.id).collect();
        assert!(order.starts_with(&FIRST));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, registry::RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    }
}

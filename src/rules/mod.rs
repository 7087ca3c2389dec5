//! Rules: one file each, listed in [`registry`].

mod dead_location;
pub mod finding;
pub mod registry;
mod upstream_lacks_route;

pub use finding::{Confidence, Finding, Fix, Related, Severity, Tag};

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

/// Runs every rule that the settings leave on; findings sorted by file and place, those that a comment ignores left out.
pub fn check(analysis: &Analysis) -> Vec<Finding> {
    let mut out = Vec::new();
    for rule in registry::RULES {
        let severity = match analysis.project.settings.rules.get(rule.id) {
            Some(Level::Off) => continue,
            Some(level) => Severity::from_level(*level),
            None => None,
        };
        let start = out.len();
        (rule.check)(analysis, &mut out);
        if let Some(severity) = severity {
            out[start..].iter_mut().for_each(|finding| finding.severity = severity);
        }
    }
    out.sort_by(|a, b| (a.place, a.rule).cmp(&(b.place, b.rule)));
    // A file that belongs to several roots is looked at once for each: the same words at the same place are one finding.
    out.dedup_by(|a, b| a.rule == b.rule && a.place == b.place && a.message == b.message);
    out
}

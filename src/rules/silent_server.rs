//! `silent-server`: a server to which no request came while the logs show some to others.

use super::claims::is_unreliable;
use super::{Confidence, Finding, Rule, Severity};
use crate::message;
use crate::usage::words;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "silent-server",
    summary: "a server that access logs show no request to, while others have some",
    severity: Severity::Hint,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let Some(logs) = view.logs().filter(|logs| logs.covers() && logs.unplaced == 0) else { continue };
        for server in &view.verdicts().idle_servers {
            let block = view.config.server(*server);
            let place = view.config.header(block.entry);
            // One that proves to get no request is told of by the rules that prove it.
            let dead = view.names().is_dead(*server);
            if block.synthetic || dead || is_unreliable(analysis, place.file) {
                continue;
            }
            let others: u64 = logs.servers.iter().map(|hits| hits.total).sum();
            let message = message!(
                analysis.language,
                "silent-server-none",
                server = view.config.display_server(*server),
                window = words::window(logs, analysis.language),
                others = others,
            );
            let finding = Finding::new(RULE.id, RULE.severity, Confidence::Hint, place, message);
            out.push(finding.note(message!(analysis.language, "silent-server-check")));
        }
    }
}

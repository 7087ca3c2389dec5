//! `upstream-lacks-part`: a proxied location some of whose URIs the backend does not serve. Off unless the settings turn it on.

use super::upstream_lacks_route::describe;
use super::{Confidence, Finding, Rule, Severity};
use crate::message;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "upstream-lacks-part",
    summary: "a proxied location some of whose URIs the backend does not serve",
    severity: Severity::Hint,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let (config, upstreams) = (view.config, view.upstreams());
        for pass in config.all("proxy_pass").iter().copied() {
            let Some(partly) = upstreams.partly_lacking(view.project, config, pass) else { continue };
            let message = message!(
                view.language,
                "upstream-lacks-part-says",
                uris = partly.sent.name.say(view.language),
                backend = describe(view.language, &partly.running),
                example = &partly.example
            );
            let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Hint, config.header(pass), message);
            for route in partly.served.iter().take(8) {
                if let Some(place) = route.place {
                    finding = finding.related(place, message!(view.language, "upstream-lacks-part-served", route = route.to_string()));
                }
            }
            out.push(finding);
        }
    }
}

//! `misplaced-directive`: a directive in a block that can't hold it.

use super::standing::{Standing, nginx_says, refusal, reliable, standing};
use super::{Finding, Rule, Severity};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::nginx::context::{Context, Contexts};
use crate::nginx::refusals::Refusal;
use crate::project::Place;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "misplaced-directive",
    summary: "a directive in a block that can't hold it, and which blocks can",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let misplaced = standing(view).filter(|standing| {
            let known = standing.known();
            !known.is_empty() && !known.iter().any(|directive| standing.is_for(directive))
        });
        let found = misplaced.map(|standing| finding(view, &standing)).collect();
        out.extend(reliable(analysis, view, found));
    }
}

/// `ngx_conf_handler`: "directive is not allowed here"
fn finding(view: View, standing: &Standing) -> Finding {
    let (language, name) = (view.language, standing.name());
    let all = standing.known().iter().fold(Contexts::default(), |all, directive| all.with(directive.contexts));
    let protocol = standing.context.protocol();
    // Blocks outside of any protocol can't take part in this choice: `error_log` may stand at the top and in every protocol.
    let own: Vec<Context> = all.iter().filter(|context| protocol == "core" || context.protocol() == protocol).collect();
    let here = show(language, standing.context, protocol);
    let message = if own.is_empty() {
        let mut protocols: Vec<&str> = all.iter().map(Context::protocol).collect();
        protocols.dedup();
        match protocols.as_slice() {
            ["core"] => message!(language, "misplaced-directive-says", name = name, here = here, places = places(language, all.iter(), "")),
            _ => {
                let protocols: Vec<String> = protocols.iter().map(|protocol| (*protocol).to_owned()).collect();
                let protocols = join(language, Joint::And, &protocols);
                message!(
                    language,
                    "misplaced-directive-protocol",
                    name = name,
                    here = here,
                    own = protocol,
                    protocols = protocols,
                    places = places(language, all.iter(), "")
                )
            }
        }
    } else {
        let places = places(language, own.into_iter(), protocol);
        message!(language, "misplaced-directive-says", name = name, here = here, places = places)
    };
    let place = Place { file: standing.entry.file, span: standing.entry.directive.name.span };
    let mut finding = refusal(view, &RULE, place, message);
    if let Some(parent) = standing.entry.parent {
        finding = finding.related(view.config.header(parent), message!(language, "misplaced-directive-block"));
    }
    finding.note(nginx_says(language, Refusal::NotAllowedHere, name))
}

fn places(language: Language, contexts: impl Iterator<Item = Context>, protocol: &str) -> String {
    let places: Vec<String> = contexts.map(|context| show(language, context, protocol)).collect();
    join(language, Joint::Or, &places)
}

/// `in `server``; outside of the protocol that is talked about: `in `server` of stream`.
fn show(language: Language, context: Context, protocol: &str) -> String {
    let (outer, block) = context.name().split_once('.').unwrap_or(("", context.name()));
    match context {
        Context::Main => message!(language, "misplaced-directive-at-top"),
        Context::LocationIf => message!(language, "misplaced-directive-in-location-if"),
        Context::ServerIf => message!(language, "misplaced-directive-in-server-if"),
        _ if !outer.is_empty() => message!(language, "misplaced-directive-in-block-of", block = block, protocol = outer),
        Context::Server | Context::Upstream if protocol != "http" => {
            message!(language, "misplaced-directive-in-block-of", block = block, protocol = "http")
        }
        _ => message!(language, "misplaced-directive-in-block", block = block),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing;

    fn said(text: &str) -> Vec<String> {
        testing::said(check, text)
    }

    fn http(text: &str) -> Vec<String> {
        said(&format!("events {{}} http {{ {text} }}"))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn says_where_it_can_stand() {
        assert_eq!(
            http("server { proxy_pass http://x; }"),
            ["Proven `proxy_pass` can't stand in `server`, only in `location`, in an `if` of a location or in `limit_except`"]
        );
        assert_eq!(
            http("server { location / { if ($x) { try_files a b; } } }"),
            ["Proven `try_files` can't stand in an `if` of a location, only in `server` or in `location`"]
        );
        assert_eq!(http("worker_processes 3;"), ["Proven `worker_processes` can't stand in `http`, only at the top"]);
        assert_eq!(said("server { } events {}").len(), 1);
    }

    #[test]
    fn a_name_of_another_protocol() {
        assert_eq!(
            said("events {} stream { server { listen 1; proxy_set_header A b; } }"),
            [
                "Proven `proxy_set_header` can't stand in `server` of stream: stream has no such directive, http has, in `http`, in `server` of http or in `location`"
            ]
        );
        assert_eq!(said("events {} stream { server { listen 1; proxy_pass a; } upstream a { server b:1; } map $a $b { x y; } }"), NONE);
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        assert_eq!(said("server { listen 53 udp; proxy_pass dns; }"), NONE, "of stream");
        assert_eq!(said("server { listen 80; internal; }").len(), 1);
        assert_eq!(http("map $a $b { server x; root y; } types { root a; } own { root x; server { root y; } }"), NONE);
        assert_eq!(said("root /x; location / { server_name a; }").len(), 1);
    }
}

//! `dead-location`: a location that no request can reach, proven with nginx's own routing.

pub(super) mod by_doors;

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, LocationId, Matcher};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::phrase;
use crate::project::Place;
use crate::routing::Router;
use crate::routing::reach::{Dead, Proof};
use crate::usage::required::Definers;
use crate::usage::takeover;
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule { id: "dead-location", summary: "a location that no request can reach", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let proofs: Vec<(&Config, &Router, &[Dead])> = analysis.views().map(|view| (view.config, view.router(), view.dead())).collect();
    // A file that is included twice has each of its locations twice: what is dead in one server may serve another.
    let mut alive: FxHashSet<Place> = FxHashSet::default();
    if proofs.iter().any(|(_, _, dead)| !dead.is_empty()) {
        for (config, _, dead) in &proofs {
            alive.extend(living(config, dead).map(|location| config.place(config.location(location).entry)));
        }
    }
    let mut told: FxHashSet<Place> = FxHashSet::default();
    for (config, router, dead) in &proofs {
        let (blocks, definers) = (Blocks::new(&analysis.project, config), Definers::of(config));
        for dead in *dead {
            let place = config.place(config.location(dead.location).entry);
            let file = place.file;
            let duplicate = matches!(dead.proof, Proof::Duplicate { .. });
            let serves_elsewhere = alive.contains(&place) && !duplicate;
            let silent = is_unreliable(analysis, file);
            // Dead in every place, and perhaps for another reason in each: the first says enough.
            let finding = |dead: &Dead| finding(analysis.language, &blocks, router, &definers, dead);
            if !serves_elsewhere && !silent && (duplicate || told.insert(place)) {
                out.push(finding(dead));
            }
            if !silent {
                out.extend(duplicates_in(config, router, dead.location).iter().map(finding));
            }
        }
    }
    by_doors::check(analysis, &mut told, out);
}

/// What nginx refuses in a dead location as anywhere else: two locations of one name in it.
fn duplicates_in(config: &Config, router: &Router, around: LocationId) -> Vec<Dead> {
    let mut out = Vec::new();
    for nested in &config.location(around).locations {
        if let Some(first) = router.duplicate_of(config, *nested) {
            let (proof, takes_over) = (Proof::Duplicate { first }, vec![first]);
            out.push(Dead { location: *nested, proof, takes_over, redirects: Vec::new(), guards_against: None });
        }
        out.extend(duplicates_in(config, router, *nested));
    }
    out
}

/// The locations that are neither dead nor nested in a dead one.
fn living<'a>(config: &'a Config, dead: &'a [Dead]) -> impl Iterator<Item = LocationId> + 'a {
    let mut gone = vec![false; config.locations.len()];
    for dead in dead {
        if let Some(slot) = gone.get_mut(dead.location.index()) {
            *slot = true;
        }
    }
    for (index, location) in config.locations.iter().enumerate() {
        // A location comes behind the one around it.
        let around = location.parent.is_some_and(|parent| gone.get(parent.index()) == Some(&true));
        if let Some(slot) = gone.get_mut(index).filter(|_| around) {
            *slot = true;
        }
    }
    gone.into_iter().enumerate().filter(|(_, gone)| !gone).map(|(index, _)| LocationId(index as u32))
}

fn finding(language: Language, blocks: &Blocks<'_>, router: &Router, definers: &Definers<'_>, dead: &Dead) -> Finding {
    let config = blocks.config;
    let location = config.location(dead.location);
    let place = config.header(location.entry);
    let this = name(config, dead.location);
    let (severity, confidence, message) = message(language, config, dead, &this);
    let mut finding = Finding::new(RULE.id, severity, confidence, place, message);
    let mut taking = dead.takes_over.clone();
    if let Proof::Outside { parent } = dead.proof {
        taking.push(parent);
    }
    if let Proof::Answered { by } = dead.proof {
        finding = finding.related(config.header(by), message!(language, "dead-location-runs-before"));
    }
    for taker in taking {
        finding = finding.related(config.header(config.location(taker).entry), role(language, config, dead, taker));
    }
    // An `internal` location keeps clients away from its URIs.
    let guards = dead.proof == Proof::Unasked;
    let mut safe = !matches!(dead.proof, Proof::Duplicate { .. }) && !guards && confidence == Confidence::Proven;
    for redirect in &dead.redirects {
        safe = false;
        let (Matcher::Exact(path) | Matcher::Prefix { path, .. }) = &config.location(*redirect).matcher else { continue };
        let short = path.strip_suffix('/').unwrap_or(path);
        let then = router.locate_without(location.server, short.as_bytes(), dead.location).location;
        let then = then.map_or_else(|| message!(language, "dead-location-no-location"), |then| name(config, then));
        finding = finding.note(message!(language, "dead-location-remains", short = short, path = &**path, then = then));
    }
    if let Some(other) = dead.guards_against {
        safe = false;
        let other = name(config, other);
        finding = finding.note(message!(language, "dead-location-decides", other = other));
    } else if !guards {
        finding = finding.tag(Tag::Unnecessary);
    }
    let duplicate = matches!(dead.proof, Proof::Duplicate { .. });
    let takers: Vec<Site> = dead.takes_over.iter().filter(|_| !duplicate).map(|taker| Site::Location(*taker)).collect();
    let takeover = takeover::between(blocks, dead.location, &takers);
    if let (Some(difference), Some(Site::Location(taker))) = (takeover::difference(&takeover), takers.first()) {
        let message = phrase!("dead-location-differs", taker = name(config, *taker), difference = difference);
        finding = finding.says(language, None, &message);
    }
    if let Some((place, message)) = takeover::unguarded(blocks, &takeover) {
        // Whoever wrote it wants it in force: taking it away would only make that invisible.
        safe = false;
        finding = finding.says(language, place, &message);
    }
    if let Some(variable) = definers.only_in(location.entry) {
        safe = false;
        finding = finding.note(message!(language, "dead-location-defines", variable = variable));
    }
    finding.fix(Fix {
        title: message!(language, "comment-out", what = this),
        safe,
        action: FixAction::CommentOut(config.place(location.entry)),
    })
}

/// How a location is called in a message.
pub(super) fn name(config: &Config, location: LocationId) -> String {
    format!("`location {}`", config.location(location).matcher.display())
}

/// The same, with its kind.
fn kind_and_name(language: Language, config: &Config, location: LocationId) -> String {
    let name = name(config, location);
    match &config.location(location).matcher {
        Matcher::Exact(_) => message!(language, "dead-location-exact", location = name),
        Matcher::Regex { .. } => message!(language, "dead-location-regex", location = name),
        Matcher::Prefix { .. } => message!(language, "dead-location-prefix", location = name),
        Matcher::Named(_) => name,
    }
}

fn message(language: Language, config: &Config, dead: &Dead, this: &str) -> (Severity, Confidence, String) {
    let location = config.location(dead.location);
    let why = match dead.proof {
        Proof::Duplicate { first } => {
            let same = name(config, first);
            let clash = match same == this {
                true => message!(language, "dead-location-there-already"),
                false => message!(language, "dead-location-has-name", location = same),
            };
            // A file that no server includes may be a page of alternatives.
            if config.server(location.server).synthetic {
                let message = message!(language, "dead-location-duplicate-fragment", this = this, clash = clash);
                return (RULE.severity, Confidence::Likely, message);
            }
            let message = message!(language, "dead-location-duplicate", this = this, clash = clash);
            return (Severity::Error, Confidence::Proven, message);
        }
        Proof::Same { .. } if matches!(location.matcher, Matcher::Named(_)) => {
            message!(language, "dead-location-same-name")
        }
        Proof::Same { .. } => message!(language, "dead-location-same-regex"),
        Proof::BelowRegex { regex } => {
            message!(language, "dead-location-below-regex", regex = name(config, regex))
        }
        Proof::Outside { parent } => message!(language, "dead-location-outside", parent = name(config, parent)),
        Proof::Never => message!(language, "dead-location-never"),
        Proof::Answered { by } => {
            let (by, server) = (&*config.directive(by).name.value, config.say_server(language, location.server));
            match takers(language, config, &dead.takes_over) {
                _ if dead.takes_over.is_empty() => message!(language, "dead-location-answered", by = by, server = server),
                takers if by == "rewrite" => message!(language, "dead-location-sent", by = by, server = server, takers = takers),
                takers => message!(language, "dead-location-answered-but", by = by, server = server, takers = takers),
            }
        }
        Proof::NoSuchUri => by_doors::reason(language, location),
        Proof::Unasked => {
            message!(language, "dead-location-unasked", server = config.say_server(language, location.server))
        }
        Proof::Taken => {
            let takers = takers(language, config, &dead.takes_over);
            match &location.matcher {
                Matcher::Exact(path) => message!(language, "dead-location-taken-exact", path = &**path, takers = takers),
                Matcher::Prefix { path, .. } if path.ends_with('/') => {
                    message!(language, "dead-location-taken-under", path = &**path, takers = takers)
                }
                Matcher::Prefix { path, .. } => message!(language, "dead-location-taken-begins", path = &**path, takers = takers),
                Matcher::Regex { .. } | Matcher::Named(_) => message!(language, "dead-location-taken-regex", takers = takers),
            }
        }
    };
    let message = message!(language, "dead-location-says", this = this, why = why);
    (RULE.severity, Confidence::Proven, message)
}

/// The takers in one phrase.
fn takers(language: Language, config: &Config, takers: &[LocationId]) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<String> = takers.iter().take(NAMED).map(|taker| kind_and_name(language, config, *taker)).collect();
    match takers.len().saturating_sub(NAMED) {
        0 => {}
        more => names.push(message!(language, "dead-location-others", count = more)),
    }
    match names.is_empty() {
        true => message!(language, "dead-location-other"),
        false => join(language, Joint::Or, &names),
    }
}

/// What to say at a taker.
fn role(language: Language, config: &Config, dead: &Dead, taker: LocationId) -> String {
    let id = match dead.proof {
        Proof::Duplicate { .. } => "the-first",
        Proof::Same { .. } => "dead-location-first-gets",
        Proof::BelowRegex { .. } => "dead-location-around",
        Proof::Outside { .. } => "dead-location-only-through",
        Proof::Never | Proof::NoSuchUri | Proof::Unasked => return String::new(),
        Proof::Answered { .. } => "dead-location-sent-here",
        Proof::Taken => match (&config.location(taker).matcher, &config.location(dead.location).matcher) {
            (Matcher::Exact(_), _) => "dead-location-exact-wins",
            (Matcher::Regex { .. }, Matcher::Regex { .. }) => "dead-location-tried-first",
            (Matcher::Regex { .. }, _) => "dead-location-regex-wins",
            (Matcher::Prefix { no_regex: true, .. }, Matcher::Regex { .. }) => "dead-location-no-regex",
            _ => "dead-location-longest",
        },
    };
    message!(language, id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::reach;
    use crate::routing::testing::load_project;
    use crate::rules::testing;

    fn findings(locations: &str) -> Vec<Finding> {
        let (project, config, router) = load_project(&format!("http {{ server {{ listen 80; {locations} }} }}"));
        let blocks = Blocks::new(&project, &config);
        let definers = Definers::of(&config);
        reach::dead_locations(&config, &router).iter().map(|dead| finding(Language::English, &blocks, &router, &definers, dead)).collect()
    }

    fn safe(locations: &str) -> Vec<bool> {
        findings(locations).iter().flat_map(|finding| finding.fixes.iter().map(|fix| fix.safe)).collect()
    }

    #[test]
    fn says_who_takes_the_requests_and_what_remains() {
        let found = findings("location ~ ^/(ui|admin) {} location /admin/ { proxy_pass http://x; }");
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            finding.message,
            "no request is ever served by `location /admin/`: every URI under /admin/ is taken by the regex `location ~ ^/(ui|admin)`"
        );
        let notes: Vec<&str> = finding.related.iter().map(|related| &*related.message).collect();
        assert_eq!(
            notes,
            [
                "a regex that matches wins over a prefix",
                "what remains of it: a request for exactly /admin is answered by a redirect (301) to /admin/; without this block /admin would go to \
                 `location ~ ^/(ui|admin)`",
                "what differs with `location ~ ^/(ui|admin)`: `proxy_pass http://x` does not hold there"
            ]
        );
        assert_eq!((finding.severity, finding.confidence), (Severity::Warning, Confidence::Proven));
        assert!(!finding.fixes.iter().any(|fix| fix.safe));
    }

    #[test]
    fn says_what_guards_it_beside_what_else_differs() {
        let found = findings("location ~ ^/a {} location /a { deny all; add_header X \"a, b\"; }");
        let notes: Vec<&str> =
            found.first().map(|finding| finding.related.iter().map(|related| &*related.message).collect()).unwrap_or_default();
        assert_eq!(
            notes,
            [
                "a regex that matches wins over a prefix",
                "what differs with `location ~ ^/a`: `add_header X \"a, b\"` does not hold there",
                "what guards this block is not what holds for these URIs: with `location ~ ^/a`, `deny all` does not hold there"
            ]
        );
    }

    #[test]
    fn says_what_answers_instead() {
        let found = findings("return 404; location /a {}");
        let said = "no request is ever served by `location /a`: the `return` of server *:80 answers every request first";
        assert_eq!(found.first().map(|finding| &*finding.message), Some(said));
        let found = findings("rewrite ^ /k last; location = /k {} location /a {}");
        let said = "the `rewrite` of server *:80 sends every request to the exact `location = /k` first";
        assert!(found.first().is_some_and(|finding| finding.message.ends_with(said)), "{found:?}");
    }

    /// nginx: `duplicate location "/aab"`.
    #[test]
    fn what_is_refused_in_a_dead_location_is_told() {
        let of = |nested: &str| {
            let text = format!("events {{}} http {{ server {{ location ~ ^/a {{ }} location /aa {{ {nested} }} }} }}");
            testing::findings(check, &text).iter().map(|finding| finding.severity).collect::<Vec<_>>()
        };
        assert_eq!(of("location /aab { } location /aab { }"), [Severity::Warning, Severity::Error]);
        assert_eq!(of("location /aab { location /aabc { } location ^~ /aabc { } }"), [Severity::Warning, Severity::Error]);
        assert_eq!(of("location /aab { } location /aac { }"), [Severity::Warning]);
    }

    #[test]
    fn several_takers_in_one_phrase() {
        let found = findings("location ~ ^/a/[^x] {} location = /a/ {} location /a/x {} location /a/ {}");
        let message = found.first().map(|finding| &*finding.message).unwrap_or_default();
        let phrase = "taken by the exact `location = /a/`, the regex `location ~ ^/a/[^x]` or the prefix `location /a/x`";
        assert!(message.ends_with(phrase), "{message}");
    }

    #[test]
    fn safe_only_where_nothing_changes() {
        assert_eq!(safe("location ~ ^/a {} location /a {}"), [true]);
        assert_eq!(safe("location ~ a {} location ~ aa {}"), [true]);
        assert_eq!(safe("location ~ a {} location ~ a(?<n>a) {}"), [false], "it defines $n");
        assert_eq!(safe("location ~ ^/a {} location /a { set $x 1; }"), [false], "it defines $x");
        assert_eq!(safe("set $x 0; location ~ ^/a {} location /a { set $x 1; }"), [true]);
        assert_eq!(safe("location ^~ / {} location ~ ^/a {} location /a {}"), [false], "without it no regex is tried");
        assert_eq!(safe("location /a {} location /a {}"), [false], "which one is meant?");
        assert_eq!(safe("location ~ ^/a {} location /a { deny all; }"), [false], "nobody is denied");
        assert_eq!(safe("deny all; location ~ ^/a {} location /a { deny all; }"), [true]);
    }
}

//! `dead-location`: a location that no request can reach, proven with nginx's own routing.

pub(super) mod by_doors;

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::project::Place;
use crate::routing::Router;
use crate::routing::pattern;
use crate::routing::reach::{Dead, Proof};
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
        let blocks = Blocks::new(&analysis.project, config);
        for dead in *dead {
            let place = config.place(config.location(dead.location).entry);
            let file = place.file;
            let duplicate = matches!(dead.proof, Proof::Duplicate { .. });
            let serves_elsewhere = alive.contains(&place) && !duplicate;
            let silent = is_unreliable(analysis, file);
            // Dead in every place, and perhaps for another reason in each: the first says enough.
            if !serves_elsewhere && !silent && (duplicate || told.insert(place)) {
                out.push(finding(&blocks, router, dead));
            }
        }
    }
    by_doors::check(analysis, &mut told, out);
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

fn finding(blocks: &Blocks<'_>, router: &Router, dead: &Dead) -> Finding {
    let config = blocks.config;
    let location = config.location(dead.location);
    let place = config.header(location.entry);
    let this = name(config, dead.location);
    let (severity, confidence, message) = message(config, dead, &this);
    let mut finding = Finding::new(RULE.id, severity, confidence, place, message);
    let mut taking = dead.takes_over.clone();
    if let Proof::Outside { parent } = dead.proof {
        taking.push(parent);
    }
    if let Proof::Answered { by } = dead.proof {
        finding = finding.related(config.header(by), "it runs before a location is looked for, after internal redirects, too");
    }
    for taker in taking {
        finding = finding.related(config.header(config.location(taker).entry), role(config, dead, taker));
    }
    // An `internal` location keeps clients away from its URIs.
    let guards = dead.proof == Proof::Unasked;
    let mut safe = !matches!(dead.proof, Proof::Duplicate { .. }) && !guards && confidence == Confidence::Proven;
    for redirect in &dead.redirects {
        safe = false;
        let (Matcher::Exact(path) | Matcher::Prefix { path, .. }) = &config.location(*redirect).matcher else { continue };
        let short = path.strip_suffix('/').unwrap_or(path);
        let then = router.locate_without(location.server, short.as_bytes(), dead.location).location;
        let then = then.map_or("no location at all".to_owned(), |then| name(config, then));
        finding = finding.note(format!(
            "what remains of it: a request for exactly {short} is answered by a redirect (301) to {path}; without this block {short} would go to {then}"
        ));
    }
    if let Some(other) = dead.guards_against {
        safe = false;
        let other = name(config, other);
        finding = finding.note(format!("it still decides: without it, {other} would take requests that it does not get now"));
    } else if !guards {
        finding = finding.tag(Tag::Unnecessary);
    }
    let duplicate = matches!(dead.proof, Proof::Duplicate { .. });
    let takers: Vec<Site> = dead.takes_over.iter().filter(|_| !duplicate).map(|taker| Site::Location(*taker)).collect();
    let takeover = takeover::between(blocks, dead.location, &takers);
    let unguarded = takeover::unguarded(blocks, &takeover);
    if let (Some(difference), Some(Site::Location(taker)), None) = (takeover::difference(&takeover), takers.first(), &unguarded) {
        finding = finding.note(format!("what differs with {}: {difference}", name(config, *taker)));
    }
    if let Some((place, message)) = unguarded {
        // Whoever wrote it wants it in force: taking it away would only make that invisible.
        safe = false;
        finding = match place {
            Some(place) => finding.related(place, message),
            None => finding.note(message),
        };
    }
    if let Some(variable) = defines(config, location.entry) {
        safe = false;
        finding =
            finding.note(format!("nothing else defines {variable}: if it is used elsewhere, nginx refuses to start without this block"));
    }
    finding.fix(Fix { title: format!("Comment out {this}"), safe, action: FixAction::CommentOut(config.place(location.entry)) })
}

/// How a location is called in a message.
pub(super) fn name(config: &Config, location: LocationId) -> String {
    format!("`location {}`", config.location(location).matcher.display())
}

/// The same, with its kind.
fn kind_and_name(config: &Config, location: LocationId) -> String {
    let kind = match &config.location(location).matcher {
        Matcher::Exact(_) => "the exact ",
        Matcher::Regex { .. } => "the regex ",
        Matcher::Prefix { no_regex: true, .. } | Matcher::Prefix { .. } => "the prefix ",
        Matcher::Named(_) => "",
    };
    format!("{kind}{}", name(config, location))
}

fn message(config: &Config, dead: &Dead, this: &str) -> (Severity, Confidence, String) {
    let location = config.location(dead.location);
    let never = format!("no request is ever served by {this}");
    let message = match dead.proof {
        Proof::Duplicate { first } => {
            let same = name(config, first);
            let clash = if same == this { "it is there already".to_owned() } else { format!("{same} has its name already") };
            // A file that no server includes may be a page of alternatives.
            if config.server(location.server).synthetic {
                let message = format!("duplicate {this}: nginx refuses a server that includes this file, because {clash}");
                return (RULE.severity, Confidence::Likely, message);
            }
            return (Severity::Error, Confidence::Proven, format!("duplicate {this}: nginx refuses to start, because {clash}"));
        }
        Proof::Same { .. } if matches!(location.matcher, Matcher::Named(_)) => {
            format!("{never}: the server has a location of that name already, and nginx finds the first")
        }
        Proof::Same { .. } => format!("{never}: an earlier location has the same regex, and the first that matches wins"),
        Proof::BelowRegex { regex } => {
            format!("{never}: exact and prefix locations inside a regex location ({}) are never looked at", name(config, regex))
        }
        Proof::Outside { parent } => format!("{never}: its regex matches no URI that gets into {}", name(config, parent)),
        Proof::Never => format!("{never}: its regex matches no URI at all"),
        Proof::Answered { by } => {
            let (by, server) = (&config.directive(by).name.value, config.display_server(location.server));
            let what = match takers(config, &dead.takes_over) {
                _ if dead.takes_over.is_empty() => format!("the `{by}` of {server} answers every request first"),
                takers if &**by == "rewrite" => format!("the `{by}` of {server} sends every request to {takers} first"),
                takers => format!("the `{by}` of {server} answers every request first, but for those that a `rewrite` sends to {takers}"),
            };
            format!("{never}: {what}")
        }
        Proof::NoSuchUri => format!("{never}: {}", by_doors::reason(location)),
        Proof::Unasked => {
            let server = config.display_server(location.server);
            format!("{never}: it is `internal`, and nothing in {server} sends one there; clients get 404")
        }
        Proof::Taken => {
            let what = match &location.matcher {
                Matcher::Exact(path) => format!("the URI {path} is taken by "),
                Matcher::Prefix { path, .. } if path.ends_with('/') => format!("every URI under {path} is taken by "),
                Matcher::Prefix { path, .. } => format!("every URI that begins with {path} is taken by "),
                Matcher::Regex { .. } | Matcher::Named(_) => "every URI that it matches is taken by ".to_owned(),
            };
            format!("{never}: {what}{}", takers(config, &dead.takes_over))
        }
    };
    (RULE.severity, Confidence::Proven, message)
}

/// The takers in one phrase.
fn takers(config: &Config, takers: &[LocationId]) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<String> = takers.iter().take(NAMED).map(|taker| kind_and_name(config, *taker)).collect();
    match takers.len().saturating_sub(NAMED) {
        0 => {}
        1 => names.push("one other location".to_owned()),
        more => names.push(format!("{more} other locations")),
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "other locations".to_owned(),
    }
}

/// What to say at a taker.
fn role(config: &Config, dead: &Dead, taker: LocationId) -> String {
    match dead.proof {
        Proof::Duplicate { .. } => "the first one".to_owned(),
        Proof::Same { .. } => "the first one: it gets the requests".to_owned(),
        Proof::BelowRegex { .. } => "the regex location around it: only regexes inside it are tried".to_owned(),
        Proof::Outside { .. } => "requests get to the dead one only through here".to_owned(),
        Proof::Never | Proof::NoSuchUri | Proof::Unasked => String::new(),
        Proof::Answered { .. } => "requests are sent here".to_owned(),
        Proof::Taken => match (&config.location(taker).matcher, &config.location(dead.location).matcher) {
            (Matcher::Exact(_), _) => "an exact match wins".to_owned(),
            (Matcher::Regex { .. }, Matcher::Regex { .. }) => "this regex is tried first".to_owned(),
            (Matcher::Regex { .. }, _) => "a regex that matches wins over a prefix".to_owned(),
            (Matcher::Prefix { no_regex: true, .. }, Matcher::Regex { .. }) => {
                "`^~`: where this is the longest prefix, no regex is tried".to_owned()
            }
            _ => "the longest prefix wins".to_owned(),
        },
    }
}

/// A variable that only this block defines; nginx refuses a configuration that uses a variable which nothing defines.
pub(super) fn defines(config: &Config, block: EntryId) -> Option<String> {
    let inside = |id: EntryId| config.ancestors(id).any(|around| around == block);
    let defined = |id: EntryId| {
        let directive = config.directive(id);
        let setter = &*directive.name.value == "set" || directive.name.value.ends_with("_set") || directive.name.value.starts_with("set_");
        directive.arg(0).filter(|_| setter).filter(|name| name.starts_with('$')).map(str::to_owned)
    };
    // A block's entries lie together behind it.
    let entries = || (block.0..config.entries.len() as u32).map(EntryId).take_while(|id| inside(*id));
    for id in entries() {
        if let Some(variable) = defined(id) {
            let elsewhere = (0..config.entries.len() as u32).map(EntryId).filter(|id| defined(*id).as_ref() == Some(&variable));
            if elsewhere.into_iter().all(inside) {
                return Some(variable);
            }
        }
        let regexes = config.directive(id).args.iter().map(|word| &*word.value);
        if regexes.into_iter().any(pattern::names_variables) {
            return Some("the variables of its named groups".to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::reach;
    use crate::routing::testing::load_project;

    fn findings(locations: &str) -> Vec<Finding> {
        let (project, config, router) = load_project(&format!("http {{ server {{ listen 80; {locations} }} }}"));
        let blocks = Blocks::new(&project, &config);
        reach::dead_locations(&config, &router).iter().map(|dead| finding(&blocks, &router, dead)).collect()
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
    fn says_what_answers_instead() {
        let found = findings("return 404; location /a {}");
        let said = "no request is ever served by `location /a`: the `return` of server *:80 answers every request first";
        assert_eq!(found.first().map(|finding| &*finding.message), Some(said));
        let found = findings("rewrite ^ /k last; location = /k {} location /a {}");
        let said = "the `rewrite` of server *:80 sends every request to the exact `location = /k` first";
        assert!(found.first().is_some_and(|finding| finding.message.ends_with(said)), "{found:?}");
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

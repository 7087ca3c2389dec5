//! Proofs that a location can't be reached, whatever the request and whichever door it comes through.
//!
//! Every proof here holds over *all* byte strings: internal redirects, rewrites and subrequests search for a location with the same
//! function as a client's request, so what no byte string reaches, nothing reaches.
//!
//! The method: ask for a URI that the location's own matcher admits and nothing known takes. The router says who takes that one; what
//! this taker takes is put aside, and the question is asked again. No URI left is a proof, a URI that the router gives to the
//! location ends it, and so does anything that an automaton can't say.

mod answered;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::language::{UriSet, Witness};
use super::location::{Prefix, Router, Step};
use super::pattern::Pattern;
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};

/// A location that nothing reaches, with all that is nested in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// The location; none around it is dead.
    pub location: LocationId,
    /// Why.
    pub proof: Proof,
    /// The locations that take its URIs, in the order in which the proof needs them.
    pub takes_over: Vec<LocationId>,
    /// What remains alive: the location itself, or ones nested in it, that still answer the name without its last slash by a
    /// redirect to the one with it.
    pub redirects: Vec<LocationId>,
    /// A location that would behave differently without this one: a `^~` or a location with nested ones, which the longer
    /// prefix keeps away from its URIs.
    pub guards_against: Option<LocationId>,
}

/// Why a location is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Another location of its level has its name: nginx refuses to start.
    Duplicate {
        /// The first one.
        first: LocationId,
    },
    /// An earlier regex of its level has the same text and the same flag; of equal named locations the first is found.
    Same {
        /// The first one.
        first: LocationId,
    },
    /// Exact and prefix locations below a regex location are never looked at (`ngx_http_init_static_location_trees`).
    BelowRegex {
        /// The regex location around it.
        regex: LocationId,
    },
    /// The regex matches nothing that gets into the location around it.
    Outside {
        /// The location around it.
        parent: LocationId,
    },
    /// The regex matches no URI at all.
    Never,
    /// Others take every one of its URIs.
    Taken,
    /// The server's own sequence answers every request, or sends it to other locations, before one is looked for.
    Answered {
        /// The directive that does.
        by: EntryId,
    },
}

/// How many takers a proof may have.
const TAKERS: usize = 24;

/// All dead locations of a configuration, in reading order. What can't be told is left out.
pub fn dead_locations(config: &Config, router: &Router) -> Vec<Dead> {
    Proofs::default().next(config, router).1
}

/// What was proven of servers, whether it found something dead or not: for a server whose locations stayed as they are, nothing has to
/// be proven again. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    /// The locations' numbers count from the server's first one.
    known: Arc<FxHashMap<Shape, Arc<[Dead]>>>,
    fresh: usize,
}

/// All of a server that a proof looks at.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    synthetic: bool,
    /// An include whose content is not known stands directly in the server's block.
    unknown: bool,
    /// In reading order.
    locations: Vec<LocationShape>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct LocationShape {
    matcher: Matcher,
    /// The location around it, as an index of the server's locations.
    parent: Option<usize>,
    auto_redirect: bool,
    /// An include whose content is not known stands directly in its block, …
    unknown: bool,
    /// … or somewhere below it.
    unknown_below: bool,
}

impl Proofs {
    /// The dead locations of a configuration in reading order, and what is now known; what is known already is not proven again.
    /// Servers that are gone are forgotten.
    pub fn next(&self, config: &Config, router: &Router) -> (Proofs, Vec<Dead>) {
        let prover = Prover::new(config, router);
        let mut locations: Vec<Vec<LocationId>> = vec![Vec::new(); config.servers.len()];
        for (index, location) in config.locations.iter().enumerate() {
            if let Some(list) = locations.get_mut(location.server.index()) {
                list.push(LocationId(index as u32));
            }
        }
        let mut known = FxHashMap::default();
        let mut fresh = 0;
        let mut out = Vec::new();
        for (index, locations) in locations.iter().enumerate() {
            let server = ServerId(index as u32);
            let shape = prover.shape(server, locations);
            let found = self.known.get(&shape).or_else(|| known.get(&shape)).cloned().unwrap_or_else(|| {
                fresh += 1;
                let mut dead = Vec::new();
                for location in &config.server(server).locations {
                    prover.visit(server, *location, &mut dead);
                }
                // A proof names no location of another server.
                let number = |id: LocationId| LocationId(locations.binary_search(&id).unwrap_or_default() as u32);
                dead.iter().map(|dead| dead.renumbered(number)).collect()
            });
            out.extend(found.iter().map(|dead| dead.renumbered(|id| locations.get(id.index()).copied().unwrap_or(id))));
            known.insert(shape, found);
        }
        answered::extend(config, router, &mut out);
        out.sort_by_key(|dead| dead.location);
        (Proofs { known: Arc::new(known), fresh }, out)
    }

    /// How many servers had to be proven the last time.
    pub fn fresh(&self) -> usize {
        self.fresh
    }
}

impl Dead {
    fn renumbered(&self, number: impl Fn(LocationId) -> LocationId) -> Dead {
        let all = |ids: &[LocationId]| ids.iter().map(|id| number(*id)).collect();
        Dead {
            location: number(self.location),
            proof: match self.proof {
                Proof::Duplicate { first } => Proof::Duplicate { first: number(first) },
                Proof::Same { first } => Proof::Same { first: number(first) },
                Proof::BelowRegex { regex } => Proof::BelowRegex { regex: number(regex) },
                Proof::Outside { parent } => Proof::Outside { parent: number(parent) },
                Proof::Never => Proof::Never,
                Proof::Taken => Proof::Taken,
                Proof::Answered { by } => Proof::Answered { by },
            },
            takes_over: all(&self.takes_over),
            redirects: all(&self.redirects),
            guards_against: self.guards_against.map(&number),
        }
    }
}

struct Prover<'a> {
    config: &'a Config,
    router: &'a Router,
    /// Blocks that hold, at some depth, an include whose content is not known.
    unknown: Vec<EntryId>,
    /// Those that hold it directly.
    unknown_directly: FxHashSet<EntryId>,
}

/// What a URI says about a location.
enum Verdict {
    /// It gets there.
    Reaches,
    /// These URIs don't, because of that location.
    Taken(UriSet, LocationId),
    /// It can't be told.
    Open,
}

impl<'a> Prover<'a> {
    fn new(config: &'a Config, router: &'a Router) -> Prover<'a> {
        let mut unknown: Vec<EntryId> = config.unknown_includes.iter().flat_map(|include| config.ancestors(*include)).collect();
        unknown.sort();
        unknown.dedup();
        let unknown_directly = config.unknown_includes.iter().filter_map(|include| config.entry(*include).parent).collect();
        Prover { config, router, unknown, unknown_directly }
    }

    fn shape(&self, server: ServerId, locations: &[LocationId]) -> Shape {
        let shape = |id: &LocationId| {
            let location = self.config.location(*id);
            LocationShape {
                matcher: location.matcher.clone(),
                parent: location.parent.and_then(|parent| locations.binary_search(&parent).ok()),
                auto_redirect: self.router.is_auto_redirect(*id),
                unknown: self.unknown_directly.contains(&location.entry),
                unknown_below: self.has_unknown(location.entry),
            }
        };
        let block = self.config.server(server);
        Shape {
            synthetic: block.synthetic,
            unknown: self.unknown_directly.contains(&block.entry),
            locations: locations.iter().map(shape).collect(),
        }
    }

    /// True when the block may hold more than is seen.
    fn has_unknown(&self, block: EntryId) -> bool {
        self.unknown.binary_search(&block).is_ok()
    }

    /// Looks at a location and what is nested in it; true when all of it is dead.
    fn visit(&self, server: ServerId, id: LocationId, out: &mut Vec<Dead>) -> bool {
        let location = self.config.location(id);
        let before = out.len();
        let mut all = true;
        for nested in &location.locations {
            all &= self.visit(server, *nested, out);
        }
        let structural = self.structural(server, id);
        let dead = match structural {
            Some(dead) => Some(dead),
            // What is nested in a regex location gets its requests through it.
            None if !all && !matches!(location.matcher, Matcher::Regex { .. }) => None,
            None => self.prove(server, id),
        };
        let Some(mut dead) = dead else { return false };
        let without = |name: &str| name.strip_suffix('/').map(|name| self.router.locate(server, name.as_bytes()));
        if let Matcher::Exact(name) | Matcher::Prefix { path: name, .. } = &location.matcher
            && !matches!(dead.proof, Proof::Duplicate { .. } | Proof::BelowRegex { .. })
            && without(name).is_some_and(|choice| choice.auto_redirect && choice.location == Some(id))
        {
            dead.redirects.push(id);
        }
        // One finding for the block: those nested in it are dead with it, but what remains of them remains.
        dead.redirects.extend(out.drain(before..).flat_map(|nested| nested.redirects));
        dead.guards_against = self.guarded(server, id);
        out.push(dead);
        true
    }

    /// Proofs that need no look at any URI.
    fn structural(&self, server: ServerId, id: LocationId) -> Option<Dead> {
        let location = self.config.location(id);
        let level = self.router.level(server, location.parent)?;
        let dead = |proof, takes_over| Some(Dead { location: id, proof, takes_over, redirects: Vec::new(), guards_against: None });
        if let Some(first) = level.duplicates.get(&id) {
            return dead(Proof::Duplicate { first: *first }, vec![*first]);
        }
        match &location.matcher {
            Matcher::Named(name) => {
                let first = self.router.named(server, name)?;
                if first != id {
                    return dead(Proof::Same { first }, vec![first]);
                }
            }
            Matcher::Regex { .. } => {
                if let Some(first) = level.same.get(&id) {
                    return dead(Proof::Same { first: *first }, vec![*first]);
                }
            }
            Matcher::Exact(_) | Matcher::Prefix { .. } => {
                if level.unmatched.contains(&id)
                    && let Some(regex) = self.chain(id).into_iter().rev().skip(1).find(|outer| self.is_regex(*outer))
                {
                    return dead(Proof::BelowRegex { regex }, vec![regex]);
                }
            }
        }
        None
    }

    /// The location and those around it, outermost first.
    fn chain(&self, id: LocationId) -> Vec<LocationId> {
        let mut chain: Vec<LocationId> = std::iter::successors(Some(id), |id| self.config.location(*id).parent).collect();
        chain.reverse();
        chain
    }

    fn is_regex(&self, id: LocationId) -> bool {
        matches!(self.config.location(id).matcher, Matcher::Regex { .. })
    }

    fn pattern(&self, id: LocationId) -> Option<Arc<Pattern>> {
        match &self.config.location(id).matcher {
            Matcher::Regex { pattern, caseless } => Some(Pattern::get(pattern, *caseless)),
            _ => None,
        }
    }

    /// What the matcher of a location admits; `None` when that is not known.
    fn admits(&self, id: LocationId) -> Option<UriSet> {
        UriSet::admitted(&self.config.location(id).matcher)
    }

    fn prove(&self, server: ServerId, id: LocationId) -> Option<Dead> {
        let location = self.config.location(id);
        // No search gets to a named location: only what names it does.
        if matches!(location.matcher, Matcher::Named(_)) {
            return None;
        }
        let chain = self.chain(id);
        if chain.iter().any(|id| self.config.location(*id).matcher.is_template()) {
            return None;
        }
        // A nested exact or regex location that is not seen could take requests, unless nothing gets to the regex around it.
        if self.has_unknown(location.entry) && !self.is_regex(id) {
            return None;
        }
        let pattern = self.pattern(id);
        for sample in self.samples(&chain) {
            if let Verdict::Reaches = self.verdict(server, &chain, &sample) {
                return None;
            }
        }
        if pattern.is_some_and(|pattern| pattern.problem().is_some()) {
            return None;
        }
        let dead = |proof, takes_over| Some(Dead { location: id, proof, takes_over, redirects: Vec::new(), guards_against: None });
        // What the locations around it and its own matcher admit; a matcher that is not known admits anything.
        let around = chain.iter().rev().skip(1).filter_map(|outer| self.admits(*outer));
        let around = around.fold(UriSet::all(), |all, set| all.intersect(&set));
        let own = self.admits(id);
        let base = own.as_ref().map_or(around.clone(), |own| around.intersect(own));
        if let Some(own) = own.filter(|_| self.is_regex(id))
            && base.is_empty() == Some(true)
        {
            let parent = location.parent.filter(|_| own.is_empty() != Some(true));
            return dead(parent.map_or(Proof::Never, |parent| Proof::Outside { parent }), Vec::new());
        }
        let mut takes_over = Vec::new();
        let mut taken: Vec<UriSet> = Vec::new();
        for _ in 0..TAKERS {
            let uri = match base.minus(&UriSet::union(taken.iter().cloned())).witness() {
                Witness::Empty => return dead(Proof::Taken, takes_over),
                Witness::CantTell => return None,
                Witness::Found(uri) => uri,
            };
            match self.verdict(server, &chain, &uri) {
                Verdict::Reaches | Verdict::Open => return None,
                // A set without the very URI that it was made for would lead round in circles.
                Verdict::Taken(set, _) if !set.contains(&uri) => return None,
                Verdict::Taken(set, by) => {
                    taken.push(set);
                    if !takes_over.contains(&by) {
                        takes_over.push(by);
                    }
                }
            }
        }
        None
    }

    /// URIs that a living location of this shape most likely takes: for nearly all of them the proof ends here.
    fn samples(&self, chain: &[LocationId]) -> Vec<Vec<u8>> {
        let Some(id) = chain.last() else { return Vec::new() };
        let around: Vec<u8> = chain.iter().rev().skip(1).find_map(|outer| self.name(*outer)).unwrap_or_default().to_vec();
        match self.pattern(*id).and_then(|pattern| pattern.sample()) {
            Some(sample) => {
                let join = |middle: &[u8]| [around.as_slice(), middle, sample.as_slice()].concat();
                vec![sample.clone(), [b"/".as_slice(), &sample].concat(), join(b""), join(b"x"), join(b"/x"), join(b"x/")]
            }
            None => {
                let name = self.name(*id).unwrap_or_default();
                [b"".as_slice(), b"x", b"/x", b"/", b"x/x"].iter().map(|rest| [name, rest].concat()).collect()
            }
        }
    }

    /// The text of an exact or prefix location.
    fn name(&self, id: LocationId) -> Option<&[u8]> {
        match &self.config.location(id).matcher {
            Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => Some(name.as_bytes()),
            Matcher::Regex { .. } | Matcher::Named(_) => None,
        }
    }

    /// Where a URI goes, seen from a location and those around it.
    fn verdict(&self, server: ServerId, chain: &[LocationId], uri: &[u8]) -> Verdict {
        let Some(&id) = chain.last() else { return Verdict::Open };
        let mut steps = Vec::new();
        let choice = self.router.follow(server, uri, &mut |step| steps.push(step));
        let taken = |set: UriSet, by: LocationId| {
            if self.config.location(by).matcher.is_template() { Verdict::Open } else { Verdict::Taken(set, by) }
        };
        for step in steps {
            match step {
                Step::Exact(by) if by == id => return Verdict::Reaches,
                Step::Exact(by) | Step::AutoRedirect(by) => return taken(UriSet::literal(uri), by),
                Step::Prefix(by) => {
                    let parent = self.config.location(by).parent;
                    let Some(name) = self.name(by) else { continue };
                    if parent == Some(id) {
                        return taken(UriSet::prefix(name), by);
                    }
                    // The element of the chain that lies in the same block.
                    let Some(beside) = chain.iter().find(|element| self.config.location(**element).parent == parent) else { continue };
                    if by != *beside && !self.is_regex(*beside) {
                        return taken(UriSet::prefix(name), by);
                    }
                }
                Step::NoRegex(by) => {
                    let parent = self.config.location(by).parent;
                    let beside = chain.iter().find(|element| self.config.location(**element).parent == parent);
                    if beside.is_some_and(|beside| self.is_regex(*beside)) {
                        return match self.alone(server, by) {
                            Some(set) => taken(set, by),
                            None => Verdict::Open,
                        };
                    }
                }
                Step::NoMatch(_) => {}
                Step::Regex(by) if by == id => return Verdict::Reaches,
                Step::Regex(by) if chain.contains(&by) => {}
                Step::Regex(by) => {
                    let parent = self.config.location(by).parent;
                    let beside = chain.iter().position(|element| self.config.location(*element).parent == parent);
                    // A regex takes all that it matches only from what is tried after it.
                    let first = match beside {
                        _ if parent == Some(id) => Some(true),
                        Some(at) => {
                            let behind = |element: &LocationId| self.is_regex(*element);
                            let element = chain.get(at).copied().unwrap_or(id);
                            Some(if self.is_regex(element) { by < element } else { !chain.iter().skip(at + 1).any(behind) })
                        }
                        None => None,
                    };
                    return match (first, self.admits(by)) {
                        (Some(true), Some(set)) => taken(set, by),
                        (Some(_), _) => Verdict::Open,
                        (None, _) => taken(UriSet::literal(uri), by),
                    };
                }
            }
        }
        match choice.location {
            Some(location) if location == id => Verdict::Reaches,
            _ => Verdict::Open,
        }
    }

    /// The URIs whose longest prefix in its block is this location; `None` when more locations than are seen may stand there.
    fn alone(&self, server: ServerId, id: LocationId) -> Option<UriSet> {
        let location = self.config.location(id);
        let block = location.parent.map_or(self.config.server(server).entry, |parent| self.config.location(parent).entry);
        let siblings = match location.parent {
            Some(parent) => &self.config.location(parent).locations,
            None => &self.config.server(server).locations,
        };
        let template = siblings.iter().any(|id| self.config.location(*id).matcher.is_template());
        // A fragment's server has more locations than the fragment.
        let fragment = location.parent.is_none() && self.config.server(server).synthetic;
        if template || fragment || self.unknown_directly.contains(&block) {
            return None;
        }
        let name = self.name(id)?;
        let level = self.router.level(server, location.parent)?;
        let longer = level.prefixes.iter().filter(|prefix| prefix.name.len() > name.len() && prefix.name.starts_with(name));
        let longer = longer.map(|prefix| UriSet::prefix(&prefix.name));
        Some(UriSet::prefix(name).minus(&UriSet::union(longer)))
    }

    /// Who would take other URIs than now if the location were not there.
    fn guarded(&self, server: ServerId, id: LocationId) -> Option<LocationId> {
        let location = self.config.location(id);
        let level = self.router.level(server, location.parent)?;
        let find = |prefix: &&Prefix| prefix.location == id;
        let this = level.prefixes.iter().find(find)?;
        if this.no_regex
            && let Some((_, regex)) = level.regexes.first()
        {
            return Some(*regex);
        }
        let shorter = level.prefixes.get(this.shorter? as usize)?;
        let nested = !self.config.location(shorter.location).locations.is_empty();
        (!this.no_regex && (shorter.no_regex || nested)).then_some(shorter.location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// The dead locations of a server: the location as written, `<` and those that take its requests.
    fn dead(locations: &str) -> Vec<String> {
        let (config, router) = load(&format!("http {{ server {{ listen 80; {locations} }} }}"));
        let name = |id: LocationId| config.location(id).matcher.display();
        let show = |dead: Dead| {
            let takers: Vec<String> = dead.takes_over.iter().map(|id| name(*id)).collect();
            let rest = if dead.redirects.is_empty() { "" } else { " redirects" };
            let guard = dead.guards_against.map_or(String::new(), |id| format!(" guards against {}", name(id)));
            format!("{} < {}{rest}{guard}", name(dead.location), takers.join(" | "))
        };
        dead_locations(&config, &router).into_iter().map(show).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn regexes_over_prefixes() {
        assert_eq!(dead("location ~ ^/ {} location / {} location /a {} location = /b {} location ^~ /c {}"), ["/ < ~ ^/", "/a < ~ ^/"]);
        assert_eq!(dead("location ~ ^/.*$ {} location / {}"), NONE);
        assert_eq!(dead("location ~ ^/a/(x|$) {} location ~ ^/a/[^x] {} location /a/ {}"), ["/a/ < ~ ^/a/(x|$) | ~ ^/a/[^x]"]);
        assert_eq!(dead("location ~ ^/a/[^x] {} location = /a/ {} location /a/x {} location /a/ {}"), ["/a/ < = /a/ | ~ ^/a/[^x] | /a/x"]);
        assert_eq!(dead("location ~* ^/A {} location /a {}"), ["/a < ~* ^/A"]);
        assert_eq!(dead("location ~ ^/A {} location /a {}"), NONE);
    }

    #[test]
    fn regexes_over_regexes() {
        assert_eq!(dead("location ~ . {} location ~ \\.php$ {}"), [r"~ \.php$ < ~ ."]);
        assert_eq!(dead("location ~ ^.*a$ {} location ~ ^b {} location ~ (^b|a\\z) {}"), NONE, "a line feed inside");
        assert_eq!(dead("location ~ a$ {} location ~ ^b {} location ~ ^(b|[a-z]*a\\z) {}"), [r"~ ^(b|[a-z]*a\z) < ~ a$ | ~ ^b"]);
        assert_eq!(dead("location ~* a {} location ~ a {}"), ["~ a < ~* a"]);
        assert_eq!(dead("location ~ a(?!b) {} location ~ a(?!b) {} location ~ a(?!bc) {}"), ["~ a(?!b) < ~ a(?!b)"]);
        assert_eq!(dead("location ~ a(?!b) {} location ~ a {} location ~ a(?=c) {}"), NONE);
        assert_eq!(dead("location ~ a$b {} location ~ [^\\s\\S] {}").len(), 1, "one is no regular expression that is understood");
    }

    #[test]
    fn no_regex_over_regexes() {
        assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/.*\\.js$ {}"), [r"~ ^/s/.*\.js$ < ^~ /s/"]);
        assert_eq!(dead("location ^~ /s/ {} location /s/t/ {} location ~ ^/s/.*\\.js$ {}"), NONE);
        assert_eq!(dead("location ^~ / {} location ~ ^/a {}"), ["~ ^/a < ^~ /"]);
        assert_eq!(dead("location ^~ / {} location ~ a {}"), NONE, "a rewritten URI may lack the slash");
        assert_eq!(dead("location / { location ^~ /a {} } location ~ ^/a {}"), ["^~ /a < ~ ^/a"], "`^~` holds for its own level");
    }

    #[test]
    fn nested() {
        assert_eq!(dead("location /a/ { location ~ ^/b/ {} }"), ["~ ^/b/ < "]);
        assert_eq!(dead("location /a/ { location ~ \\.php$ {} return 200; } location ~ ^/a/ {}"), NONE);
        assert_eq!(dead("location /a { location /a/b {} } location /a/ {}"), ["/a/b < /a/"]);
        assert_eq!(dead("location /a { location = /a/b {} } location /a/ {}"), ["= /a/b < /a/"]);
        assert_eq!(dead("location ~ /a { location /a/b { location = /a/b/c {} } location ~ z {} }"), ["/a/b < ~ /a"]);
        // Dead with all that is in it: one finding.
        assert_eq!(dead("location ~ ^/ {} location /a { location /a/b {} }"), ["/a < ~ ^/"]);
        // A regex nested in a prefix is tried before one further out, whatever that one matches.
        assert_eq!(dead("location ~ ^/ {} location /a { location ~ (?=x)x {} }"), NONE);
        assert_eq!(dead("location /a { location ~ a(?!b) {} } location ~ a {}"), NONE);
    }

    #[test]
    fn what_remains() {
        assert_eq!(dead("location ~ ^/a {} location /a/ { proxy_pass http://x; }"), ["/a/ < ~ ^/a redirects"]);
        assert_eq!(dead("location ~ ^/a {} location = /a {} location /a/ { proxy_pass http://x; }"), ["/a/ < ~ ^/a"]);
        assert_eq!(dead("location ^~ / {} location ~ ^/a {} location /a {}"), ["/a < ~ ^/a guards against ^~ /"]);
    }

    #[test]
    fn duplicates_and_named() {
        assert_eq!(dead("location /a {} location ^~ /a {} location = /a {}"), ["^~ /a < /a"]);
        assert_eq!(dead("location @a {} location @a {} location @b {}"), ["@a < @a"]);
        assert_eq!(dead("location ~ . {} location @a {}"), NONE, "no search gets to a named location, and none need to");
    }

    #[test]
    fn answered_by_the_server() {
        assert_eq!(dead("return 404; location /a { location /a/b {} } location @b {}"), ["/a < "]);
        assert_eq!(dead("return 404; location ~ a {} location ~ ab {}"), ["~ a < ", "~ ab < "]);
        assert_eq!(dead("return 404; location /a {} location /a {} location /b {}"), ["/a < ", "/a < /a", "/b < "]);
        let sent = "rewrite ^ /a/b last; location /a { location = /a/b {} location /a/c {} } location / {}";
        assert_eq!(dead(sent), ["/a/c < = /a/b", "/ < = /a/b"]);
        assert_eq!(dead("if ($a) { return 404; } location /a {}"), NONE);
    }

    #[test]
    fn what_is_not_seen() {
        assert_eq!(dead("location ~ ^/${X} {} location ^~ /${X} {} location ~ ^/a {} location /a {}"), ["/a < ~ ^/a"]);
        assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/x {} location /${X} {}"), NONE, "that one may open /s/x again");
        assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/x {} include /nowhere/known/*.conf;"), NONE, "so may what is included");
        assert_eq!(dead("location ~ ^/s {} location /s/ {} include /nowhere/known/*.conf;"), ["/s/ < ~ ^/s"]);
        assert_eq!(dead("location ~ ^/s {} location /s/ { include /nowhere/known/*.conf; }"), NONE, "a nested regex would live");
    }

    #[test]
    fn large_automata_are_given_up() {
        let (config, router) = load(
            "http { server { location ~ \"^(.*a.{200}){20}b\" {} location ~ \"^/[ab]*a[ab]{30}$\" {} location ~ \"[ab]*a[ab]{30}\\z\" {} } }",
        );
        assert!(dead_locations(&config, &router).is_empty());
    }
}

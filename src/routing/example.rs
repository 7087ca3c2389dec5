//! A URL that a client can send and that a location gets: what proves it alive, and shows a person what it is for.

use super::doors::Obstacle;
use super::language::{UriSet, Witness};
use super::location::Router;
use super::pattern::Pattern;
use super::reach::{Prover, Verdict};
use super::uri;
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};

/// URIs that the search for an example tries to take away from other locations, before it gives up.
const TRIES: usize = 8;

/// A request that gets to a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The path to ask for, encoded where it must be: `/api/v2/x`.
    pub target: String,
    /// What nginx makes of it.
    pub uri: Vec<u8>,
    /// Who gets it: the location, or one nested in it where others take all that is its own.
    pub location: LocationId,
    /// Conditions of the server that run before a location is looked for (`if`, Lua, an include that is not known): they may send the
    /// request elsewhere. Empty where the request surely gets there.
    pub unless: Vec<EntryId>,
}

/// Why there is no example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoExample {
    /// A location with a name: no URL leads to it.
    Named,
    /// It is `internal`: clients get 404.
    Internal,
    /// This `return` of the server answers all requests before a location is looked for.
    Returns(EntryId),
    /// This `rewrite` of the server changes the URIs that were tried.
    Rewritten(EntryId),
    /// No client's request gets there.
    NoClient,
    /// It can't be told.
    Unclear(Obstacle),
}

/// A URL path that a client can send and that gets to the location: the most readable one of those that are tried, else a shortest one.
/// `merge_slashes` is what [`Router::merges_slashes`] says. Takes some milliseconds at most, once the regexes are compiled.
pub fn example(config: &Config, router: &Router, location: LocationId, merge_slashes: bool) -> Result<Example, NoExample> {
    let search = Search { config, router, prover: Prover::new(config, router), merge_slashes, server: config.location(location).server };
    search.of(location)
}

struct Search<'a> {
    config: &'a Config,
    router: &'a Router,
    prover: Prover<'a>,
    merge_slashes: bool,
    server: ServerId,
}

impl Search<'_> {
    fn of(&self, location: LocationId) -> Result<Example, NoExample> {
        if matches!(self.config.location(location).matcher, Matcher::Named(_)) {
            return Err(NoExample::Named);
        }
        if self.router.is_internal(location) {
            return Err(NoExample::Internal);
        }
        let chain = self.prover.chain(location);
        if let Some(template) = chain.iter().find(|id| self.config.location(**id).matcher.is_template()) {
            return Err(NoExample::Unclear(Obstacle::Template(*template)));
        }
        let mut why = None;
        let mut first = |found: Result<Example, NoExample>| match found {
            Ok(example) => Some(example),
            Err(reason) => {
                why = why.or(Some(reason));
                None
            }
        };
        for candidate in self.readable(&chain) {
            if let Some(example) = self.check(location, &candidate).and_then(&mut first) {
                return Ok(example);
            }
        }
        let searched = self.search(location, &chain);
        if let Some(example) = first(searched) {
            return Ok(example);
        }
        // What is the location's own goes elsewhere: then what is nested in it shows the way.
        for nested in &self.config.location(location).locations {
            if let Ok(example) = self.of(*nested) {
                return Ok(example);
            }
        }
        Err(why.unwrap_or(NoExample::NoClient))
    }

    /// URIs that read well, the best first.
    fn readable(&self, chain: &[LocationId]) -> Vec<Vec<u8>> {
        let Some(id) = chain.last() else { return Vec::new() };
        let with = |name: &str, ends: &[&str]| ends.iter().map(|end| format!("{name}{end}").into_bytes()).collect();
        match &self.config.location(*id).matcher {
            Matcher::Exact(name) => vec![name.as_bytes().to_vec()],
            Matcher::Prefix { path, .. } if path.is_empty() => vec![b"/x".to_vec(), b"/".to_vec()],
            Matcher::Prefix { path, .. } if path.ends_with('/') => with(path, &["x", "", "x/y"]),
            Matcher::Prefix { path, .. } => with(path, &["", "/x", "x", "/"]),
            Matcher::Regex { .. } => {
                let mut samples = self.prover.samples(chain);
                // `/x.php` says more than `/.php`.
                if let Some(end) = samples.first().filter(|sample| sample.first() != Some(&b'/')) {
                    samples.insert(0, [b"/x", end.as_slice()].concat());
                }
                samples
            }
            Matcher::Named(_) => Vec::new(),
        }
    }

    /// The example that a URI makes; `None` when it is none of a client, or gets elsewhere.
    fn check(&self, location: LocationId, uri: &[u8]) -> Option<Result<Example, NoExample>> {
        let choice = self.router.locate(self.server, uri);
        if !uri::is_normal(uri, self.merge_slashes) || choice.location != Some(location) || choice.auto_redirect {
            return None;
        }
        let target = uri::encode(uri);
        Some(self.before(uri).map(|unless| Example { target, uri: uri.to_vec(), location, unless }))
    }

    /// Takes away what others take, until something is left that the location gets.
    fn search(&self, location: LocationId, chain: &[LocationId]) -> Result<Example, NoExample> {
        let own = self.prover.pattern(location).and_then(|pattern| match (pattern.language(), pattern.regular()) {
            (Some(_), _) => None,
            (None, None) => Some(Obstacle::Pattern(location)),
            (None, Some(_)) => Some(Obstacle::TooLarge(location)),
        });
        let mut rest = self.prover.admitted(chain).intersect(&UriSet::client(self.merge_slashes));
        let mut why = None;
        for _ in 0..TRIES {
            let uri = match rest.quick_witness() {
                Witness::Found(uri) => uri,
                Witness::Empty => return Err(why.unwrap_or(NoExample::NoClient)),
                Witness::CantTell => return Err(NoExample::Unclear(own.unwrap_or(Obstacle::TooLarge(location)))),
            };
            match self.check(location, &uri) {
                Some(Ok(example)) => return Ok(example),
                Some(Err(reason)) => {
                    why = Some(reason);
                    rest = rest.minus(&UriSet::literal(&uri));
                    continue;
                }
                None => {}
            }
            match self.prover.verdict(self.server, chain, &uri) {
                Verdict::Taken(set, _) if set.contains(&uri) => rest = rest.minus(&set),
                // Another URI may not be in doubt.
                Verdict::Open(obstacle) => {
                    why = why.or(Some(NoExample::Unclear(own.unwrap_or(obstacle))));
                    rest = rest.minus(&UriSet::literal(&uri));
                }
                Verdict::Taken(..) | Verdict::Reaches => return Err(NoExample::Unclear(own.unwrap_or(Obstacle::Order(location)))),
            }
        }
        Err(why.unwrap_or(NoExample::Unclear(own.unwrap_or(Obstacle::Many))))
    }

    /// What the server does with a URI before a location is looked for: the conditions on which it gets through.
    fn before(&self, uri: &[u8]) -> Result<Vec<EntryId>, NoExample> {
        let mut unless = Vec::new();
        let block = self.config.server(self.server).entry;
        for id in self.config.entry(block).children.iter().copied() {
            let directive = self.config.directive(id);
            match &*directive.name.value {
                // After an `if` that may `break`, or answer, it is not for all requests.
                "return" if unless.is_empty() => return Err(NoExample::Returns(id)),
                "return" => {
                    unless.push(id);
                    break;
                }
                "break" => break,
                "rewrite" if directive.arg(0).is_none_or(|regex| Pattern::get(regex, false).is_match(uri)) => {
                    return Err(NoExample::Rewritten(id));
                }
                "if" if self.only_sets(id) || self.surely_false(id, uri) => {}
                "if" => unless.push(id),
                name if name.starts_with("server_rewrite_by_lua") => unless.push(id),
                _ => {}
            }
        }
        unless.extend(self.config.unknown_includes.iter().filter(|include| self.config.entry(**include).parent == Some(block)));
        Ok(unless)
    }

    /// A block that changes variables and nothing else.
    fn only_sets(&self, block: EntryId) -> bool {
        self.config.entry(block).children.iter().all(|child| {
            let name = &*self.config.directive(*child).name.value;
            !matches!(name, "return" | "rewrite" | "break" | "if" | "include") && !name.contains("_by_lua")
        })
    }

    /// `if ($uri ~ regex)` for a URI that the regex does not match.
    fn surely_false(&self, block: EntryId, uri: &[u8]) -> bool {
        let args: Vec<&str> = self.config.directive(block).args.iter().map(|word| &*word.value).collect();
        let caseless = match args.get(1) {
            Some(&"~") => false,
            Some(&"~*") => true,
            _ => return false,
        };
        let variable = args.first().map(|first| first.trim_start_matches('('));
        let regex = args.get(2).map(|last| last.strip_suffix(')').unwrap_or(last));
        args.len() <= 4
            && matches!(variable, Some("$uri" | "$document_uri"))
            && regex.is_some_and(|regex| {
                let pattern = Pattern::get(regex, caseless);
                pattern.problem().is_none() && !pattern.is_match(uri)
            })
    }
}

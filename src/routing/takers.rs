//! Who takes a location's URIs when the location is not there.

use std::sync::Arc;

use super::language::{Below, UriSet};
use super::location::{Choice, Level, Prefix, Router};
use super::pattern::Pattern;
use crate::config::{Config, LocationId, Matcher};

/// More locations of one kind than this at one level are not gone through where a regex decides.
const MANY: usize = 64;

/// Who would take the URIs of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takers {
    /// The locations that would, `None` where it is the server itself. Where [`Takers::whole`] is not true these are some of them, found by
    /// trying likely URIs.
    pub all: Vec<Option<LocationId>>,
    /// True when no other one gets any of the URIs, and when every URI that the location does not serve goes where it goes now: over all byte
    /// strings, whichever internal move brings them. One that is listed may still get none.
    pub whole: bool,
    /// A URI that is answered by a redirect to itself with a slash behind only with the location, or only without it.
    pub redirect: Option<Vec<u8>>,
}

/// Who would take the URIs of a location if it were not there, with all that is nested in it. Nobody for a named location, which no URI
/// selects.
pub fn takers(config: &Config, router: &Router, id: LocationId) -> Takers {
    let finder = Finder { config, router, id, accept: &|_| true };
    finder.all().unwrap_or_else(|| Takers { all: finder.likely(), whole: false, redirect: finder.redirect() })
}

/// Those who would take some of them, found by trying likely URIs: cheap also where a regex decides.
pub fn likely(config: &Config, router: &Router, id: LocationId) -> Takers {
    let finder = Finder { config, router, id, accept: &|_| true };
    Takers { all: finder.likely(), whole: false, redirect: finder.redirect() }
}

/// The same if they are all known and all of them are accepted: much cheaper where most are not.
pub fn takers_if(config: &Config, router: &Router, id: LocationId, accept: &dyn Fn(Option<LocationId>) -> bool) -> Option<Takers> {
    let finder = Finder { config, router, id, accept };
    let mut likely = finder.takers_of_likely_uris().peekable();
    likely.peek()?;
    // The first that is not accepted ends it: nearly always that is the first.
    likely.all(accept).then(|| finder.all()).flatten()
}

/// A location that would get URIs which others serve now, if this one were not there; `None` where all URIs but its own stay where they are.
/// A prefix location decides for all URIs below it what is looked at before the regexes, and whether those of its level are tried: without
/// it the next shorter one does (`ngx_http_core_find_location`). What hides in an include that is not seen is not thought of.
pub fn shielded(config: &Config, router: &Router, id: LocationId) -> Option<LocationId> {
    let location = config.location(id);
    let level = |parent: Option<LocationId>| router.level(location.server, parent);
    let own = level(location.parent)?;
    let this = prefix(own, config, id)?;
    let shorter = this.shorter.and_then(|shorter| own.prefixes.get(shorter as usize));
    let outer =
        std::iter::successors(location.parent, |parent| config.location(*parent).parent).map(|parent| config.location(parent).parent);
    let mut served_by_others = outer.chain((!this.no_regex).then_some(location.parent));
    if !served_by_others.any(|parent| level(parent).is_some_and(|level| !level.regexes.is_empty())) {
        return None;
    }
    let no_regex = shorter.is_some_and(|shorter| shorter.no_regex);
    match own.regexes.first() {
        Some((_, regex)) if this.no_regex && !no_regex => Some(*regex),
        Some(_) if !this.no_regex && no_regex => shorter.map(|shorter| shorter.location),
        _ => shorter.map(|shorter| shorter.location).filter(|shorter| !config.location(*shorter).locations.is_empty()),
    }
}

/// The entry of a prefix location in the table of its level; `None` for all others, and for the second of a name.
fn prefix<'a>(level: &'a Level, config: &Config, id: LocationId) -> Option<&'a Prefix> {
    let Matcher::Prefix { path, .. } = &config.location(id).matcher else { return None };
    let at = level.prefixes.binary_search_by(|prefix| (*prefix.name).cmp(path.as_bytes())).ok()?;
    level.prefixes.get(at).filter(|prefix| prefix.location == id)
}

struct Finder<'a> {
    config: &'a Config,
    router: &'a Router,
    id: LocationId,
    accept: &'a dyn Fn(Option<LocationId>) -> bool,
}

impl Finder<'_> {
    fn all(&self) -> Option<Takers> {
        if self.redirect().is_some() || !self.is_visible() {
            return None;
        }
        let mut all: Vec<Option<LocationId>> = Vec::new();
        for taker in self.whole()?.into_iter().chain(self.redirecting()) {
            if !all.contains(&taker) {
                all.push(taker);
            }
        }
        all.iter().all(|taker| (self.accept)(*taker)).then_some(Takers { all, whole: true, redirect: None })
    }

    fn matcher(&self) -> &Matcher {
        &self.config.location(self.id).matcher
    }

    fn level(&self) -> Option<&Level> {
        let location = self.config.location(self.id);
        self.router.level(location.server, location.parent)
    }

    /// A redirect to the slash that comes or goes with the location (`node->auto_redirect`).
    fn redirect(&self) -> Option<Vec<u8>> {
        let name = self.name()?;
        let mut uris = name.strip_suffix(b"/").into_iter().chain([name]);
        let changes = |uri: &&[u8]| {
            let (now, then) = self.choices(uri);
            now.auto_redirect != then.auto_redirect
        };
        uris.find(changes).map(<[u8]>::to_vec)
    }

    /// Who makes the redirect to the slash that the location makes now: with the headers and all else that is set there.
    fn redirecting(&self) -> Option<Option<LocationId>> {
        let (now, then) = self.choices(self.name()?.strip_suffix(b"/")?);
        (now.auto_redirect && now.location == Some(self.id)).then_some(then.location)
    }

    /// The text of an exact or prefix location.
    fn name(&self) -> Option<&[u8]> {
        self.matcher().literal().map(str::as_bytes)
    }

    /// Where a URI goes with the location, and without it.
    fn choices(&self, uri: &[u8]) -> (Choice, Choice) {
        let server = self.config.location(self.id).server;
        (self.router.locate(server, uri), self.router.locate_without(server, uri, self.id))
    }

    /// Is everything seen that may take URIs at its level and around it?
    fn is_visible(&self) -> bool {
        let config = self.config;
        let location = config.location(self.id);
        let server = config.server(location.server);
        let chain: Vec<LocationId> = std::iter::successors(Some(self.id), |id| config.location(*id).parent).collect();
        let block = |parent: Option<LocationId>| parent.map_or(server.entry, |parent| config.location(parent).entry);
        let clear = |parent: Option<LocationId>| {
            let unknown = config.unknown_includes.iter().any(|id| *id == block(parent) || config.entry(*id).parent == Some(block(parent)));
            !unknown && self.router.level(location.server, parent).is_some_and(|level| !level.has_template(config))
        };
        !server.synthetic
            && location.locations.is_empty()
            && clear(Some(self.id))
            && !location.matcher.is_template()
            && chain.iter().all(|id| clear(config.location(*id).parent))
    }

    fn whole(&self) -> Option<Vec<Option<LocationId>>> {
        let location = self.config.location(self.id);
        let level = self.level()?;
        if level.duplicates.contains_key(&self.id) || level.duplicates.values().any(|first| *first == self.id) {
            return None;
        }
        if level.unmatched.contains(&self.id) {
            return Some(Vec::new());
        }
        match &location.matcher {
            Matcher::Named(_) => None,
            Matcher::Exact(name) => {
                let choice = self.router.locate_without(location.server, name.as_bytes(), self.id);
                Some(vec![choice.location])
            }
            Matcher::Prefix { path, .. } => self.prefix(level, path.as_bytes()),
            Matcher::Regex { .. } => self.regex(level),
        }
    }

    /// Its URIs go to the next shorter prefix of its level, else to what is around the level.
    fn prefix(&self, level: &Level, name: &[u8]) -> Option<Vec<Option<LocationId>>> {
        let this = prefix(level, self.config, self.id)?;
        let shorter = match this.shorter {
            Some(shorter) => Some(level.prefixes.get(shorter as usize)?),
            None => None,
        };
        let uris = UriSet::prefix(name);
        // `^~` decides whether the regexes of the level are tried.
        if this.no_regex != shorter.is_some_and(|shorter| shorter.no_regex) {
            let below = |id: LocationId| self.pattern(id).and_then(|pattern| pattern.language()).map(|language| language.below(name));
            let begins_otherwise = |id: LocationId| self.pattern(id).is_some_and(|pattern| !pattern.may_match_below(name));
            let apart = |id: LocationId| {
                begins_otherwise(id)
                    || match below(id) {
                        Some(Below::None) => true,
                        Some(Below::Some) => self.admitted(id).and_then(|set| set.intersects(&uris)) == Some(false),
                        Some(Below::All) | None => false,
                    }
            };
            if level.regexes.len() > MANY || !level.regexes.iter().all(|(_, regex)| apart(*regex)) {
                return None;
            }
        }
        if let Some(shorter) = shorter {
            let nested = &self.config.location(shorter.location).locations;
            if nested.len() > MANY {
                return None;
            }
            for nested in nested {
                let apart = match &self.config.location(*nested).matcher {
                    Matcher::Exact(other) => !other.as_bytes().starts_with(name),
                    Matcher::Prefix { path: other, .. } => !other.as_bytes().starts_with(name) && !name.starts_with(other.as_bytes()),
                    Matcher::Regex { .. } => self.admitted(*nested)?.intersects(&uris) == Some(false),
                    Matcher::Named(_) => true,
                };
                if !apart || self.config.location(*nested).matcher.is_template() {
                    return None;
                }
            }
            return Some(vec![Some(shorter.location)]);
        }
        Some(vec![self.config.location(self.id).parent])
    }

    /// Its URIs go to later regexes of its level, and then to where they would go without regexes.
    fn regex(&self, level: &Level) -> Option<Vec<Option<LocationId>>> {
        let location = self.config.location(self.id);
        if level.prefixes.len() > MANY || level.regexes.len() > MANY {
            return None;
        }
        let own = self.admitted(self.id)?;
        let mut out = Vec::new();
        for (_, regex) in level.regexes.iter().skip_while(|(_, regex)| *regex != self.id).skip(1) {
            if self.begin_apart(self.id, *regex) {
                continue;
            }
            let set = self.admitted(*regex);
            if set.as_ref().and_then(|set| set.intersects(&own)) == Some(false) {
                continue;
            }
            if !self.config.location(*regex).locations.is_empty() || !(self.accept)(Some(*regex)) {
                return None;
            }
            out.push(Some(*regex));
            if set.and_then(|set| own.is_subset_of(&set)) == Some(true) {
                return Some(out);
            }
        }
        let mut rest = own;
        let mut around = location.parent;
        while let Some(outer) = around {
            if let Some(set) = self.admitted(outer) {
                rest = rest.intersect(&set);
            }
            around = self.config.location(outer).parent;
        }
        let below_regex = |id: LocationId| matches!(self.config.location(id).matcher, Matcher::Regex { .. });
        if let Some(parent) = location.parent {
            // Where the level has no answer, regexes further out are tried; below a regex none is.
            if !below_regex(parent) && !self.no_regex_around(parent)? {
                return None;
            }
        }
        let mut prefixes: Vec<&Prefix> = level.prefixes.iter().collect();
        prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.name.len()));
        for prefix in prefixes {
            let set = UriSet::prefix(&prefix.name);
            if rest.intersects(&set) != Some(false) {
                // `^~`: its URIs get to no regex of this level.
                if !prefix.no_regex {
                    if !self.config.location(prefix.location).locations.is_empty() || !(self.accept)(Some(prefix.location)) {
                        return None;
                    }
                    out.push(Some(prefix.location));
                }
                rest = rest.minus(&set);
            }
        }
        if rest.is_empty() != Some(true) {
            out.push(location.parent);
        }
        Some(out)
    }

    /// True when no regex of a level outside of this prefix location can be tried for its URIs.
    fn no_regex_around(&self, id: LocationId) -> Option<bool> {
        let location = self.config.location(id);
        let level = self.router.level(location.server, location.parent)?;
        let no_regex = level.prefixes.iter().any(|prefix| prefix.location == id && prefix.no_regex);
        match location.parent {
            _ if !no_regex && !level.regexes.is_empty() => Some(false),
            Some(parent) => self.no_regex_around(parent),
            None => Some(true),
        }
    }

    fn pattern(&self, id: LocationId) -> Option<Arc<Pattern>> {
        match &self.config.location(id).matcher {
            Matcher::Regex { pattern, caseless } => Some(Pattern::get(pattern, *caseless)),
            _ => None,
        }
    }

    /// True when all that two regexes match begins in ways that exclude each other: seen without any automaton.
    fn begin_apart(&self, one: LocationId, other: LocationId) -> bool {
        let (Some(one), Some(other)) = (self.pattern(one), self.pattern(other)) else { return false };
        let (Some(one), Some(other)) = (one.regular(), other.regular()) else { return false };
        let excludes = |a: &[u8], b: &[u8]| !a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b));
        let (one, other) = (one.prefixes(), other.prefixes());
        !one.is_empty() && !other.is_empty() && one.iter().all(|a| other.iter().all(|b| excludes(a, b)))
    }

    fn admitted(&self, id: LocationId) -> Option<UriSet> {
        UriSet::admitted(&self.config.location(id).matcher)
    }

    /// Who gets likely URIs of the location, each once.
    fn likely(&self) -> Vec<Option<LocationId>> {
        let mut out = Vec::new();
        for taker in self.takers_of_likely_uris() {
            if !out.contains(&taker) {
                out.push(taker);
            }
        }
        out
    }

    /// The same one after the other, looked for when it is asked for.
    fn takers_of_likely_uris(&self) -> impl Iterator<Item = Option<LocationId>> + '_ {
        let location = self.config.location(self.id);
        let uris: Vec<Vec<u8>> = match &location.matcher {
            Matcher::Exact(name) => vec![name.as_bytes().to_vec()],
            Matcher::Prefix { path, .. } => ["", "x", "/x"].iter().map(|rest| format!("{path}{rest}").into_bytes()).collect(),
            Matcher::Regex { pattern, caseless } => {
                let pattern = Pattern::get(pattern, *caseless);
                pattern.sample().into_iter().flat_map(|sample| [sample.to_vec(), [b"/", sample].concat()]).collect()
            }
            Matcher::Named(_) => Vec::new(),
        };
        uris.into_iter().filter_map(move |uri| {
            let now = self.router.locate(location.server, &uri).location;
            let inside = std::iter::successors(now, |id| self.config.location(*id).parent).any(|id| id == self.id);
            inside.then(|| self.router.locate_without(location.server, &uri, self.id).location)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// Who takes over from the last location that is written: `…` before what is not all.
    fn after(locations: &str) -> String {
        let (config, router) = load(&format!("http {{ server {{ listen 80; {locations} }} }}"));
        let last = LocationId(config.locations.len() as u32 - 1);
        let takers = takers(&config, &router, last);
        let name = |id: &Option<LocationId>| id.map_or("-".to_owned(), |id| config.location(id).matcher.display());
        let names: Vec<String> = takers.all.iter().map(name).collect();
        let redirect = takers.redirect.map_or(String::new(), |uri| format!(" > {}", String::from_utf8_lossy(&uri)));
        format!("{}{}{redirect}", if takers.whole { "" } else { "… " }, names.join(" | "))
    }

    #[test]
    fn prefixes() {
        assert_eq!(after("location / {} location ~ x {} location /a {}"), "/");
        assert_eq!(after("location ~ x {} location /a {}"), "-");
        assert_eq!(after("location /b {} location /a/b {}"), "-");
        assert_eq!(after("location /a { location /a/b {} }"), "/a");
        assert_eq!(after("location / {} location ~ x {} location ^~ /a {}"), "… / | ~ x");
        assert_eq!(after("location / {} location ~ ^/x {} location ^~ /a {}"), "/");
        assert_eq!(after("location ^~ / {} location ~ x {} location /a {}"), "… ^~ /");
        assert_eq!(after("location ^~ / {} location ~ x {} location ^~ /a {}"), "^~ /");
        assert_eq!(after("location / { location /b {} } location /a {}"), "/");
        assert_eq!(after("location / { location ~ x$ {} } location /a {}"), "… / | ~ x$");
        assert_eq!(after("location / {} location ~ ^/${X} {} location /a {}"), "… /");
        assert_eq!(after("location / {} include /nowhere/*.conf; location /a {}"), "… /");
    }

    #[test]
    fn exact_and_redirects() {
        assert_eq!(after("location / {} location ~ a {} location = /a {}"), "~ a");
        assert_eq!(after("location /a/ { proxy_pass http://x; } location = /a {}"), "… /a/ > /a");
        assert_eq!(after("location /a/ { proxy_pass http://x; } location /a {}"), "… /a/ | - > /a");
        assert_eq!(after("location / { } location /a/ { proxy_pass http://x; }"), "… / > /a");
        assert_eq!(after("location / { } location = /a { } location /a/ { proxy_pass http://x; }"), "/");
        // The redirect from `/a` is made by another one than takes `/a/`.
        let nested = "location / { location /a/ { proxy_pass http://x; } } location ~ a {}";
        assert_eq!(after(&format!("{nested} location = /a/ {{ proxy_pass http://x; }}")), "~ a | /a/");
    }

    #[test]
    fn what_decides_for_others() {
        let decides = |locations: &str| {
            let (config, router) = load(&format!("http {{ server {{ listen 80; {locations} }} }}"));
            let other = shielded(&config, &router, LocationId(config.locations.len() as u32 - 1));
            other.map_or("-".to_owned(), |other| config.location(other).matcher.display())
        };
        assert_eq!(decides("location ~ x {} location /a { location ~ b {} } location /a/ {}"), "/a");
        assert_eq!(decides("location ~ x {} location ^~ /a {} location /a/ {}"), "^~ /a");
        assert_eq!(decides("location ~ x {} location /a {} location /a/ {}"), "-");
        assert_eq!(decides("location /a { location ~ b {} } location /a/ {}"), "-", "it serves all of its URIs");
        assert_eq!(decides("location ~ x {} location /a { location ~ b {} } location ^~ /a/ {}"), "-");
        assert_eq!(decides("location ~ x {} location /a { location ~ b {} } location = /a/ {}"), "-");
        assert_eq!(decides("location ~ x {} location /a { location ~ b {} location ^~ /a/ {} }"), "~ b", "those further out are tried");
        assert_eq!(decides("location /a { location ~ b {} location ^~ /a/ {} }"), "-");
    }

    #[test]
    fn regexes() {
        assert_eq!(after("location / {} location /a {} location ~ b {}"), "/a | / | -");
        assert_eq!(after("location / {} location /a {} location ~ ^/b {}"), "/");
        assert_eq!(after("location / {} location ^~ /a {} location ~ ^/a {}"), "");
        let (config, router) =
            load("http { server { location ~ ^/a/b {} location ~ x {} location ~ ^/a {} location ~ ^/c {} location / {} } }");
        assert_eq!(takers(&config, &router, LocationId(0)).all, [Some(LocationId(1)), Some(LocationId(2))]);
        assert_eq!(after("location / { location ~ a {} location ~ b {} }"), "/");
        assert_eq!(after("location ~ c {} location / { location ~ b {} }"), "… /");
        assert_eq!(after("location ~ /a { location ~ b {} }"), "~ /a");
        assert_eq!(after("location / {} location ~ (?!a)b {}"), "… - | /");
    }
}

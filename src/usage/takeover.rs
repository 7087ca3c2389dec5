//! What changes for requests when a location goes away: which locations take its URIs, and what those do otherwise.
//!
//! Everything here follows from the configuration; what of it matters is for a person to say, except for one thing: a block that denies,
//! authenticates or limits is a guard, and nothing that lets requests past a guard is called safe.

mod compare;
pub mod kept;
mod words;

pub use compare::uri_part;
pub use words::{difference, sentence, unguarded};

use crate::config::effective::{Blocks, Effective, Site};
use crate::config::{EntryId, LocationId};
use crate::messages::Message;
use crate::routing::Router;
use crate::routing::takers::{self, Takers};
use compare::Compare;

/// What happens when a location goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// The location.
    pub location: LocationId,
    /// Who takes its URIs; empty where no URI gets there, or where likely ones tell nothing.
    pub takers: Vec<Taker>,
    /// As [`Takers::whole`].
    pub whole: bool,
    /// As [`Takers::redirect`].
    pub redirect: Option<Vec<u8>>,
    /// True when all that holds in the location and in the takers is seen and understood: no include whose content is not known, no directive
    /// of a module that is not known, nothing that works without a request.
    pub certain: bool,
}

/// Who takes some of the URIs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker {
    /// The location, or the server itself.
    pub site: Site,
    /// What is not the same there; empty when the same is written, and means the same.
    pub differences: Vec<Difference>,
}

/// One thing that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `access`, `authentication`, `headers` …
    pub about: &'static str,
    /// What holds with the taker: "`access_by_lua_file` is `auth.lua` instead of `admin.lua`".
    pub phrase: Message,
    /// What says it for the location; `None` when that has nothing of the kind.
    pub here: Option<EntryId>,
    /// True when something that denies, authenticates or limits is lost.
    pub guard: bool,
}

impl Takeover {
    /// True when nothing at all changes for any request; false where that can't be told.
    pub fn changes_nothing(&self) -> bool {
        self.whole && self.certain && self.redirect.is_none() && self.takers.iter().all(|taker| taker.differences.is_empty())
    }

    /// What is lost that denies, authenticates or limits.
    pub fn guards(&self) -> impl Iterator<Item = (Site, &Difference)> {
        let lost = |taker: &'_ Taker| taker.site;
        self.takers.iter().flat_map(move |taker| {
            taker.differences.iter().filter(|difference| difference.guard).map(move |difference| (lost(taker), difference))
        })
    }
}

/// What happens when the location goes away, with all that is nested in it.
pub fn of(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Takeover {
    with(blocks, location, takers::takers(blocks.config, router, location))
}

/// The same with those who take likely URIs of it only: for many locations at once, where nothing rests on knowing all.
pub fn likely(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Takeover {
    with(blocks, location, takers::likely(blocks.config, router, location))
}

/// The same if nothing changes for any request; where something does, that is seen at once for nearly all locations.
pub fn of_redundant(blocks: &Blocks<'_>, router: &Router, location: LocationId) -> Option<Takeover> {
    let server = blocks.config.location(location).server;
    let alike = |taker: Option<LocationId>| blocks.answer_alike(location, taker.map_or(Site::Server(server), Site::Location));
    let takers = takers::takers_if(blocks.config, router, location, &alike)?;
    let sites = sites(blocks, location, &takers);
    let nothing = takers.whole && takers.redirect.is_none() && !sites.is_empty() && is_same(blocks, location, &sites);
    nothing.then(|| Takeover { whole: true, redirect: None, ..between(blocks, location, &sites) })
}

fn sites(blocks: &Blocks<'_>, location: LocationId, takers: &Takers) -> Vec<Site> {
    let server = blocks.config.location(location).server;
    takers.all.iter().map(|taker| taker.map_or(Site::Server(server), Site::Location)).collect()
}

fn with(blocks: &Blocks<'_>, location: LocationId, takers: Takers) -> Takeover {
    let sites = sites(blocks, location, &takers);
    Takeover { whole: takers.whole, redirect: takers.redirect, ..between(blocks, location, &sites) }
}

/// The same where it is known who takes the URIs.
pub fn between(blocks: &Blocks<'_>, location: LocationId, takers: &[Site]) -> Takeover {
    let mut out = Takeover { location, takers: Vec::new(), whole: false, redirect: None, certain: false };
    if takers.is_empty() {
        return out;
    }
    let here = blocks.effective(Site::Location(location));
    out.certain = is_seen(blocks, location, &here, takers);
    out.takers = takers
        .iter()
        .map(|site| {
            let there = blocks.effective(*site);
            let compare =
                Compare { blocks, project: blocks.project, config: blocks.config, location, site: *site, here: &here, there: &there };
            out.certain &= compare.is_seen();
            Taker { site: *site, differences: compare.differences() }
        })
        .collect();
    out
}

/// Is all seen and understood, and nothing otherwise with any of the takers? What [`between`] would say, without the words.
fn is_same(blocks: &Blocks<'_>, location: LocationId, takers: &[Site]) -> bool {
    let here = blocks.effective(Site::Location(location));
    is_seen(blocks, location, &here, takers)
        && takers.iter().all(|site| {
            let there = blocks.effective(*site);
            let compare =
                Compare { blocks, project: blocks.project, config: blocks.config, location, site: *site, here: &here, there: &there };
            compare.is_seen() && !compare.differs()
        })
}

/// Is all that holds in the location seen and understood? A location with an empty name has no settings of its own for its `if`s; levels of
/// `add_header` can be told to add up.
fn is_seen(blocks: &Blocks<'_>, location: LocationId, here: &Effective, takers: &[Site]) -> bool {
    let named = |site: &Site| Compare::name(*site, blocks.config).is_none_or(|name| !name.is_empty());
    !here.open
        && here.runs.is_empty()
        && named(&Site::Location(location))
        && takers.iter().all(named)
        && blocks.config.all("add_header_inherit").is_empty()
        && blocks.config.all("add_trailer_inherit").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Language;
    use crate::routing::testing::load_project;

    /// What is said of the last location that is written, and whether it guards.
    fn said(locations: &str) -> (String, bool) {
        let (project, config, router) = load_project(&format!("http {{\nserver {{ listen 80;\n{locations}\n}} }}"));
        let blocks = Blocks::new(&project, &config);
        let takeover = of(&blocks, &router, LocationId(config.locations.len() as u32 - 1));
        assert_eq!(
            takeover.changes_nothing(),
            sentence(&blocks, &takeover).is_some_and(|said| said.say(Language::English).ends_with("very same") && takeover.whole)
        );
        let guards = takeover.guards().next().is_some();
        (sentence(&blocks, &takeover).map_or(String::new(), |said| said.say(Language::English)), guards)
    }

    #[test]
    fn says_what_differs() {
        assert_eq!(
            said(
                "location /v1/ { access_by_lua_file auth.lua; proxy_pass http://litellm; }\nlocation /v1/admin { access_by_lua_file admin.lua; proxy_pass http://litellm; }"
            ),
            (
                "without it `location /v1/` (line 3) takes its URIs: `proxy_pass` stays http://litellm, but `access_by_lua_file` is auth.lua instead of admin.lua"
                    .to_owned(),
                true
            )
        );
        assert_eq!(
            said("location / { root /x; }\nlocation /a { deny all; return 302 /; }").0,
            "without it `location /` (line 3) takes its URIs: `deny all` does not hold there, `return 302 /` does not hold there, and `root /x` holds there, too"
        );
        assert_eq!(
            said("location /a { auth_basic x; }").0,
            "without it no location, only the settings of the server itself, takes its URIs: `auth_basic x` does not hold there"
        );
        assert_eq!(
            said("location / { root /x; } location /a { root /x; }").0,
            "without it `location /` (line 3) takes its URIs, and does the very same"
        );
    }

    #[test]
    fn guards() {
        let guards = |locations: &str| said(locations).1;
        assert!(guards("location / {} location /a { deny all; }"));
        assert!(!guards("location / {} location /a { allow all; }"));
        assert!(!guards("location / { deny all; } location /a { }"));
        assert!(!guards("location / { deny all; } location /a { deny all; }"));
        assert!(guards("location / {} location ~ ^/a { return 404; }"));
        assert!(!guards("location / {} location ~ ^/a { return 200; deny all; }"));
        assert!(guards("location / {} location ~ ^/a { if ($invalid_referer) { return 403; } }"));
        assert!(!guards("location / { return 403; } location ~ ^/a { auth_basic x; return 404; }"), "all is refused there");
        assert!(guards("location / {} location /a { limit_req zone=x; }"));
        assert!(!guards("location / {} location /a { auth_basic off; }"));
        assert!(!guards("auth_basic x; location / {} location /a { auth_basic off; }"));
        assert!(guards("auth_basic off; location / {} location /a { auth_basic x; }"));
        assert!(guards("location / {} location = /a { internal; }"));
    }

    #[test]
    fn what_depends_on_the_name() {
        let same = |locations: &str| said(locations).0.ends_with("very same");
        assert!(same("location / { proxy_pass http://x; } location /a { proxy_pass http://x; }"));
        assert!(!same("location / { proxy_pass http://x/; } location /a { proxy_pass http://x/; }"));
        assert!(!same("location / { proxy_pass http://x/b/; } location /a { proxy_pass http://x/b/a; }"), "proxy_redirect");
        assert!(same("proxy_redirect off; location / { proxy_pass http://x/b/; } location /a { proxy_pass http://x/b/a; }"));
        assert!(same("location /a { proxy_pass http://x/; } location = /a { proxy_pass http://x/; }"), "the same name");
        assert!(same("location / { proxy_pass http://x$uri; } location /a { proxy_pass http://x$uri; }"));
        assert!(!same("location / { alias /x/; } location /a { alias /x/; }"));
        assert!(same("location / { root /x; } location /a { root /x; }"));
        assert!(!same("location / { add_header A $1; } location ~ ^/a { add_header A $1; }"));
        assert!(same("location / { add_header A $uri; } location ~ ^/a { add_header A $uri; }"));
    }
}

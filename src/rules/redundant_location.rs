//! `redundant-location`: a location without which every request is answered in the very same way.

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::dead_location::name;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::effective::Site;
use crate::config::{Config, LocationId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::project::{FileId, Place, RootKind};
use crate::routing::pattern::names_variables;
use crate::usage::required::Definers;
use crate::usage::takeover::Takeover;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "redundant-location", summary: "a location without which nothing changes", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    // A file that is included twice has each of its locations twice: one that matters in one place is needed.
    let mut found: Vec<(Place, Finding)> = Vec::new();
    let mut others: Vec<(&Config, LocationId)> = Vec::new();
    for view in analysis.views() {
        let View { root, config, .. } = view;
        let definers = Definers::of(config);
        let (mut named, mut takers): (FxHashSet<Site>, FxHashSet<Site>) = Default::default();
        let gone: FxHashSet<LocationId> = view.dead().iter().chain(&view.through().dead).map(|dead| dead.location).collect();
        // What stands in a dead block is dead with it.
        let dead = |id: LocationId| std::iter::successors(Some(id), |id| config.location(*id).parent).any(|id| gone.contains(&id));
        let is_asked = matches!(root.kind, RootKind::Main | RootKind::Http);
        let mut takeovers = if is_asked { view.redundant().all().iter().peekable() } else { [].iter().peekable() };
        for index in 0..config.locations.len() {
            let id = LocationId(index as u32);
            let silent = |file: FileId| is_unreliable(analysis, file);
            let takeover =
                takeovers.next_if(|takeover| takeover.location == id).filter(|takeover| is_worth_a_word(config, &definers, takeover));
            let Some(takeover) = takeover else {
                others.push((config, id));
                continue;
            };
            let place = config.place(config.location(id).entry);
            let keeps = takeover.takers.iter().any(|taker| matches!(taker.site, Site::Location(id) if dead(id)));
            // Two that stand in for each other can't both go: the first is named, and the other when that is gone.
            let stands_in = takers.contains(&Site::Location(id)) || takeover.takers.iter().any(|taker| named.contains(&taker.site));
            if silent(place.file) || keeps || stands_in {
                others.push((config, id));
                continue;
            }
            found.push((place, finding(view.language, config, takeover)));
            named.insert(Site::Location(id));
            takers.extend(takeover.takers.iter().map(|taker| taker.site));
        }
    }
    if !found.is_empty() {
        let needed: FxHashSet<Place> = others.into_iter().map(|(config, id)| config.place(config.location(id).entry)).collect();
        out.extend(found.into_iter().filter(|(place, _)| !needed.contains(place)).map(|(_, finding)| finding));
    }
}

/// False for a block that says nothing where no other location answers: it holds a place for what is to come. And for one that defines
/// something.
fn is_worth_a_word(config: &Config, definers: &Definers<'_>, takeover: &Takeover) -> bool {
    let entry = config.location(takeover.location).entry;
    let empty = config.entry(entry).children.is_empty();
    let server = takeover.takers.iter().any(|taker| matches!(taker.site, Site::Server(_)));
    // What a group of its regex is named after has another value where another location answers.
    let groups = config.directive(entry).args.iter().any(|word| names_variables(&word.value));
    !(groups || empty && server) && definers.only_in(entry).is_none()
}

fn finding(language: Language, config: &Config, takeover: &Takeover) -> Finding {
    let entry = config.location(takeover.location).entry;
    let this = name(config, takeover.location);
    let named = |site: &Site| match site {
        Site::Location(id) => name(config, *id),
        Site::Server(_) => message!(language, "redundant-location-itself"),
    };
    let names: Vec<String> = takeover.takers.iter().map(|taker| named(&taker.site)).collect();
    let message = match names.len() {
        0 => message!(language, "redundant-location-nothing", this = &this),
        count => {
            let takers = join(language, Joint::And, &names);
            message!(language, "redundant-location-says", this = &this, takers = takers, count = count)
        }
    };
    let severity = if config.entry(entry).children.is_empty() { Severity::Hint } else { RULE.severity };
    let mut finding = Finding::new(RULE.id, severity, Confidence::Proven, config.header(entry), message);
    for taker in &takeover.takers {
        if let Site::Location(id) = taker.site {
            finding = finding.related(config.header(config.location(id).entry), message!(language, "redundant-location-same"));
        }
    }
    let title = message!(language, "comment-out", what = this);
    finding.tag(Tag::Unnecessary).fix(Fix { title, safe: true, action: FixAction::CommentOut(config.place(entry)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_server;
    use crate::world::World;

    fn found(server: &str) -> Vec<String> {
        in_server(check, server).into_iter().map(|finding| finding.message).collect()
    }

    fn names(server: &str) -> Vec<String> {
        found(server)
            .iter()
            .map(|message| message.split('`').nth(1).unwrap_or_default().trim_start_matches("location ").to_owned())
            .collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn says_who_takes_over() {
        assert_eq!(
            found("location / { proxy_pass http://x; } location /a { proxy_pass http://x; }"),
            ["`location /a` changes nothing: without it `location /` takes its requests and does the very same"]
        );
        assert_eq!(
            found("location ^~ /a/ { proxy_pass http://x; } location / { proxy_pass http://x; } location ~ ^/a { return 200; }"),
            NONE
        );
    }

    #[test]
    fn the_same_in_the_same_way() {
        let two = |a: &str, b: &str| names(&format!("location / {{ root /x; {a} }} location /a {{ root /x; {b} }}"));
        assert_eq!(two("", ""), ["/a"]);
        assert_eq!(two("deny all;", "deny all;"), ["/a"]);
        assert_eq!(two("", "deny all;"), NONE);
        assert_eq!(two("set $x 1;", "set $x 1;"), ["/a"]);
        assert_eq!(two("", "set $x 1;"), NONE);
        assert_eq!(two("set $x 1; set $y 2;", "set $y 2; set $x 1;"), NONE, "run in this order");
        assert_eq!(two("add_header A 1;", "add_header A 1;"), ["/a"]);
        assert_eq!(two("my_module on;", "my_module on;"), NONE, "who knows what that does");
        assert_eq!(two("include /nowhere/x.conf;", "include /nowhere/x.conf;"), NONE);
        assert_eq!(two("try_files $uri /i;", "try_files $uri /i;"), ["/a"]);
        assert_eq!(two("content_by_lua_block { a() }", "content_by_lua_block { a() }"), ["/a"]);
        assert_eq!(two("content_by_lua_block { a() }", "content_by_lua_block { b() }"), NONE);
    }

    #[test]
    fn what_goes_with_it() {
        assert_eq!(names("location / { proxy_pass http://x; } location /a/ { proxy_pass http://x; }"), NONE, "the redirect of /a");
        assert_eq!(names("location / { proxy_pass http://x; } location = /a { } location /a/ { proxy_pass http://x; }"), ["/a/"]);
        assert_eq!(names("location / { return 200; } location ^~ /a { return 200; } location ~ x { }"), NONE, "regexes are tried");
        assert_eq!(names("location / { return 200; } location /a { return 200; location ~ x { } }"), NONE, "nested ones");
        assert_eq!(names("location / { return 200; location ~ x { } } location /a { return 200; }"), NONE, "those of the other");
        assert_eq!(names("location / { return 200; } location ~ ^/(?<n>a) { return 200; }"), NONE, "it defines $n");
        assert_eq!(names("location / { return 200; } location ~ ^/a { return 200; }"), ["~ ^/a"]);
        assert_eq!(names("location / { return 200; } location ~ a { return 200; }"), NONE, "a URI without a slash");
        assert_eq!(names("location / { return 200 $1; } location ~ ^/(a) { return 200 $1; }"), NONE);
    }

    #[test]
    fn one_at_a_time() {
        assert_eq!(
            names(
                "location ~ ^/a/b { return 200; } location ~ ^/a { return 200; } location /a/b { return 201; } location / { return 200; }"
            ),
            ["~ ^/a/b"]
        );
    }

    #[test]
    fn needed_by_one_of_two_servers() {
        let folder = tempfile::tempdir().expect("a folder");
        let main =
            "events {} http { server { listen 80; location / { return 200; } include a.conf; } server { listen 81; include a.conf; } }";
        std::fs::write(folder.path().join("nginx.conf"), main).expect("a file");
        std::fs::write(folder.path().join("a.conf"), "location /a { return 200; }").expect("a file");
        let mut out = Vec::new();
        check(&World::open(folder.path(), Vec::new()).analysis(), &mut out);
        assert_eq!(out, []);
    }
}

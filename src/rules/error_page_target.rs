//! `error-page-target`: the page of an `error_page` or the last resort of a `try_files` is a URI that a location answers in another way.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::is_unreliable;
use super::dead_location::name;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::effective::{Blocks, Effective, Site};
use crate::config::{EntryId, LocationId, Matcher, ServerId};
use crate::message;
use crate::project::Place;
use crate::usage::references::Kind;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "error-page-target", summary: "an error page that a location keeps from being sent", severity: Severity::Hint, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let (config, language) = (view.config, view.language);
        if config.all("error_page").is_empty() && config.all("try_files").is_empty() {
            continue;
        }
        let blocks = Blocks::new(view.project, config);
        let mut asking = Asking { view, blocks, passes: FxHashMap::default() };
        let entries = by_place(view);
        let mut told: FxHashSet<Place> = FxHashSet::default();
        for reference in view.references().all() {
            let file = reference.place.file;
            let (Kind::ErrorPage | Kind::TryFiles, Some(uri), Some(to)) = (reference.kind, reference.target.constant(), reference.to)
            else {
                continue;
            };
            // One for all of http has its page in each server, or not.
            let Some(&id) = entries.get(&reference.place) else { continue };
            if !uri.starts_with('/') || config.server_of(id).is_none() || is_unreliable(analysis, file) {
                continue;
            }
            // A location of its own is made for it, whatever it does.
            let own = match &config.location(to).matcher {
                Matcher::Exact(_) | Matcher::Named(_) => true,
                Matcher::Prefix { path, .. } => **path == *uri,
                Matcher::Regex { .. } => false,
            };
            if !own
                && let Some((why, place)) = asking.kept_back(id, to)
                && told.insert(reference.place)
            {
                let what = reference.kind.name();
                let location = name(config, to);
                let message = message!(language, "error-page-target-says", directive = what, uri = uri, location = location, why = why);
                let finding = Finding::new(RULE.id, RULE.severity, Confidence::Likely, reference.place, message);
                out.push(finding.related(config.header(place), message!(language, "error-page-target-own", uri = uri)));
            }
        }
    }
}

/// The directives by where they are written; the first where a file is read more than once.
fn by_place(view: View<'_>) -> FxHashMap<Place, EntryId> {
    let mut out = FxHashMap::default();
    for id in ["error_page", "try_files"].iter().flat_map(|name| view.config.all(name)) {
        out.entry(view.config.place(*id)).or_insert(*id);
    }
    out
}

/// What is asked of the locations of pages.
struct Asking<'a> {
    view: View<'a>,
    blocks: Blocks<'a>,
    /// Where the locations of a server pass requests on to: two of these at most, if they differ.
    passes: FxHashMap<ServerId, Vec<String>>,
}

impl Asking<'_> {
    /// Why the location answers with something else, and where that is written.
    fn kept_back(&mut self, id: EntryId, to: LocationId) -> Option<(String, EntryId)> {
        let view = self.view;
        let config = view.config;
        let there = self.blocks.effective(Site::Location(to));
        if let Some(first) = there.sequence.first().copied() {
            let directive = config.directive(first);
            let status = directive.arg(0).and_then(|status| status.parse::<u16>().ok());
            // A text is a page, too.
            let page = directive.args.len() > 1 && !matches!(status, Some(301 | 302 | 303 | 307 | 308));
            if directive.is("return") && !page {
                return Some((message!(view.language, "error-page-target-return", words = words(view, first)), first));
            }
        }
        if let Some(first) = denies_all(view, &there) {
            return Some((message!(view.language, "error-page-target-deny"), first));
        }
        // What failed is asked for the page that says so.
        let pass = there.handlers.last().copied()?;
        let directive = config.directive(id);
        let codes: Vec<&str> = directive.args.iter().map(|word| &*word.value).collect();
        let down = codes.iter().any(|code| matches!(*code, "502" | "504"));
        let passed = config.directive(pass);
        if !directive.is("error_page") || !down || !passed.name.value.ends_with("_pass") {
            return None;
        }
        // Only where every request of the server is handed on to the same place is it that one that has failed.
        let words = words(view, pass);
        if self.passes(config.server_of(id)?).iter().any(|other| *other != words) {
            return None;
        }
        let directive = &*passed.name.value;
        Some((message!(view.language, "error-page-target-failed", directive = directive, words = words), pass))
    }

    fn passes(&mut self, server: ServerId) -> &[String] {
        let view = self.view;
        self.passes.entry(server).or_insert_with(|| {
            let config = view.config;
            let blocks = config.locations_of(server).map(|location| config.location(LocationId(location)).entry);
            let children = blocks.flat_map(|block| &config.entry(block).children);
            let mut out: Vec<String> = Vec::new();
            for pass in children.filter(|child| config.directive(**child).name.value.ends_with("_pass")) {
                let words = words(view, *pass);
                if !out.contains(&words) {
                    out.push(words);
                }
                if out.len() > 1 {
                    break;
                }
            }
            out
        })
    }
}

fn words(view: View<'_>, id: EntryId) -> String {
    view.config.directive(id).args.iter().map(|word| &*word.value).collect::<Vec<_>>().join(" ")
}

fn denies_all(view: View<'_>, there: &Effective) -> Option<EntryId> {
    let first = there.setting("allow").first().copied()?;
    let directive = view.config.directive(first);
    let any = there.setting("satisfy").last().is_some_and(|id| view.config.directive(*id).arg(0) == Some("any"));
    (directive.is("deny") && directive.arg(0) == Some("all") && !any).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_server;

    fn said(server: &str) -> Vec<String> {
        in_server(check, server).into_iter().map(|finding| finding.message).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn kept_from_being_sent() {
        assert_eq!(
            said("error_page 403 /403.html; location / { deny all; }"),
            ["the error_page /403.html is not what is sent: `location /` takes that URI, and lets nobody in (`deny all`)"]
        );
        assert_eq!(said("error_page 403 /403.html; location / { deny all; } location = /403.html { }"), NONE);
        assert_eq!(said("error_page 403 /403.html; location / { allow 10.0.0.0/8; deny all; }"), NONE);
        assert_eq!(said("error_page 403 /403.html; deny all; satisfy any; location / { }"), NONE);
        assert_eq!(said("error_page 404 /404.html; location / { return 301 https://$host$request_uri; }").len(), 1);
        assert_eq!(said("error_page 404 /404; location / { return 404 text; }"), NONE);
        assert_eq!(said("error_page 404 /404; location /404 { return 302 /; }"), NONE);
        assert_eq!(said("error_page 404 @x; location @x { return 302 /; } location / { return 404; }"), NONE);
        assert_eq!(said("location / { try_files $uri /x/y; } location /x { deny all; }").len(), 1);
    }

    #[test]
    fn asked_of_what_has_failed() {
        assert_eq!(
            said("error_page 500 502 /50x.html; location / { proxy_pass http://x; }"),
            [
                "the error_page /50x.html is not what is sent: `location /` takes that URI, and asks for it where the request has failed: `proxy_pass http://x`"
            ]
        );
        assert_eq!(said("error_page 404 /404.html; location / { proxy_pass http://x; }"), NONE, "it may have the page");
        assert_eq!(said("error_page 502 /50x.html; location / { proxy_pass http://x; } location = /50x.html { }"), NONE);
        assert_eq!(
            said("location /a { error_page 502 /50x.html; proxy_pass http://a; } location / { proxy_pass http://x; }"),
            NONE,
            "another one"
        );
    }
}

//! `error-page-target`: the page of an `error_page` or the last resort of a `try_files` is a URI that a location answers in another way.

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::dead_location::name;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::effective::{Blocks, Effective, Site};
use crate::config::{EntryId, LocationId, Matcher};
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
        let mut told: FxHashSet<Place> = FxHashSet::default();
        for reference in view.references().all() {
            let file = reference.place.file;
            let (Kind::ErrorPage | Kind::TryFiles, Some(uri), Some(to)) = (reference.kind, reference.target.constant(), reference.to)
            else {
                continue;
            };
            // One for all of http has its page in each server, or not.
            let Some(id) = entry(view, reference.place) else { continue };
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
                && let Some((why, place)) = kept_back(view, &blocks, id, to)
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

/// The directive at a place.
fn entry(view: View<'_>, place: Place) -> Option<EntryId> {
    let names = ["error_page", "try_files"];
    names.iter().flat_map(|name| view.config.all(name)).copied().find(|id| view.config.place(*id) == place)
}

/// Why the location answers with something else, and where that is written.
fn kept_back(view: View<'_>, blocks: &Blocks<'_>, id: EntryId, to: LocationId) -> Option<(String, EntryId)> {
    let config = view.config;
    let there = blocks.effective(Site::Location(to));
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
    // Only where every request of the server is handed on to the same place is it that one that has failed.
    let server = config.server_of(id)?;
    let passes =
        config.locations.iter().filter(|location| location.server == server).flat_map(|location| &config.entry(location.entry).children);
    let own = passes
        .filter(|child| config.directive(**child).name.value.ends_with("_pass"))
        .all(|child| words(view, *child) == words(view, pass));
    let passed = config.directive(pass);
    if directive.is("error_page") && down && own && passed.name.value.ends_with("_pass") {
        let (directive, words) = (&*passed.name.value, words(view, pass));
        return Some((message!(view.language, "error-page-target-failed", directive = directive, words = words), pass));
    }
    None
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

//! `alias-mismatch`: an `alias` that does not fit its location's name: requests get out of the folder, or file names are glued together.

use std::cell::OnceCell;

use super::claims::is_unreliable;
use super::dead_location::name;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::message;
use crate::routing::trace::Lookup;
use crate::routing::trace::{Hop, Request, trace_with};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "alias-mismatch", summary: "an `alias` that does not fit its location's name", severity: Severity::Warning, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let aliases = view.config.all("alias");
        if aliases.is_empty() {
            continue;
        }
        let (blocks, lookup) = (Blocks::new(view.project, view.config), OnceCell::new());
        for id in aliases {
            let file = view.config.entry(*id).file;
            let Some(location) = view.config.entry(*id).parent.and_then(|parent| view.config.location_at(parent)) else { continue };
            if !is_unreliable(analysis, file) {
                out.extend(finding(view, &blocks, &lookup, *id, location));
            }
        }
    }
}

/// `ngx_http_map_uri_to_path`: the alias, and behind it the URI without the first bytes, as many as the location's name has.
fn finding(view: View<'_>, blocks: &Blocks<'_>, lookup: &OnceCell<Lookup>, id: EntryId, location: LocationId) -> Option<Finding> {
    let (config, language) = (view.config, view.language);
    let alias = config.directive(id).arg(0)?;
    let matcher = &config.location(location).matcher;
    let filled_in = ["{{", "{%", "<%", "@@"].iter().any(|mark| alias.contains(mark));
    if filled_in || matcher.is_template() || !blocks.effective(Site::Location(location)).serves_files(config) {
        return None;
    }
    let server = config.location(location).server;
    let this = name(config, location);
    let warn = |severity, message| Some(Finding::new(RULE.id, severity, Confidence::Likely, config.header(id), message));
    match matcher {
        Matcher::Prefix { path, .. } if !path.is_empty() && !path.ends_with('/') && alias.ends_with('/') => {
            let outside = format!("{path}../x");
            let reaches = view.router().locate(server, outside.as_bytes());
            // A name that only the application gives is not what a client sends.
            if reaches.location != Some(location) || reaches.internal {
                return None;
            }
            let file = format!("{alias}../x");
            if !is_answered_with(view, lookup, location, &outside, &file) {
                return None;
            }
            let finding = warn(RULE.severity, message!(language, "alias-mismatch-outside", alias = alias, uri = outside, location = this))?;
            let header = config.location(location).entry;
            let place = config.arg_place(header, config.directive(header).args.len().saturating_sub(1));
            let written = view.project.text(place.file).slice(place.span).into_owned();
            let finding = finding.related(config.header(header), message!(language, "alias-mismatch-replaces"));
            Some(match written == **path {
                true => finding.fix(Fix {
                    title: message!(language, "alias-mismatch-write-location", path = &**path),
                    safe: false,
                    action: FixAction::Edit(vec![(place, format!("{path}/"))]),
                }),
                false => finding,
            })
        }
        Matcher::Prefix { path, .. } if path.ends_with('/') && !alias.ends_with('/') && !alias.contains('$') => {
            if !is_answered_with(view, lookup, location, &format!("{path}x"), &format!("{alias}x")) {
                return None;
            }
            let finding = warn(RULE.severity, message!(language, "alias-mismatch-glued", path = &**path, alias = alias))?;
            let place = config.arg_place(id, 0);
            let written = view.project.text(place.file).slice(place.span).into_owned();
            Some(match written == alias {
                true => finding.fix(Fix {
                    title: message!(language, "write", what = format!("`{alias}/`")),
                    safe: false,
                    action: FixAction::Edit(vec![(place, format!("{alias}/"))]),
                }),
                false => finding,
            })
        }
        Matcher::Regex { .. } if !alias.contains('$') && !looks_further(config, location) => {
            let folder = alias.ends_with('/');
            let last = alias.rsplit('/').next().unwrap_or(alias);
            let message = message!(language, "alias-mismatch-captures", location = this, alias = alias);
            match (folder, last.contains('.')) {
                (true, _) => warn(RULE.severity, message),
                (false, false) => warn(Severity::Hint, message),
                (false, true) => None,
            }
        }
        _ => None,
    }
}

/// Is there a way for a request on which it gets that file? Rewrites, access rules and `try_files` come before. An alias with a variable is
/// taken at its word.
fn is_answered_with(view: View<'_>, lookup: &OnceCell<Lookup>, location: LocationId, target: &str, file: &str) -> bool {
    let server = view.config.location(location).server;
    let names = &view.config.server(server).names;
    let host = names.iter().map(|(name, _)| &**name).find(|name| name.starts_with(|first: char| first.is_ascii_alphanumeric()));
    let headers = vec![("Host".to_owned(), host.unwrap_or("localhost").as_bytes().to_vec())];
    let mut request = Request { server: Some(server), headers, ..Request::get(target) };
    if let Some(listen) = view.config.server(server).listens.iter().find(|listen| !listen.quic) {
        let tls = view.router().socket(&listen.address, listen.port).is_some_and(|socket| socket.tls);
        (request.address, request.port, request.tls) = (listen.address.clone(), listen.port, tls);
    }
    let gets = |hop: &Hop| hop.location == Some(location) && hop.file.as_ref().is_some_and(|path| path.display().ends_with(file));
    if file.contains('$') {
        return true;
    }
    let lookup = lookup.get_or_init(|| Lookup::build(view.config));
    let ways = trace_with(view.config, view.router(), lookup, &view.around(), &request).ways;
    ways.iter().any(|way| way.hops.last().is_some_and(gets))
}

/// Does the location itself say which URIs or files it is about?
fn looks_further(config: &Config, location: LocationId) -> bool {
    let block = config.location(location).entry;
    let children = config.entry(block).children.iter();
    children.into_iter().any(|id| matches!(&*config.directive(*id).name.value, "try_files" | "rewrite" | "if" | "return"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_server;

    fn said(server: &str) -> Vec<String> {
        in_server(check, server).into_iter().map(|finding| format!("{:?} {}", finding.severity, finding.message)).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn out_of_the_folder() {
        assert_eq!(
            said("location /i { alias /d/img/; }"),
            [
                "Warning requests get out of /d/img/: a request for /i../x is answered with the file /d/img/../x, because `location /i` has no slash at its end"
            ]
        );
        assert_eq!(said("listen 8080; location /i { alias /d/img/; }").len(), 1);
        assert_eq!(said("listen 8443 ssl; location /i { alias /d/img/; }").len(), 1);
        assert_eq!(said("listen unix:/s; location /i { alias /d/img/; }").len(), 1);
        assert_eq!(said("location /i/ { alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { alias /d/img; }"), NONE);
        assert_eq!(said("location = /i { alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { internal; alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { alias /d/img/; proxy_pass http://x; }"), NONE);
        assert_eq!(said("location /i { alias /d/img/; } location ~ \\.\\. { return 403; }"), NONE);
        assert_eq!(said("location /i { alias /d/img/; } location /i. { return 403; }"), NONE);
        assert_eq!(said("if ($uri ~ \"\\.\\.\") { return 403; } location /i { alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { if ($uri !~ ^/i/) { return 404; } alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { deny all; alias /d/img/; }"), NONE);
        assert_eq!(said("location /i { allow 10.0.0.0/8; deny all; alias /d/img/; }").len(), 1);
        assert_eq!(said("if ($http_x) { return 403; } location /i { alias /d/img/; }").len(), 1);
    }

    #[test]
    fn glued() {
        assert_eq!(
            said("location /j/ { alias /d/img; }"),
            [
                "Warning file names are glued to the alias: a request for /j/x is answered with the file /d/imgx, because `alias /d/img` has no slash at its end"
            ]
        );
        assert_eq!(said("location /j/ { alias /d/$host; }"), NONE);
        assert_eq!(said("location /j/ { alias /d/img; try_files /x.html =404; }"), NONE);
        assert_eq!(said("location /j/ { alias /d/img; rewrite ^ /x last; }"), NONE);
        assert_eq!(said("location /j/ { alias {{ folder }}; }"), NONE);
    }

    #[test]
    fn without_captures() {
        assert_eq!(said("location ~ ^/a { alias /srv/a/; }").len(), 1);
        assert!(said("location ~ ^/a { alias /srv/a; }").iter().all(|said| said.starts_with("Hint")));
        assert_eq!(said("location ~ ^/a { alias /srv/a/; try_files /a.txt =404; }"), NONE);
        assert_eq!(said("location ~ favicon { alias /srv/favicon.ico; }"), NONE);
        assert_eq!(said("location ~ ^/a/(.*) { alias /srv/a/$1; }"), NONE);
    }
}

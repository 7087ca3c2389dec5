//! `try-files-problem`: a `try_files` that does something else than it seems to.

use super::claims::is_unreliable;
use super::dead_location::name;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::config::effective::{Blocks, Site};
use crate::config::{EntryId, Matcher, ServerId};
use crate::message;
use crate::nginx::templates::has_mark;
use crate::project::paths::Mapped;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule =
    Rule { id: "try-files-problem", summary: "a `try_files` that does not do what it seems to", severity: Severity::Warning, check };

/// What a location for scripts is asked for, and nobody wants to send as text.
const SCRIPTS: [&str; 8] = [".php", ".phtml", ".py", ".pl", ".cgi", ".rb", ".jsp", ".lua"];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let all = view.config.all("try_files");
        if all.is_empty() {
            continue;
        }
        let blocks = Blocks::new(view.project, view.config);
        for id in all {
            let file = view.config.entry(*id).file;
            let Some(server) = view.config.server_of(*id) else { continue };
            if view.config.directive(*id).args.len() < 2 || is_unreliable(analysis, file) {
                continue;
            }
            let rule = TryFiles { view, blocks: &blocks, id: *id, server };
            out.extend(rule.last());
            out.extend(rule.scripts());
            out.extend(rule.present());
        }
    }
}

struct TryFiles<'a> {
    view: View<'a>,
    blocks: &'a Blocks<'a>,
    id: EntryId,
    server: ServerId,
}

impl TryFiles<'_> {
    fn args(&self) -> Vec<&str> {
        self.view.config.directive(self.id).args.iter().map(|word| &*word.value).collect()
    }

    fn find(&self, severity: Severity, at: usize, message: String) -> Finding {
        Finding::new(RULE.id, severity, Confidence::Likely, self.view.config.arg_place(self.id, at), message)
    }

    /// Where the directive holds.
    fn site(&self) -> Site {
        let location = self.view.config.entry(self.id).parent.and_then(|parent| self.view.config.location_at(parent));
        location.map_or(Site::Server(self.server), Site::Location)
    }

    /// The last argument becomes the URI of an internal redirect as it is written (`ngx_http_try_files_handler`).
    fn last(&self) -> Option<Finding> {
        let (config, language) = (self.view.config, self.view.language);
        let args = self.args();
        let at = args.len() - 1;
        let last = *args.last()?;
        if last.is_empty() || last.starts_with(['/', '@', '=', '$']) || has_mark(last) {
            return None;
        }
        let taker = self.view.router().locate(self.server, last.as_bytes()).location;
        let named = format!("@{last}");
        let status = last.len() == 3 && last.bytes().all(|byte| byte.is_ascii_digit());
        let meant = if status {
            format!("={last}")
        } else if self.view.router().named(self.server, &named).is_some() {
            named
        } else {
            format!("/{last}")
        };
        let goes = match taker {
            Some(taker) => message!(language, "try-files-problem-taker", location = name(config, taker)),
            None => message!(language, "try-files-problem-no-taker"),
        };
        // A regex that does not ask for the slash may be made for it.
        let severity = if taker.is_some() { Severity::Hint } else { RULE.severity };
        let finding = self.find(severity, at, message!(language, "try-files-problem-last", last = last, goes = goes, meant = &meant));
        let place = config.arg_place(self.id, at);
        Some(finding.fix(Fix {
            title: message!(language, "write", what = format!("`{meant}`")),
            safe: false,
            action: FixAction::Edit(vec![(place, meant)]),
        }))
    }

    /// What is found before the last argument is served by this very location: no other one is looked for.
    fn scripts(&self) -> Vec<Finding> {
        let (config, language) = (self.view.config, self.view.language);
        let args = self.args();
        let site = self.site();
        let candidates: Vec<(usize, &str)> =
            args.iter().copied().enumerate().take(args.len() - 1).filter(|(_, arg)| is_script(arg)).collect();
        if candidates.is_empty() || !self.blocks.effective(site).serves_files(config) {
            return Vec::new();
        }
        let prefix = match site {
            Site::Location(location) => match &config.location(location).matcher {
                Matcher::Exact(path) | Matcher::Prefix { path, .. } => path.to_string(),
                Matcher::Regex { .. } | Matcher::Named(_) => return Vec::new(),
            },
            Site::Server(_) => "/".to_owned(),
        };
        let mut out = Vec::new();
        for (at, arg) in candidates {
            let uri = match arg.strip_prefix("$uri").or_else(|| arg.strip_prefix("${uri}")) {
                Some(rest) => format!("{}/x{rest}", prefix.trim_end_matches('/')),
                None => arg.to_owned(),
            };
            if uri.contains('$') || has_mark(&uri) {
                continue;
            }
            let Some(taker) = self.view.router().locate(self.server, uri.as_bytes()).location else { continue };
            // Only where another location runs such files is it clear that nobody wants to read them.
            if Site::Location(taker) == site || self.blocks.effective(Site::Location(taker)).handlers.is_empty() {
                continue;
            }
            let taker_name = name(config, taker);
            let message = message!(language, "try-files-problem-source", file = arg, location = taker_name);
            out.push(
                self.find(Severity::Hint, at, message)
                    .related(config.header(config.location(taker).entry), message!(language, "try-files-problem-run-here")),
            );
        }
        out
    }

    /// Nothing is tried behind a file that exists.
    fn present(&self) -> Option<Finding> {
        let (config, language) = (self.view.config, self.view.language);
        let args = self.args();
        let block = config.entry(self.id).parent?;
        let alias = config.ancestors(block).any(|block| config.children(block, "alias").next().is_some());
        let root = config.directive(config.inherited(block, "root")?).arg(0)?;
        if alias || !root.starts_with('/') || root.contains('$') {
            return None;
        }
        let constant = |arg: &str| arg.starts_with('/') && !arg.ends_with('/') && !arg.contains('$') && !has_mark(arg);
        let (at, arg) = args.iter().copied().enumerate().take(args.len() - 1).find(|(_, arg)| constant(arg))?;
        let path = format!("{}{arg}", root.trim_end_matches('/'));
        let Mapped::Present { path: here, via } = self.view.paths().map(self.view.project, config.root, &path) else { return None };
        let never = args.get(at + 1..)?.join(" ");
        let shown = self.view.project.display(&here);
        let message = message!(language, "try-files-problem-never", file = arg, never = never, path = shown);
        Some(self.find(Severity::Hint, at, message).evidence(language, &via))
    }
}

fn is_script(arg: &str) -> bool {
    SCRIPTS.iter().any(|script| arg.ends_with(script))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_server;
    use crate::world::World;

    fn said(server: &str) -> Vec<String> {
        in_server(check, server).into_iter().map(|finding| format!("{:?} {}", finding.severity, finding.message)).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn a_last_resort_without_a_slash() {
        assert_eq!(
            said("location / { try_files $uri index.html; }"),
            [
                "Warning the last resort `index.html` becomes the URI, without a slash at its start: no location takes such a URI; is `/index.html` meant?"
            ]
        );
        assert!(said("location / { try_files $uri 404; }")[0].ends_with("is `=404` meant?"));
        assert!(said("location / { try_files $uri app; } location @app { }")[0].ends_with("is `@app` meant?"));
        assert!(said("location / { try_files $uri index.php; } location ~ \\.php$ { }")[0].starts_with("Hint"));
        for fine in ["/index.html", "@app", "=404", "$uri/", "$fallback", "{{ x }}"] {
            assert_eq!(said(&format!("location / {{ try_files $uri '{fine}'; }}")), NONE, "{fine}");
        }
    }

    #[test]
    fn scripts_as_text() {
        let php = "location ~ \\.php$ { fastcgi_pass x; }";
        assert_eq!(
            said(&format!("location / {{ try_files $uri /index.php =404; }} {php}")),
            [
                "Hint where the file `/index.php` exists, its source is sent as text: only the last argument of `try_files` gets to another location, such as `location ~ \\.php$`"
            ]
        );
        assert_eq!(said(&format!("location / {{ try_files $uri $uri.php =404; }} {php}")).len(), 1);
        assert_eq!(said(&format!("location / {{ try_files $uri /index.php; }} {php}")), NONE);
        assert_eq!(said(&format!("location / {{ try_files $uri $uri/ /index.php$is_args$args; }} {php}")), NONE);
        assert_eq!(said("location ~ \\.php$ { try_files $uri /index.php =404; fastcgi_pass x; }"), NONE, "it runs them itself");
        assert_eq!(said("location / { try_files $uri /index.php =404; }"), NONE, "nothing runs them");
    }

    #[test]
    fn behind_a_file_that_exists() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, text).expect("a file");
        };
        write(
            "nginx.conf",
            "events {} http { server { listen 80; root /site; location / { try_files $uri /here.html /app; } location /b { try_files $uri /gone.html /app; } } }",
        );
        write("site/here.html", "x");
        write(
            "compose.yaml",
            "services:\n  web:\n    image: nginx\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n      - ./site:/site:ro\n",
        );
        let mut out = Vec::new();
        check(&World::open(folder.path(), Vec::new()).analysis(), &mut out);
        let said: Vec<&str> = out.iter().map(|finding| &*finding.message).collect();
        assert_eq!(said, ["nothing behind `/here.html` is ever tried (/app), because that file exists: site/here.html"]);
    }
}

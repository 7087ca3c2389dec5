//! What a known product serves as it is set up here: its own options and configuration files are read.

use std::path::PathBuf;

use super::catalogue::{self, Closed, Product};
use super::routes::Routes;
use super::target::{Backend, Server};
use crate::project::compose::{MountSource, Service};
use crate::project::{Place, Project};
use crate::routing::language::UriSet;
use crate::text::Span;

/// What is known to be served.
#[derive(Debug, Clone)]
pub struct Known {
    /// `oauth2-proxy`, or the upstream's name for what the settings say.
    pub name: String,
    /// The routes.
    pub routes: Routes,
    /// What is certainly not served: everything beside the routes, as far as that is known. `None` where nothing is.
    pub absent: Option<UriSet>,
    /// Where that is written, and what it says.
    pub evidence: Vec<(Place, String)>,
    /// True when the source of the facts was read in part only.
    pub partly: bool,
}

impl Known {
    /// What a server of a target is known to serve; `None` when nothing is known.
    pub fn of(project: &Project, server: &Server) -> Option<Known> {
        let Backend::Service { name, image: Some(image), index, place } = &server.backend else { return None };
        let service = project.compose.get(index.0)?.services.get(index.1)?;
        let product = catalogue::find(image)?;
        let container = Container { project, service };
        let mut evidence = vec![(*place, format!("the service {name} runs {}", product.name))];
        let closed = match product.closed {
            Closed::No => return None,
            Closed::Condition if product.name == "oauth2-proxy" => {
                evidence.push(container.oauth2_proxy_forwards_nothing()?);
                true
            }
            Closed::Condition => {
                evidence.push(container.config_without(&product.unclear_words)?);
                true
            }
            Closed::Yes | Closed::Under => true,
        };
        let base = container.base(product)?;
        let routes = Routes::new(product.routes_on(server.port)?, &base);
        let listed = if product.first_segment { routes.first_segments() } else { routes.clone() };
        let absent = closed.then(|| listed.uris()).flatten().map(|uris| match product.closed {
            Closed::Under => {
                UriSet::union(product.closed_below.iter().map(|prefix| UriSet::prefix(format!("{base}{prefix}").as_bytes()))).minus(&uris)
            }
            _ => uris.complement(),
        });
        Some(Known { name: product.name.clone(), routes, absent, evidence, partly: product.partly })
    }

    /// What the settings say of an upstream, by its name or its address.
    pub fn of_settings(project: &Project, names: &[&str]) -> Option<Known> {
        let (name, settings) = project.settings.upstreams.iter().find(|(name, _)| names.contains(&name.as_str()))?;
        if settings.routes.is_empty() || settings.openapi.is_some() {
            return None;
        }
        let routes = Routes::new(&settings.routes, settings.base_path.as_deref().unwrap_or(""));
        let absent = settings.closed.unwrap_or(true).then(|| routes.uris()).flatten().map(|uris| uris.complement());
        let file = project.vfs.id(&project.workspace.join(crate::project::settings::Settings::FILE));
        let text = project.text(file);
        let text = text.to_str();
        let section = format!("upstreams.{name}");
        let at = text.find(&section).or_else(|| text.find(name.as_str()));
        let evidence = at.map(|at| {
            (
                Place { file, span: Span::new(at as u32, (at + section.len().min(text.len() - at)) as u32) },
                "these are its routes, by the settings".to_owned(),
            )
        });
        Some(Known { name: name.clone(), routes, absent, evidence: evidence.into_iter().collect(), partly: false })
    }
}

/// A service as its container sees it.
struct Container<'a> {
    project: &'a Project,
    service: &'a Service,
}

impl Container<'_> {
    /// What goes before every route. `None` when an option moves them in a way that is not followed, or a value is not known.
    fn base(&self, product: &Product) -> Option<String> {
        for option in &product.unclear_options {
            if self.option(option).is_some() {
                return None;
            }
        }
        if !product.unclear_words.is_empty() && product.closed != Closed::Condition {
            for (_, text) in self.configuration_files()? {
                if product.unclear_words.iter().any(|word| text.contains(word.as_str())) {
                    return None;
                }
            }
        }
        // A command that is a shell script, or has a variable in it, may say anything.
        let unresolved = self.service.command.iter().chain(&self.service.entrypoint).any(|word| word.value.is_none());
        if unresolved && !(product.prefix_options.is_empty() && product.unclear_options.is_empty()) {
            return None;
        }
        if self.service.unknown_environment
            && product.prefix_options.iter().chain(&product.unclear_options).any(|option| !option.starts_with('-'))
        {
            return None;
        }
        let mut base = String::new();
        for option in &product.prefix_options {
            if let Some(value) = self.option(option) {
                base = format!("/{}", value?.trim_matches('/'));
            }
        }
        Some(if base == "/" { String::new() } else { base })
    }

    /// The value of a command-line option (`--x=y`, `--x y`) or an environment variable. `None`: not set; `Some(None)`: set to
    /// something that is not known.
    fn option(&self, name: &str) -> Option<Option<String>> {
        if !name.starts_with('-') {
            return self.service.environment.iter().rev().find(|(variable, _)| variable == name).map(|(_, value)| value.value.clone());
        }
        let words: Vec<Option<&str>> =
            self.service.entrypoint.iter().chain(&self.service.command).map(|word| word.value.as_deref()).collect();
        words.iter().enumerate().rev().find_map(|(at, word)| {
            let word = (*word)?;
            if word == name {
                return Some(words.get(at + 1).copied().flatten().map(str::to_owned));
            }
            word.strip_prefix(name)?.strip_prefix('=').map(|value| Some(value.to_owned()))
        })
    }

    /// The file of the workspace that is at a path in the container.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let mounts = self.service.mounts.iter().filter_map(|mount| {
            let rest = path.strip_prefix(mount.target.trim_end_matches('/'))?;
            (rest.is_empty() || rest.starts_with('/')).then_some((mount, rest.trim_start_matches('/')))
        });
        let (mount, rest) = mounts.max_by_key(|(mount, _)| mount.target.len())?;
        let MountSource::Workspace(source, _) = &mount.source else { return None };
        Some(if rest.is_empty() { source.clone() } else { source.join(rest) })
    }

    /// The mounted files that may be configurations. `None` when something is mounted that can't be read.
    fn configuration_files(&self) -> Option<Vec<(Place, String)>> {
        let mut out = Vec::new();
        for mount in &self.service.mounts {
            match &mount.source {
                // A volume holds data; one over a folder of configurations could hold one.
                MountSource::Volume(_) if !(mount.target.contains("conf") || mount.target.contains("/etc")) => {}
                MountSource::Workspace(path, _) => {
                    let vfs = &self.project.vfs;
                    let paths =
                        if vfs.kind(path) == crate::project::vfs::Kind::Folder { vfs.list(path).to_vec() } else { vec![path.clone()] };
                    for path in paths {
                        let file = vfs.id(&path);
                        let text = vfs.read(file).ok()?;
                        out.push((Place { file, span: Span::at(0) }, text.to_str().into_owned()));
                    }
                }
                _ => return None,
            }
        }
        Some(out)
    }

    /// The product's configuration file is here and has none of the words.
    fn config_without(&self, words: &[String]) -> Option<(Place, String)> {
        let path = ["--config", "-c", "--config-file"].iter().find_map(|option| self.option(option))??;
        let file = self.project.vfs.id(&self.file(&path)?);
        let text = self.project.vfs.read(file).ok()?;
        let text = text.to_str();
        if words.iter().any(|word| text.contains(word.as_str())) {
            return None;
        }
        Some((Place { file, span: Span::at(0) }, format!("its configuration has no {}", words.join(", "))))
    }

    /// oauth2-proxy answers what is not its own with a 404 only when no upstream is set: by option, environment or file.
    fn oauth2_proxy_forwards_nothing(&self) -> Option<(Place, String)> {
        if self.service.unknown_environment || self.service.command.iter().chain(&self.service.entrypoint).any(|word| word.value.is_none())
        {
            return None;
        }
        let set = |name: &str| self.option(name).is_some();
        if set("--upstream") || set("--upstreams") || set("--alpha-config") || set("OAUTH2_PROXY_ALPHA_CONFIG") {
            return None;
        }
        if set("--proxy-prefix") || set("OAUTH2_PROXY_PROXY_PREFIX") {
            return None;
        }
        match self.option("OAUTH2_PROXY_UPSTREAMS") {
            Some(Some(value)) if value.is_empty() => {}
            Some(_) => return None,
            None => {}
        }
        let config = self.option("--config").or_else(|| self.option("OAUTH2_PROXY_CONFIG"));
        let Some(path) = config else {
            return Some((self.service.place, "no upstream is set: it forwards nothing".to_owned()));
        };
        let file = self.project.vfs.id(&self.file(&path?)?);
        let text = self.project.vfs.read(file).ok()?;
        let text = text.to_str();
        let table: toml::Table = text.parse().ok()?;
        if ["proxy_prefix", "ping_path", "ready_path"].iter().any(|key| table.contains_key(*key)) {
            return None;
        }
        match table.get("upstreams") {
            None => Some((Place { file, span: Span::at(0) }, "no `upstreams` is set: it forwards nothing".to_owned())),
            Some(toml::Value::Array(upstreams)) if upstreams.is_empty() => {
                let start = text.lines().scan(0, |at, line| {
                    let start = *at;
                    *at += line.len() + 1;
                    Some((start, line))
                });
                let at = start.into_iter().find(|(_, line)| line.trim_start().starts_with("upstreams"));
                let span = at.map_or(Span::at(0), |(start, line)| Span::new(start as u32, (start + line.trim_end().len()) as u32));
                Some((Place { file, span }, "`upstreams` is empty: it forwards nothing".to_owned()))
            }
            Some(_) => None,
        }
    }
}

//! From a directive's argument to a path on the server, and from there into the workspace.

use crate::config::{Config, EntryId};
use crate::nginx::files::{Argument, Base, FileDirective};
use crate::project::paths::Mapped;
use crate::project::{FileId, Project};
use crate::syntax::Directive;

/// What relative paths of one configuration start from.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// The folder of the main configuration on the server, when it is known.
    pub conf_folder: Option<String>,
    /// The prefix, when it is known.
    pub prefix: Option<String>,
}

impl Paths {
    /// What is known of a configuration's root.
    pub fn of(project: &Project, config: &Config) -> Paths {
        let Some(root) = project.roots.iter().find(|root| root.file == config.root) else { return Paths::default() };
        let conf_folder = root.server_path.as_deref().and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder.to_owned());
        Paths { conf_folder, prefix: root.prefix.clone() }
    }

    /// The absolute path on the server; `None` when what it is relative to is not known.
    pub fn absolute(&self, base: Base, value: &str) -> Option<String> {
        if value.starts_with('/') {
            return Some(value.to_owned());
        }
        let folder = match base {
            Base::ConfFolder | Base::JsPath => self.conf_folder.as_ref()?,
            Base::Prefix => self.prefix.as_ref()?,
            Base::WorkingFolder | Base::Other => return None,
        };
        Some(format!("{}/{value}", folder.trim_end_matches('/')))
    }

    /// What the path on the server is in the workspace; unknown when nothing says so.
    pub fn map(&self, project: &Project, root: FileId, server_path: &str) -> Mapped {
        // Certificates that certbot makes are on no repository's list.
        if server_path.starts_with("/etc/letsencrypt/") {
            return Mapped::Unknown { why: format!("{server_path} is made by certbot"), via: Vec::new() };
        }
        project
            .deployments
            .map(project, root, server_path)
            .unwrap_or_else(|| Mapped::Unknown { why: "nothing says what is on the server".to_owned(), via: Vec::new() })
    }
}

/// `http`, `stream`, `mail`, or empty outside of them.
pub fn protocol(config: &Config, id: EntryId) -> &'static str {
    let Some(outermost) = config.ancestors(id).last() else { return "" };
    match &*config.directive(outermost).name.value {
        "stream" => "stream",
        "mail" => "mail",
        "http" | "server" | "location" | "upstream" | "map" | "geo" => "http",
        // A snippet for inside a server or location has its directives at the top.
        _ if config.top.iter().any(|id| config.directive(*id).is("location") || config.directive(*id).is("server")) => "http",
        _ => "",
    }
}

/// The argument that is a path: its index and value.
pub fn argument<'a>(row: &FileDirective, directive: &'a Directive) -> Option<(usize, &'a str)> {
    let index = match row.argument {
        Argument::At(index) => index,
        Argument::Last => directive.args.len().checked_sub(1)?,
    };
    Some((index, directive.arg(index)?))
}

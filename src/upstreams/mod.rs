//! What a backend serves, and the URIs that nginx sends to it.

pub mod catalogue;
mod product;
pub mod routes;
mod sent;
mod target;

pub use product::Known;
pub use sent::{Sent, sent};
pub use target::{Backend, Server, Target};

use crate::config::{Config, EntryId};
use crate::project::Project;

/// Directives that hand a request to a server which can answer with a header of its own.
pub const PASSES: &[&str] = &["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

/// Where a `*_pass` leads to; `None` when a variable hides the host.
pub fn target(project: &Project, config: &Config, pass: EntryId) -> Option<Target> {
    target::resolve(project, config, pass)
}

/// Can what answers a `*_pass` send `X-Accel-Redirect`, and so name any location? Not where nginx is told to ignore the header, and
/// not where only this same nginx, or products of the catalogue, answer: none of these sends it (this nginx takes it off).
pub fn may_send_x_accel(project: &Project, config: &Config, pass: EntryId) -> bool {
    let directive = config.directive(pass);
    let Some(module) = directive.name.value.strip_suffix("_pass") else { return true };
    if module == "memcached" {
        return false;
    }
    if let Some(block) = config.entry(pass).parent {
        let ignored = config.inherited_all(block, &format!("{module}_ignore_headers"));
        if ignored.iter().any(|entry| config.directive(*entry).args.iter().any(|word| word.value.eq_ignore_ascii_case("X-Accel-Redirect")))
        {
            return false;
        }
    }
    let Some(target) = target(project, config, pass) else { return true };
    !target.servers.iter().all(|server| match &server.backend {
        Backend::SameNginx => true,
        Backend::Service { image: Some(image), .. } => catalogue::find(image).is_some(),
        _ => false,
    })
}

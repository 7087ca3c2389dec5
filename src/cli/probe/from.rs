//! The URIs to ask for that a configuration's locations send to a backend.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::client::Origin;
use super::wanted::Wanted;
use crate::cli::workspace::{self, Opened};
use crate::config::EntryId;
use crate::message;
use crate::messages::{Language, list};
use crate::routing::Witness;
use crate::upstreams::{Sent, Target};

/// How many backends are named to somebody who asked for one to which nothing is passed.
const NAMED: usize = 8;

/// The URIs of a configuration.
pub(super) struct Sends {
    /// For each location one that it sends, in the order of the configuration.
    pub(super) wanted: Vec<Wanted>,
    /// Of how many locations it can't be told what they send.
    pub(super) unclear: usize,
}

/// Reads a configuration. `named` is what it calls the backend; without that, each of the URLs is taken as it is.
pub(super) fn read(path: &Path, named: Option<&str>, origins: &[Origin], asked: Option<Language>) -> anyhow::Result<Sends> {
    let paths: [PathBuf; 1] = [path.to_owned()];
    let Opened { mut world, .. } = workspace::open(&paths, None, None, asked)?;
    let analysis = world.analysis();
    // The process ends soon: freeing every directive before that takes longer than the system takes for all of it.
    std::mem::forget(world);
    let mut out = Sends { wanted: Vec::new(), unclear: 0 };
    let mut others = Vec::new();
    for view in analysis.views() {
        for pass in (0..view.config.entries.len() as u32).map(EntryId) {
            let Some(target) = view.upstreams().target_of(pass).filter(|target| ["http", "https"].contains(&&*target.address.scheme))
            else {
                continue;
            };
            let of: Vec<Option<usize>> = match named {
                Some(name) => called(target, name).then_some(None).into_iter().collect(),
                None => (0..origins.len()).filter(|at| origins.get(*at).is_some_and(|origin| leads(target, origin))).map(Some).collect(),
            };
            if of.is_empty() {
                let name = target.address.authority();
                if !others.contains(&name) {
                    others.push(name);
                }
                continue;
            }
            let Some(uri) = view.upstreams().sent(view.project, view.config, pass).as_ref().and_then(example) else {
                out.unclear += 1;
                continue;
            };
            for of in of {
                let wanted = Wanted { method: None, uri: uri.clone(), of };
                if !out.wanted.contains(&wanted) {
                    out.wanted.push(wanted);
                }
            }
        }
    }
    if out.wanted.is_empty() {
        let language = analysis.language;
        let path = path.display().to_string();
        bail!(match (out.unclear, others.is_empty()) {
            (0, true) => message!(language, "cli-probe-from-nothing", path = path),
            (0, false) => message!(language, "cli-probe-from-others", path = path, names = list(language, &others, NAMED)),
            (count, _) => message!(language, "cli-probe-from-unclear", count = count),
        });
    }
    Ok(out)
}

/// True when the configuration calls a backend so: by its host, with its port or without, or by its upstream block.
fn called(target: &Target, name: &str) -> bool {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    is(&target.address.host)
        || is(&target.address.authority())
        || target.backends.iter().any(|backend| is(&backend.host) || is(&format!("{}:{}", backend.host, backend.port)))
}

/// True when it is passed to that very host and port.
fn leads(target: &Target, origin: &Origin) -> bool {
    origin.is(&target.address.host, target.address.port_or_default())
        || target.backends.iter().any(|backend| origin.is(&backend.host, backend.port))
}

/// One of the URIs that are sent: what they begin with, where that is one of them.
fn example(sent: &Sent) -> Option<String> {
    if sent.begin.starts_with('/') && sent.uris.contains(sent.begin.as_bytes()) {
        return Some(escaped(sent.begin.as_bytes()));
    }
    match sent.uris.quick_witness() {
        Witness::Found(uri) if uri.starts_with(b"/") => Some(escaped(&uri)),
        Witness::Found(_) | Witness::Empty | Witness::CantTell => None,
    }
}

/// A path as it stands in a request.
fn escaped(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()+,;=".contains(byte) => out.push(char::from(*byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_requests() {
        assert_eq!(escaped("/a b/é*?".as_bytes()), "/a%20b/%C3%A9%2A%3F");
        assert_eq!(escaped(b"/a/(1)"), "/a/(1)");
    }
}

//! What connects the nodes: moves inside of nginx, and what comes back to it from outside.

use super::nodes::Names;
use super::{Link, LinkKind};
use crate::upstreams::Answer;
use crate::world::View;

/// All of them, each once; `None` when it was stopped.
pub(super) fn of(view: View<'_>, names: &Names, stop: &dyn Fn() -> bool) -> Option<Vec<Link>> {
    let mut out: Vec<Link> = Vec::new();
    let mut told = rustc_hash::FxHashSet::default();
    let mut add = |from: &str, to: &str, kind: LinkKind, label: String| {
        if told.insert((from.to_owned(), to.to_owned(), label.clone())) {
            out.push(Link { from: from.to_owned(), to: to.to_owned(), kind, label });
        }
    };
    for reference in view.references().all() {
        if stop() {
            return None;
        }
        let Some(to) = reference.to.filter(|_| reference.kind.is_internal()) else { continue };
        let from = match reference.from {
            Some(location) => names.locations.get(&location),
            None => names.servers.get(&reference.server),
        };
        if let (Some(from), Some(to)) = (from, names.locations.get(&to)) {
            add(from, to, LinkKind::Internal, reference.kind.message().say(view.language));
        }
    }
    let mut passes: Vec<_> = names.passes.iter().collect();
    passes.sort();
    for (pass, from) in passes {
        if stop() {
            return None;
        }
        let Some(target) = view.upstreams().target_of(*pass) else { continue };
        let label = view.config.directive(*pass).name.value.to_string();
        for backend in &target.backends {
            // Whoever stands between answers some of them itself.
            let (servers, straight) = match &backend.answer {
                Answer::Here(servers) => (servers, true),
                Answer::Service(running) => (&running.returns, false),
                Answer::Unknown(_) => continue,
            };
            for server in servers {
                let sent = view.upstreams().sent(view.project, view.config, *pass).filter(|sent| sent.single && straight);
                let location = sent.and_then(|sent| {
                    let path = sent.begin.split('?').next().unwrap_or_default().to_owned();
                    view.router().locate(*server, path.as_bytes()).location
                });
                let to = location.and_then(|location| names.locations.get(&location)).or_else(|| names.servers.get(server));
                to.into_iter().for_each(|to| add(from, to, LinkKind::Back, label.clone()));
            }
        }
    }
    Some(out)
}

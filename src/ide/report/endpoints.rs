//! Every location as the report lists it.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Caller, Count, Endpoint, Example, Named, Reason, Requests, Speaks, TakesOver, read};
use crate::config::effective::Blocks;
use crate::config::{LocationId, ServerId};
use crate::ide::answer;
use crate::nginx::handlers;
use crate::project::Place;
use crate::project::paths::Mapped;
use crate::usage::callers::Kind;
use crate::usage::logs::Sight;
use crate::usage::takeover;
use crate::usage::verdict::{self, Usage, Verdict};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// One configuration, with what is needed to speak of it.
pub(super) struct Speaker<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) view: View<'a>,
    pub(super) blocks: Blocks<'a>,
    /// The files that the requests of a location need.
    needs: OnceCell<FxHashMap<LocationId, BTreeSet<String>>>,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(analysis: &'a Analysis, view: View<'a>) -> Speaker<'a> {
        Speaker { analysis, view, blocks: Blocks::new(view.project, view.config), needs: OnceCell::new() }
    }

    pub(super) fn context(&self) -> Context<'a> {
        let View { project, config, .. } = self.view;
        Context { project, config, logs: self.view.logs(), language: self.analysis.language }
    }

    /// File and line.
    pub(super) fn at(&self, place: Place) -> (String, u32) {
        (self.view.project.display_path(place.file), self.view.project.line(place))
    }

    pub(super) fn lines(&self, id: LocationId) -> (String, u32, u32) {
        let place = self.view.config.place(self.view.config.location(id).entry);
        let text = self.view.project.text(place.file);
        let last = place.span.end.saturating_sub(1).max(place.span.start);
        (self.view.project.display_path(place.file), text.line_of(place.span.start) + 1, text.line_of(last) + 1)
    }

    pub(super) fn named(&self, id: LocationId) -> Named {
        let (file, line, _) = self.lines(id);
        Named { file, line, location: self.view.config.location(id).matcher.display() }
    }

    fn named_site(&self, site: Option<LocationId>, server: ServerId) -> Named {
        match site {
            Some(id) => self.named(id),
            None => {
                let (file, line) = self.at(self.view.config.header(self.view.config.server(server).entry));
                Named { file, line, location: self.server(server) }
            }
        }
    }

    /// `gateway.example.com:80`
    pub(super) fn server(&self, id: ServerId) -> String {
        let name = self.view.config.display_server(id);
        name.strip_prefix("server ").map(str::to_owned).unwrap_or(name)
    }

    pub(super) fn endpoint(&self, usage: &Usage, group: Option<usize>) -> Endpoint {
        let id = usage.location;
        let location = self.view.config.location(id);
        let (file, line, end_line) = self.lines(id);
        Endpoint {
            file,
            line,
            end_line,
            server: self.server(location.server),
            location: location.matcher.display(),
            handler: self.handler(id),
            upstreams: self.upstreams(id),
            needs: self.needs(id),
            verdict: usage.verdict.id(),
            reasons: usage.reasons.iter().map(|reason| self.reason(reason)).collect(),
            hits: self.hits(id),
            callers: usage.reasons.iter().filter_map(|reason| self.caller(reason)).collect(),
            takes_over: self.takes_over(usage),
            twin: usage.twin.map(|twin| self.named(twin)),
            files: usage.files.iter().map(|file| self.view.project.display_path(*file)).collect(),
            group,
            safe: usage.safe,
        }
    }

    /// What answers, as it is written.
    pub(super) fn handler(&self, id: LocationId) -> String {
        let found = answer::of(&self.blocks, id);
        found.map_or_else(|| answer::DEFAULT.to_owned(), |entry| answer::written(self.view.config, entry))
    }

    fn upstreams(&self, id: LocationId) -> Vec<String> {
        let config = self.view.config;
        let children = &config.entry(config.location(id).entry).children;
        let conditions =
            children.iter().filter(|entry| config.directive(**entry).is("if")).flat_map(|entry| &config.entry(*entry).children);
        let mut out: Vec<String> = Vec::new();
        for entry in children.iter().chain(conditions).filter(|entry| handlers::passes(&config.directive(**entry).name.value)) {
            if let Some(target) = self.view.upstreams().target_of(*entry) {
                let name = match target.block {
                    Some(block) => config.directive(block).arg(0).unwrap_or_default().to_owned(),
                    None => target.address.authority(),
                };
                if !name.is_empty() && !out.contains(&name) {
                    out.push(name);
                }
            }
        }
        out
    }

    fn needs(&self, id: LocationId) -> Vec<String> {
        let needs = self.needs.get_or_init(|| {
            let mut out: FxHashMap<LocationId, BTreeSet<String>> = FxHashMap::default();
            for need in self.view.needs() {
                if let (Some(location), Mapped::Present { path, .. }) = (need.location, &need.mapped) {
                    out.entry(location).or_default().insert(self.view.project.display(path));
                }
            }
            out
        });
        needs.get(&id).into_iter().flatten().cloned().collect()
    }

    pub(super) fn reason(&self, reason: &verdict::Reason) -> Reason {
        let (text, place) = words::reason(reason, &self.context());
        let (kind, speaks) = kind(reason);
        let at = place.map(|place| self.at(place));
        Reason { kind, speaks, text, line: at.as_ref().map(|(_, line)| *line), file: at.map(|(file, _)| file) }
    }

    fn hits(&self, id: LocationId) -> Option<Requests> {
        let logs = self.view.logs()?;
        let hits = logs.locations.get(id.index())?;
        if hits.total + hits.perhaps + hits.passed + hits.relayed == 0 && logs.sights.get(id.index()) != Some(&Sight::Seen) {
            return None;
        }
        let class = |index: usize| if index == 0 { "none".to_owned() } else { format!("{index}xx") };
        let time = |seconds| read::time(logs, seconds);
        let method = |(name, count): &(Arc<str>, u64)| Count { name: name.to_string(), count: *count };
        Some(Requests {
            total: hits.total,
            used: hits.used(),
            statuses: (0..hits.classes.len())
                .map(|index| Count { name: class(index), count: hits.classes[index] })
                .filter(|count| count.count > 0)
                .collect(),
            not_found: hits.not_found,
            first: hits.first.and_then(time),
            last: hits.last.and_then(time),
            methods: hits.methods.iter().map(method).collect(),
            clients: hits.clients,
            bots: hits.agents.bots,
            scanners: hits.agents.scanners,
            checks: hits.agents.checks,
            perhaps: hits.perhaps,
            passed: hits.passed,
            relayed: hits.relayed,
            example: hits.example.as_ref().and_then(|example| {
                let file = read::path(self.analysis, &logs.sources.get(example.source)?.path);
                Some(Example { file, line: example.line, request: without_values(&example.request) })
            }),
        })
    }

    fn caller(&self, reason: &verdict::Reason) -> Option<Caller> {
        use verdict::Reason::{Called, PassedOn, Referred};
        let (place, kind, live) = match reason {
            Called { caller, live } => (caller.place, caller_kind(caller.kind).to_owned(), *live),
            Referred { place, kind, live, .. } => (*place, kind.name().to_owned(), *live),
            PassedOn { pass, live, .. } => {
                let name = self.view.config.directive(*pass).name.value.to_string();
                (self.view.config.header(*pass), name, *live)
            }
            _ => return None,
        };
        let (file, line) = self.at(place);
        Some(Caller { file, line, kind, live })
    }

    /// What happens without it, where somebody may take it out.
    fn takes_over(&self, usage: &Usage) -> Option<TakesOver> {
        if !matches!(usage.verdict, Verdict::ProbablyUnused | Verdict::ToCheck) {
            return None;
        }
        let takeover = takeover::of(&self.blocks, self.view.router(), usage.location);
        let text = takeover::sentence(&self.blocks, &takeover)?.say(self.analysis.language);
        let server = self.view.config.location(usage.location).server;
        let locations = usage.takers.iter().map(|site| self.named_site(*site, server)).collect();
        Some(TakesOver { text, locations })
    }
}

/// A logged request with the values of its query left out: a report is handed on, and they may be secrets (`code=`, `token=`). What has no
/// `=` is a value itself.
fn without_values(request: &str) -> String {
    let Some((before, rest)) = request.split_once('?') else { return request.to_owned() };
    let (query, protocol) = match rest.rfind(" HTTP/") {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let part = |part: &str| match part.split_once('=') {
        Some((name, value)) if !value.is_empty() => format!("{name}=…"),
        None if !part.is_empty() => "…".to_owned(),
        _ => part.to_owned(),
    };
    let query: Vec<String> = query.split('&').map(part).collect();
    format!("{before}?{}{protocol}", query.join("&"))
}

/// A reason's name for programs, and what it speaks for.
fn kind(reason: &verdict::Reason) -> (&'static str, Speaks) {
    use Speaks::{AgainstUse, ForUse, Unclear};
    use verdict::Reason;
    // What nobody uses makes nothing used.
    let by = |live: &Option<bool>| if *live == Some(false) { AgainstUse } else { ForUse };
    match reason {
        Reason::Kept { expired: false, .. } => ("kept", ForUse),
        Reason::Kept { expired: true, .. } => ("kept-expired", Unclear),
        Reason::Hits(_) => ("hits", ForUse),
        Reason::OnlyNotFound(_) => ("only-not-found", AgainstUse),
        Reason::OnlyMachines(_) => ("only-machines", AgainstUse),
        Reason::PerhapsHits(_) => ("perhaps-hits", Unclear),
        Reason::Passed(_) => ("passed", ForUse),
        Reason::Relayed(_) => ("relayed", ForUse),
        Reason::NoHits => ("no-hits", AgainstUse),
        Reason::NoHitsSoFar => ("no-hits-so-far", AgainstUse),
        Reason::NotLogged(_) => ("not-logged", Unclear),
        Reason::PartlyLogged(_) => ("partly-logged", Unclear),
        Reason::MovedOn(_) => ("moved-on", Unclear),
        Reason::Blind(..) => ("blind", Unclear),
        Reason::NoLogs => ("no-logs", Unclear),
        Reason::OtherLogs => ("other-logs", Unclear),
        Reason::Called { live, .. } => ("called", by(live)),
        Reason::Referred { live, .. } => ("referred", by(live)),
        Reason::PassedOn { live, .. } => ("passed-on", by(live)),
        Reason::NoCaller => ("no-caller", AgainstUse),
        Reason::Denies => ("denies", ForUse),
        Reason::Guard { .. } => ("guard", ForUse),
        Reason::Convention => ("convention", ForUse),
        Reason::Fallback => ("fallback", ForUse),
        Reason::HasUsedInside(_) => ("used-inside", ForUse),
        Reason::Computed(_) | Reason::ComputedMore(_) => ("computed", Unclear),
        Reason::Dead => ("dead", AgainstUse),
        Reason::SilentServer => ("silent-server", Unclear),
        Reason::Broken(_) => ("broken", AgainstUse),
    }
}

/// A caller's name for programs.
fn caller_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::HealthCheck => "health-check",
        Kind::Probe => "probe",
        Kind::Scrape => "scrape",
        Kind::Command => "command",
        Kind::Fetch => "fetch",
        Kind::Form => "form",
        Kind::Link => "link",
        Kind::Resource => "resource",
        Kind::Lua => "lua",
        Kind::Code => "code",
        Kind::Script => "script",
        Kind::Test => "test",
        Kind::Collection => "collection",
        Kind::Ssi => "ssi",
        Kind::OpenApi => "openapi",
        Kind::Documentation => "documentation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_shown_without_what_may_be_secret() {
        assert_eq!(without_values("GET /a?code=s3cret&x=&state=y HTTP/1.1"), "GET /a?code=…&x=&state=… HTTP/1.1");
        assert_eq!(without_values("GET /a?s3cret HTTP/1.1"), "GET /a?… HTTP/1.1");
        assert_eq!(without_values("GET /a?t=a=b?c d HTTP/1.1"), "GET /a?t=… HTTP/1.1");
        assert_eq!(without_values("GET /long?token=cut-at-200-charac"), "GET /long?token=…");
        assert_eq!(without_values("GET /a? HTTP/1.1"), "GET /a? HTTP/1.1");
        assert_eq!(without_values("GET /a HTTP/1.1"), "GET /a HTTP/1.1");
    }
}

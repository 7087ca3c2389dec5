//! A trace for programs. The schema is written down in docs/output.md; [`VERSION`] changes when a field changes its meaning or goes.

use serde_json::{Value, json};

use super::Answer;
use crate::project::Place;
use crate::routing::trace::{Condition, Hop, Request, Step, StepKind, Way};

/// Version of the schema.
pub const VERSION: u32 = 1;

impl Answer<'_> {
    /// The whole trace as one object; paths are relative to the workspace.
    pub fn json(&self) -> Value {
        let first = self.trace.ways.first();
        let ways = |way: &Way| json!({ "conditions": self.conditions(way), "hops": self.hops(way) });
        json!({
            "version": VERSION,
            "request": request(&self.request, &self.url),
            "notes": self.notes,
            "answer": self.line(),
            "hops": first.map(|way| self.hops(way)).unwrap_or_default(),
            "conditions": first.map(|way| self.conditions(way)).unwrap_or_default(),
            "branches": self.trace.ways.iter().skip(1).map(ways).collect::<Vec<_>>(),
            "gave_up": self.trace.gave_up,
        })
    }

    fn hops(&self, way: &Way) -> Vec<Value> {
        way.hops.iter().map(|hop| self.hop(hop)).collect()
    }

    fn conditions(&self, way: &Way) -> Vec<Value> {
        let one = |condition: &Condition| {
            let (file, line) = self.file_line(condition.place);
            let text = condition.text.say(self.view.language);
            json!({ "text": text, "file": file, "line": line, "hop": condition.hop, "step": condition.step })
        };
        way.conditions.iter().map(one).collect()
    }

    fn hop(&self, hop: &Hop) -> Value {
        let config = self.teller().config;
        let block = |place: Place, name: String| {
            let (file, line) = self.file_line(Some(place));
            json!({ "file": file, "line": line, "name": name })
        };
        let server = hop.server.map(|id| {
            let name = config.display_server(id);
            block(config.header(config.server(id).entry), name.strip_prefix("server ").unwrap_or(&name).to_owned())
        });
        let location = hop.location.map(|id| block(config.header(config.location(id).entry), config.location(id).matcher.display()));
        json!({
            "method": hop.method,
            "target": hop.target.display(),
            "host": hop.host.display(),
            "server": server,
            "location": location,
            "answer": self.teller().answer(hop),
            "handler": hop.handler.as_ref().map(|handler| &handler.name),
            "upstream": hop.upstream.as_ref().map(|text| text.display()),
            "upstream_uri": hop.upstream_uri.as_ref().map(|text| text.display()),
            "status": hop.status,
            "redirect": hop.redirect.as_ref().map(|text| text.display()),
            "file_served": hop.file.as_ref().map(|text| text.display()),
            "uri": hop.uri.display(),
            "args": hop.args.display(),
            "steps": hop.steps.iter().map(|step| self.step(hop, step)).collect::<Vec<_>>(),
        })
    }

    fn step(&self, hop: &Hop, step: &Step) -> Value {
        let (file, line) = self.file_line(step.place);
        let mut value =
            json!({ "file": file, "line": line, "kind": kind(&step.kind), "text": self.teller().step(hop, step).line(self.view.language) });
        if let StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } = &step.kind {
            value["hop"] = self.hop(hop);
        }
        value
    }

    fn file_line(&self, place: Option<Place>) -> (Option<String>, Option<u32>) {
        let project = self.view.project;
        match place {
            Some(place) => (Some(project.display_path(place.file)), Some(project.line(place))),
            None => (None, None),
        }
    }
}

fn request(request: &Request, url: &str) -> Value {
    let header = |(name, value): &(String, Vec<u8>)| json!({ "name": name, "value": String::from_utf8_lossy(value) });
    json!({
        "url": url,
        "method": request.method,
        "target": String::from_utf8_lossy(&request.target),
        "address": request.address,
        "port": request.port,
        "tls": request.tls,
        "headers": request.headers.iter().map(header).collect::<Vec<_>>(),
        "client": request.client.map(|client| client.to_string()),
    })
}

/// The name of a kind of step in JSON: stable.
fn kind(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Socket { .. } => "socket",
        StepKind::NoSocket { .. } => "no-socket",
        StepKind::HandshakeRejected => "handshake-rejected",
        StepKind::BadRequest { .. } => "bad-request",
        StepKind::Server { .. } => "server",
        StepKind::HeaderIgnored { .. } => "header-ignored",
        StepKind::Normalized { .. } => "normalized",
        StepKind::Location { .. } => "location",
        StepKind::LocationUnknown { .. } => "location-unknown",
        StepKind::Internal => "internal",
        StepKind::AutoRedirect { .. } => "auto-redirect",
        StepKind::LimitExcept { .. } => "limit-except",
        StepKind::Set { .. } => "set",
        StepKind::If { .. } => "if",
        StepKind::Rewrite { .. } => "rewrite",
        StepKind::Break => "break",
        StepKind::Return { .. } => "return",
        StepKind::Again { .. } => "again",
        StepKind::TooManyChanges => "too-many-changes",
        StepKind::Access { .. } => "access",
        StepKind::Credentials { .. } => "credentials",
        StepKind::Limit { .. } => "limit",
        StepKind::AuthRequest { .. } => "auth-request",
        StepKind::Mirror { .. } => "mirror",
        StepKind::Code { .. } => "code",
        StepKind::TryFile { .. } => "try-file",
        StepKind::TryFallback { .. } => "try-fallback",
        StepKind::Index { .. } => "index",
        StepKind::ErrorPage { .. } => "error-page",
        StepKind::InternalRedirect { .. } => "internal-redirect",
        StepKind::Named { .. } => "named",
        StepKind::Path { .. } => "path",
        StepKind::Handler { .. } => "handler",
        StepKind::Pass { .. } => "pass",
        StepKind::Lands { .. } => "lands",
        StepKind::Loop { .. } => "loop",
        StepKind::Status { .. } => "status",
        StepKind::GaveUp { .. } => "gave-up",
    }
}

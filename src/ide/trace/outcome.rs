//! What comes of a hop, in one line.

use super::describe::{Teller, sent, socket};
use crate::message;
use crate::nginx::handlers::passes;
use crate::routing::trace::{FileKind, Handler, Hop, StepKind};

impl Teller<'_> {
    /// A hop's end in one line: `location /v1/: proxy_pass http://litellm → GET /v1/models`.
    pub fn outcome(&self, hop: &Hop) -> String {
        let place = match (hop.location, hop.server) {
            (Some(location), _) => Some(self.config.display_location(location)),
            (None, Some(server)) => Some(self.config.say_server(self.language, server)),
            (None, None) => None,
        };
        let answer = self.answer(hop);
        match place {
            Some(place) if answer.is_empty() => place,
            Some(place) => message!(self.language, "step-outcome", place = place, answer = answer),
            None => answer,
        }
    }

    /// What the client or the backend gets from a hop; empty when the handler alone knows and has no name.
    pub fn answer(&self, hop: &Hop) -> String {
        let language = self.language;
        let by = |handler: &Handler| self.answered_by(&handler.name, handler.entry.map(|entry| self.config.header(entry)));
        if let Some(to) = &hop.redirect {
            return message!(language, "step-redirect-to", status = hop.status.unwrap_or(302), to = to.display());
        }
        // After a backend's failure an `error_page` may have another handler answer.
        if let (Some(handler), Some(uri)) = (&hop.handler, &hop.upstream_uri)
            && passes(&handler.name)
        {
            let method = hop.steps.iter().rev().find_map(|step| match &step.kind {
                StepKind::Pass { method, .. } => Some(method),
                _ => None,
            });
            let passed = format!("{} → {}", by(handler), sent(&handler.name, method.unwrap_or(&hop.method), uri));
            // What nginx itself makes of it.
            return match hop.steps.last().map(|step| &step.kind) {
                Some(StepKind::Status { status, why }) => {
                    message!(language, "step-passed-but", passed = passed, status = *status, why = why.say(language))
                }
                _ => passed,
            };
        }
        if let (Some(file), Some("static")) = (&hop.file, hop.handler.as_ref().map(|handler| handler.name.as_str())) {
            let file = file.display();
            let found = hop.steps.iter().rev().find_map(|step| match &step.kind {
                StepKind::Path { found, .. } => Some(*found),
                _ => None,
            });
            return match (hop.status, found) {
                (Some(status), Some(FileKind::Absent)) => message!(language, "step-file-missing", status = status, file = file),
                (Some(200), _) => message!(language, "step-the-file", file = file),
                (Some(status), Some(FileKind::Unknown)) => {
                    message!(language, "step-status-file-if", status = status, file = file)
                }
                (Some(status), _) => message!(language, "step-status-file", status = status, file = file),
                (None, _) => message!(language, "step-file-if", file = file),
            };
        }
        let status = hop.status.map(|status| status.to_string());
        let and = |status: String, what: String| message!(language, "step-status-and", status = status, what = what);
        match (&hop.handler, status) {
            (Some(handler), _) if handler.name == "return" => by(handler),
            (Some(handler), Some(status)) => and(status, by(handler)),
            (Some(handler), None) => by(handler),
            (None, Some(status)) => match hop.steps.last().map(|step| &step.kind) {
                Some(StepKind::Access { .. }) => and(status, message!(language, "step-denied")),
                Some(StepKind::Internal) => and(status, message!(language, "step-is-internal")),
                Some(StepKind::BadRequest { refused: Some(refused) }) => and(status, self.refused(*refused)),
                Some(StepKind::BadRequest { refused: None }) => and(status, message!(language, "step-invalid-host")),
                Some(StepKind::TooManyChanges) => and(status, message!(language, "step-in-circle")),
                Some(StepKind::Status { why, .. }) => and(status, why.say(language)),
                _ => status,
            },
            (None, None) => match hop.steps.last().map(|step| &step.kind) {
                Some(StepKind::GaveUp { why }) => message!(language, "step-and-then", why = why.say(language)),
                Some(StepKind::NoSocket { address, port }) => {
                    message!(language, "step-nothing-listens", address = socket(address, *port))
                }
                Some(StepKind::HandshakeRejected) => message!(language, "step-handshake"),
                _ => String::new(),
            },
        }
    }
}

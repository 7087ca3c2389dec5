//! Which location serves a URL: from what a person types to an answer with every step that leads to it.

mod ask;
mod describe;
mod json;
pub mod lines;
mod outcome;

pub use ask::{Chosen, Question, choose};
pub use describe::{Sentence, Teller};
pub use lines::{Line, Page, Piece, Tone};

use crate::message;
use crate::project::{FileId, Place};
use crate::routing::trace::{Request, Trace};
use crate::world::View;

/// A trace with the question that it answers.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The configuration.
    pub view: View<'a>,
    /// The request that was traced.
    pub request: Request,
    /// Its URL.
    pub url: String,
    /// What was taken for granted.
    pub notes: Vec<String>,
    /// What becomes of it.
    pub trace: Trace,
}

/// Traces a question through the configuration that [`choose`] chose. The error says in words for a person why that can't be done.
pub fn answer<'a>(chosen: Chosen<'a>, question: &Question) -> Result<Answer<'a>, String> {
    let view = chosen.view;
    let (request, mut notes) = ask::request(view, question)?;
    if chosen.others > 0 {
        let name = view.project.display_path(view.config.root);
        notes.push(message!(view.language, "page-other-configurations", count = chosen.others, name = name));
    }
    let trace = view.trace(&request);
    let url = url_of(&request);
    Ok(Answer { view, request, url, notes, trace })
}

/// The URL that a request is of, with the `Host` that is sent.
fn url_of(request: &Request) -> String {
    let target = String::from_utf8_lossy(&request.target);
    if !target.starts_with('/') {
        return target.into_owned();
    }
    let host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
    format!("{}://{host}{target}", if request.tls { "https" } else { "http" })
}

impl<'a> Answer<'a> {
    /// Tells its steps.
    pub fn teller(&self) -> Teller<'a> {
        Teller { project: self.view.project, config: self.view.config, language: self.view.language }
    }

    /// The page that a person reads; `name` says how a file is called.
    pub fn lines(&self, name: &dyn Fn(FileId) -> String) -> Vec<Line> {
        let title = format!("{} {}", self.request.method, self.url);
        Page::new(self.teller(), &title, &self.notes, &self.trace, name).lines()
    }

    /// The answer in one line: where each hop ends.
    pub fn line(&self) -> String {
        let teller = self.teller();
        let hops = self.trace.ways.first().map(|way| way.hops.as_slice()).unwrap_or_default();
        let mut line = hops.iter().map(|hop| teller.outcome(hop)).collect::<Vec<_>>().join(" → ");
        if self.trace.ways.len() > 1 {
            line = message!(self.view.language, "page-depends", answer = line);
        }
        line
    }

    /// The block to show: the location that takes the request first, else its server.
    pub fn place(&self) -> Option<Place> {
        let hop = self.trace.ways.first()?.hops.first()?;
        let config = self.view.config;
        let entry = match (hop.location, hop.server) {
            (Some(location), _) => config.location(location).entry,
            (None, server) => config.server(server?).entry,
        };
        Some(config.header(entry))
    }
}

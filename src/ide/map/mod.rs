//! The map of one configuration as a tree, for an editor to show: servers, their locations, who answers behind those, and the routes that their
//! requests get to, each with its place; and what connects them besides. Plain data in the reader's language.
//!
//! What is said of a location is what [`lens`](super::lens) and the findings say of it, and of a backend what [`routes`](super::routes) has.

mod links;
mod nodes;

use serde::Serialize;

use super::shallow::{Nested, shallow};
use crate::message;
use crate::project::{Place, RootKind};
use crate::rules::Finding;
use crate::world::{Analysis, View};

/// Version of the schema.
pub const VERSION: u32 = 1;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// The file where the configuration starts, as it is shown.
    pub configuration: String,
    /// The servers, in reading order.
    pub nodes: Vec<Node>,
    /// What connects nodes beside being in one another.
    pub links: Vec<Link>,
    /// What is missing, and why.
    pub note: Option<String>,
}

/// A part of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Names it in this map, and in the next one whatever was edited elsewhere: it is made of names, not of places.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// A few words: a server's name, a location as it is written, `GET /users`.
    pub label: String,
    /// A few more: what answers.
    pub detail: String,
    /// Where it is written.
    pub place: Option<Place>,
    /// How many requests logs show; `None` where none that was read tells.
    pub hits: Option<u64>,
    /// Is it used? `None` where nothing can be said.
    pub verdict: Option<Mark>,
    /// Everything that speaks for and against it, a sentence each.
    pub why: Vec<String>,
    /// What is in it, or behind it.
    pub children: Vec<Node>,
}

impl Nested for Node {
    fn children(&mut self) -> &mut Vec<Node> {
        &mut self.children
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A `server`.
    Server,
    /// A `location`.
    Location,
    /// Where a location passes requests on to.
    Upstream,
    /// What an application does with some of them.
    Route,
}

/// What is said of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Logs show it, or something that runs needs it.
    InUse,
    /// A log that can tell shows no request, and nothing that is in use refers to it.
    ProbablyUnused,
    /// The evidence points both ways.
    ToCheck,
    /// No request reaches it, as is proven.
    Dead,
}

/// A connection between nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The id of the node that sends requests.
    pub from: String,
    /// The id of the one that gets them.
    pub to: String,
    /// On which way.
    pub kind: LinkKind,
    /// The directive that does it.
    pub label: String,
}

/// How requests get from one node to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// Inside of nginx, by `error_page`, `try_files`, `rewrite` and the like.
    Internal,
    /// Passed on to this same nginx.
    Back,
}

/// The map of a configuration; `findings` are those of the whole analysis. `None` when `stop` says that nobody waits for it any more.
pub fn of(analysis: &Analysis, view: View<'_>, findings: &[&Finding], stop: &dyn Fn() -> bool) -> Option<Map> {
    let mut builder = nodes::Builder::new(analysis, view, findings, stop);
    let nodes = shallow(builder.servers()?);
    let links = links::of(view, &builder.names, stop)?;
    let mut notes = Vec::new();
    match view.logs() {
        None => notes.push(message!(analysis.language, "map-note-no-logs")),
        Some(logs) if logs.window.is_none() && logs.servers.iter().all(|hits| hits.total == 0) => {
            notes.push(message!(analysis.language, "map-note-no-requests"));
        }
        Some(_) => {}
    }
    if analysis.waits_for_sources() {
        notes.push(message!(analysis.language, "map-note-sources"));
    }
    if builder.left_out > 0 {
        notes.push(message!(analysis.language, "map-note-cut", count = builder.left_out));
    }
    let note = (!notes.is_empty()).then(|| notes.join("\n"));
    Some(Map { configuration: view.project.display_path(view.config.root), nodes, links, note })
}

/// The configuration to show to somebody who looks at no file of one: the first whole one, else the first.
pub fn usual(analysis: &Analysis) -> Option<View<'_>> {
    let whole = |view: &View<'_>| view.root.kind == RootKind::Main;
    analysis.views().find(whole).or_else(|| analysis.views().find(|view| !view.config.servers.is_empty()))
}

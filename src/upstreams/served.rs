//! What a backend serves, from whatever source that is known.

use super::catalogue::Knowledge;
use super::routes::Route;
use crate::messages::Message;
use crate::project::paths::Evidence;
use crate::routing::UriSet;

/// What a backend serves.
#[derive(Debug, Clone)]
pub struct Served {
    /// Its routes.
    pub routes: Vec<Route>,
    /// Where a URI that is in none of them is missing.
    pub scope: Scope,
    /// How well the routes are known.
    pub knowledge: Knowledge,
    /// What was read to know it, with what it says.
    pub evidence: Vec<Evidence>,
    /// Why nothing is passed on: `upstreams = []`; `None` for what never passes anything on.
    pub forwards_nothing: Option<Message>,
    /// The URLs that it passes requests on to, as they are written: `upstreams = ["http://nginx:8081/"]`.
    pub forwards_to: Vec<String>,
    /// What would make it false.
    pub provided: Option<Message>,
}

/// Where a URI that is no route is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// Below these prefixes.
    Below(Vec<String>),
    /// Nowhere is that known, because of this.
    Open(Message),
}

impl Served {
    /// Routes that are not known to be all.
    pub(super) fn open(why: Message) -> Served {
        Served {
            routes: Vec::new(),
            scope: Scope::Open(why),
            knowledge: Knowledge::Whole,
            evidence: Vec::new(),
            forwards_nothing: None,
            forwards_to: Vec::new(),
            provided: None,
        }
    }

    /// True when it serves none of these URIs; `None` when that can't be told.
    pub fn lacks_all(&self, uris: &UriSet) -> Option<bool> {
        match &self.scope {
            Scope::Open(_) => return None,
            Scope::Everywhere => {}
            Scope::Below(prefixes) => {
                let below = UriSet::union(prefixes.iter().map(|prefix| UriSet::prefix(prefix.as_bytes())));
                if !uris.is_subset_of(&below)? {
                    return None;
                }
            }
        }
        // One after the other: what all of them take together is a large automaton, and one that is served is enough.
        for route in &self.routes {
            if uris.intersects(&route.uris()?)? {
                return Some(false);
            }
        }
        Some(true)
    }
}

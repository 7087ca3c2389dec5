//! In which server and location each entry is.

use super::{EntryId, LocationId, ServerId};

/// Of each entry, the server and the innermost location whose block it is or is in.
#[derive(Debug, Clone, Default)]
pub(super) struct Within(Vec<(u32, u32)>);

/// No server or location has this number: there are fewer entries.
const NONE: u32 = u32::MAX;

impl Within {
    pub(super) fn with_capacity(entries: usize) -> Within {
        Within(Vec::with_capacity(entries))
    }

    /// Notes it of the next entry.
    pub(super) fn push(&mut self, server: Option<ServerId>, location: Option<LocationId>) {
        self.0.push(numbers(server, location));
    }

    /// Notes it of an entry that turned out to be a block of its own.
    pub(super) fn set(&mut self, id: EntryId, server: Option<ServerId>, location: Option<LocationId>) {
        if let Some(slot) = self.0.get_mut(id.index()) {
            *slot = numbers(server, location);
        }
    }

    #[inline]
    pub(super) fn server(&self, id: EntryId) -> Option<ServerId> {
        self.0.get(id.index()).map(|(server, _)| ServerId(*server)).filter(|server| server.0 != NONE)
    }

    #[inline]
    pub(super) fn location(&self, id: EntryId) -> Option<LocationId> {
        self.0.get(id.index()).map(|(_, location)| LocationId(*location)).filter(|location| location.0 != NONE)
    }
}

fn numbers(server: Option<ServerId>, location: Option<LocationId>) -> (u32, u32) {
    (server.map_or(NONE, |server| server.0), location.map_or(NONE, |location| location.0))
}

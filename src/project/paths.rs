//! From a path on the server to a path in the workspace.

use std::path::PathBuf;

use super::Place;

/// What became of a server path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// It is here.
    Present {
        /// In the workspace.
        path: PathBuf,
        /// What led there.
        via: Vec<Evidence>,
    },
    /// It should be here and is not.
    Missing {
        /// Where it should be.
        path: PathBuf,
        /// What led there.
        via: Vec<Evidence>,
        /// A file beside it with nearly that name.
        near: Option<PathBuf>,
    },
    /// The workspace can't tell.
    Unknown {
        /// Why: `/var/www/acme is a named volume`.
        why: String,
        /// What led to that.
        via: Vec<Evidence>,
    },
}

/// One step of a mapping: `./lua is mounted at /usr/…/custom`, at a line of the compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where it is written; `None` for what an official image brings along.
    pub place: Option<Place>,
    /// What it says.
    pub message: String,
}

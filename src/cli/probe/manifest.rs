//! What `probe` writes, and `openapi = "FILE"` under `[upstreams.NAME]` reads (docs/output.md).

use std::path::Path;

use serde::{Deserialize, Serialize};
use ureq::http::Uri;

use super::client::shown;
use crate::messages::printable::escaped;
use crate::store;
use crate::upstreams::Route;

/// What marks a manifest.
const KIND: &str = "routes";

/// The answers of one backend.
#[derive(Debug, Serialize)]
pub(super) struct Manifest {
    #[serde(rename = "nginx-analyzer")]
    kind: &'static str,
    /// The day.
    asked: String,
    /// The URL.
    pub(super) of: String,
    /// True for the backend's own description, false for a list of URIs.
    complete: bool,
    /// What is there.
    pub(super) routes: Vec<String>,
    /// Routes of a description without the path of its `servers`, which may be the gateway's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    implied: Vec<String>,
    /// What was answered 404.
    pub(super) missing: Vec<String>,
    /// Of what it can't be told.
    pub(super) unknown: Vec<Unknown>,
}

/// A URI of which it can't be told whether it is there.
#[derive(Debug, Serialize)]
pub(super) struct Unknown {
    pub(super) uri: String,
    pub(super) why: String,
}

impl Manifest {
    /// One without answers, of today.
    pub(super) fn of(target: &Uri, complete: bool) -> Manifest {
        let asked = store::today().to_string();
        let (routes, implied, missing, unknown) = Default::default();
        Manifest { kind: KIND, asked, of: shown(target), complete, routes, implied, missing, unknown }
    }

    /// What a description says.
    pub(super) fn described(target: &Uri, routes: &[Route]) -> Manifest {
        let written = |implied: bool| routes.iter().filter(|route| route.implied == implied).map(Route::to_string).collect();
        Manifest { routes: written(false), implied: written(true), ..Manifest::of(target, true) }
    }

    /// As it is written.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(escaped(serde_json::to_string_pretty(self)?) + "\n")
    }
}

/// True where nothing is lost: there is no such file, it is empty, or an older manifest.
pub(super) fn may_replace(path: &Path) -> bool {
    #[derive(Deserialize)]
    struct Older {
        #[serde(rename = "nginx-analyzer")]
        kind: String,
    }
    match std::fs::metadata(path) {
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        Ok(metadata) if !metadata.is_file() || metadata.len() > 64 << 20 => false,
        Ok(metadata) if metadata.len() == 0 => true,
        Ok(_) => std::fs::read(path).is_ok_and(|bytes| serde_json::from_slice::<Older>(&bytes).is_ok_and(|older| older.kind == KIND)),
    }
}

//! `nginx-analyzer.toml`, and the same keys as settings of an editor (DESIGN: every key has a default).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `[project]`
    pub project: ProjectSettings,
    /// `[paths]`: path on the server -> path in the workspace.
    pub paths: BTreeMap<String, String>,
    /// `[upstreams.NAME]`: what a backend serves.
    pub upstreams: BTreeMap<String, UpstreamSettings>,
    /// `[cleanup]`
    pub cleanup: CleanupSettings,
    /// `[rules]`: rule id -> `off`, `hint`, `info`, `warning`, `error`.
    pub rules: BTreeMap<String, Level>,
}

/// `[project]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectSettings {
    /// Main configuration files, relative to the workspace; found when absent.
    pub roots: Vec<String>,
}

/// `[upstreams.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpstreamSettings {
    /// `"GET /oauth2/*"`, `"/ping"`.
    pub routes: Vec<String>,
    /// An OpenAPI file, relative to the workspace.
    pub openapi: Option<String>,
    /// False when there may be routes besides those listed. A list in the settings is complete unless this says otherwise.
    pub closed: Option<bool>,
    /// Put before every route.
    pub base_path: Option<String>,
}

/// `[cleanup]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CleanupSettings {
    /// What is put before a line that is commented out.
    pub marker: String,
    /// How long a block stays commented out before deleting it is offered.
    pub keep_days: u32,
}

impl Default for CleanupSettings {
    fn default() -> Self {
        CleanupSettings { marker: "#X# ".into(), keep_days: 14 }
    }
}

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not at all.
    Off,
    /// A hint.
    Hint,
    /// Information.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

//! `nginx-analyzer.toml`, and the same keys as settings of an editor. Every key has a default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use crate::text::Span;

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `[project]`
    pub project: ProjectSettings,
    /// `[paths]`: path on the server -> path in the workspace.
    pub paths: BTreeMap<String, String>,
    /// `[logs]`
    pub logs: LogSettings,
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

/// `[logs]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogSettings {
    /// Access logs, as globs relative to the workspace.
    pub files: Vec<String>,
    /// How far back they count: `7d`.
    pub window: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        LogSettings { files: Vec::new(), window: "7d".into() }
    }
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
    /// What is put before a line that is commented out; begins with `#`.
    pub marker: String,
    /// How long a block stays commented out before deleting it is offered, in days.
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

/// What was wrong with the settings, and where.
pub type Problems = Vec<(Span, String)>;

impl Settings {
    /// Its name, at the top of the workspace.
    pub const FILE: &str = "nginx-analyzer.toml";

    /// These settings with those of a TOML text over them. What is wrong there is reported, and the rest of it counts.
    pub fn over(mut self, text: &str) -> (Settings, Problems) {
        let mut problems = Vec::new();
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            problems.push((error.span().map_or(Span::at(0), span), error.message().to_owned()));
        }
        for (key, value) in table.get_ref() {
            let mut reader = Reader { text, problems: &mut problems };
            let name: &str = key.get_ref();
            match (name, value.get_ref()) {
                ("project", DeValue::Table(table)) => reader.section("project", table, &mut self.project),
                ("logs", DeValue::Table(table)) => reader.section("logs", table, &mut self.logs),
                ("cleanup", DeValue::Table(table)) => reader.section("cleanup", table, &mut self.cleanup),
                ("paths", DeValue::Table(table)) => reader.map("paths", table, &mut self.paths),
                ("rules", DeValue::Table(table)) => reader.map("rules", table, &mut self.rules),
                ("upstreams", DeValue::Table(table)) => {
                    for (upstream, value) in table {
                        let settings = self.upstreams.entry(upstream.get_ref().to_string()).or_default();
                        match value.get_ref() {
                            DeValue::Table(table) => reader.section(&format!("upstreams.{}", upstream.get_ref()), table, settings),
                            _ => reader.problem(span(value.span()), "a section is wanted here: `routes = [\"/ping\"]`".into()),
                        }
                    }
                }
                ("project" | "logs" | "cleanup" | "paths" | "rules" | "upstreams", _) => {
                    reader.problem(span(value.span()), format!("`{name}` is a section: write `[{name}]`"));
                }
                _ => reader.unknown(span(key.span()), name, &["project", "paths", "logs", "upstreams", "cleanup", "rules"]),
            }
        }
        let marker = &self.cleanup.marker;
        if !marker.starts_with('#') || marker.contains(['\n', '\r']) || marker.trim_end() == "#" {
            let at = text.find("marker").map_or(Span::at(0), |at| Span::new(at as u32, at as u32 + 6));
            problems.push((at, "the marker has to begin with `#`, stay on one line, and be told from an ordinary comment".into()));
            self.cleanup.marker = CleanupSettings::default().marker;
        }
        (self, problems)
    }

    /// The settings that an editor gives, as JSON with the same keys; what is no setting is left to its default.
    pub fn from_json(value: &serde_json::Value) -> Settings {
        serde_json::to_string(value)
            .ok()
            .and_then(|_| {
                let mut settings = Settings::default();
                let object = value.as_object()?;
                let read = |name: &str| object.get(name).cloned();
                if let Some(value) = read("project").and_then(|value| serde_json::from_value(value).ok()) {
                    settings.project = value;
                }
                if let Some(value) = read("paths").and_then(|value| serde_json::from_value(value).ok()) {
                    settings.paths = value;
                }
                if let Some(value) = read("upstreams").and_then(|value| serde_json::from_value(value).ok()) {
                    settings.upstreams = value;
                }
                if let Some(value) = read("rules").and_then(|value| serde_json::from_value(value).ok()) {
                    settings.rules = value;
                }
                if let Some(value) = read("cleanup").and_then(|value| serde_json::from_value::<CleanupSettings>(value).ok())
                    && value.marker.starts_with('#')
                {
                    settings.cleanup = value;
                }
                Some(settings)
            })
            .unwrap_or_default()
    }
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

struct Reader<'a> {
    text: &'a str,
    problems: &'a mut Problems,
}

type Table<'i> = toml::map::Map<toml::Spanned<std::borrow::Cow<'i, str>>, toml::Spanned<DeValue<'i>>>;

impl Reader<'_> {
    fn problem(&mut self, span: Span, message: String) {
        self.problems.push((span, message));
    }

    fn unknown(&mut self, span: Span, name: &str, known: &[&str]) {
        let near = known.iter().map(|known| (strsim::damerau_levenshtein(name, known), known)).min().filter(|(distance, _)| *distance <= 2);
        let message = match near {
            Some((_, near)) => format!("there is no setting `{name}`; did you mean `{near}`?"),
            None => format!("there is no setting `{name}` here; there are {}", known.join(", ")),
        };
        self.problem(span, message);
    }

    /// The value as TOML text, parsed as what is wanted.
    fn value<T: serde::de::DeserializeOwned>(&mut self, value: &toml::Spanned<DeValue<'_>>) -> Option<T> {
        #[derive(Deserialize)]
        struct One<T> {
            value: T,
        }
        let source = self.text.get(value.span())?;
        match toml::from_str::<One<T>>(&format!("value = {source}")) {
            Ok(one) => Some(one.value),
            Err(error) => {
                self.problem(span(value.span()), error.message().to_owned());
                None
            }
        }
    }

    /// Reads a section key by key, so that a bad one leaves the others standing.
    fn section<T: Serialize + serde::de::DeserializeOwned>(&mut self, name: &str, table: &Table<'_>, settings: &mut T) {
        let Ok(serde_json::Value::Object(mut fields)) = serde_json::to_value(&*settings) else { return };
        for (key, value) in table {
            let field: &str = key.get_ref();
            if !fields.contains_key(field) {
                let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                self.unknown(span(key.span()), field, &known);
                continue;
            }
            let Some(json) = self.value::<serde_json::Value>(value) else { continue };
            let mut tried = fields.clone();
            tried.insert(field.to_owned(), json);
            match serde_json::from_value::<T>(serde_json::Value::Object(tried.clone())) {
                Ok(_) => fields = tried,
                Err(error) => self.problem(span(value.span()), format!("`{name}.{field}`: {error}")),
            }
        }
        if let Ok(read) = serde_json::from_value(serde_json::Value::Object(fields)) {
            *settings = read;
        }
    }

    fn map<T: serde::de::DeserializeOwned>(&mut self, _name: &str, table: &Table<'_>, settings: &mut BTreeMap<String, T>) {
        for (key, value) in table {
            if let Some(value) = self.value(value) {
                settings.insert(key.get_ref().to_string(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_key_leaves_the_rest_standing() {
        let text = "[cleanup]\nmarker = \"#off# \"\nkeep_dais = 3\nkeep_days = \"x\"\n[rules]\ndead-location = \"error\"\nother = \"loud\"\n[upstreams.api]\nroutes = [\"/a\"]\n[path]\n";
        let (settings, problems) = Settings::default().over(text);
        assert_eq!(settings.cleanup, CleanupSettings { marker: "#off# ".into(), keep_days: 14 });
        assert_eq!(settings.rules.get("dead-location"), Some(&Level::Error));
        assert_eq!(settings.upstreams["api"].routes, ["/a"]);
        let found: Vec<(&str, &str)> =
            problems.iter().map(|(span, message)| (&text[span.range()], message.split(':').next().unwrap_or(""))).collect();
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(problems.iter().any(|(_, message)| message.contains("did you mean `keep_days`")));
        assert!(problems.iter().any(|(_, message)| message.contains("did you mean `paths`")));
    }

    #[test]
    fn a_text_that_is_no_toml_is_said_and_the_defaults_hold() {
        let (settings, problems) = Settings::default().over("[cleanup\nmarker = ");
        assert_eq!(settings, Settings::default());
        assert!(!problems.is_empty());
    }

    #[test]
    fn a_marker_that_is_no_comment_is_refused() {
        let (settings, problems) = Settings::default().over("[cleanup]\nmarker = \"X \"\n");
        assert_eq!(settings.cleanup.marker, "#X# ");
        assert_eq!(problems.len(), 1);
    }
}

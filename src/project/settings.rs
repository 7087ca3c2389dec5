//! `nginx-analyzer.toml`, and the same keys as settings of an editor. Every key has a default.

pub mod schema;
mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use crate::messages::{Joint, Language, Message};
use crate::nginx::flavours::{self, Flavour};
use crate::nginx::version::Version;
use crate::phrase;
use crate::text::Span;

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of messages; what the editor or the command line asks for where it is not said.
    pub language: Option<Language>,
    /// `[project]`
    pub project: ProjectSettings,
    /// `[nginx]`: which nginx reads the configuration.
    pub nginx: NginxSettings,
    /// `[paths]`: path on the server -> path in the workspace.
    pub paths: BTreeMap<String, String>,
    /// `[logs]`
    pub logs: LogSettings,
    /// `[upstreams.NAME]`: what a backend serves.
    pub upstreams: BTreeMap<String, UpstreamSettings>,
    /// `[cleanup]`
    pub cleanup: CleanupSettings,
    /// `[editor]`
    pub editor: EditorSettings,
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

/// `[nginx]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NginxSettings {
    /// `"1.24.0"`; not known when absent, unless an image tells.
    pub version: Option<String>,
    /// Which of nginx's family it is.
    pub flavour: Option<Flavour>,
    /// Packages of modules that it has besides those of its flavour: `["brotli"]`.
    pub modules: Vec<String>,
    /// Names of directives that are right here, of modules that nobody else knows.
    pub directives: Vec<String>,
}

impl NginxSettings {
    /// What is wrong with the values of a field, each with its number in a list.
    fn problems(&self, field: &str) -> Vec<Message> {
        match field {
            "version" => match &self.version {
                Some(version) if Version::read(version).is_none() => vec![phrase!("settings-version", version = version.as_str())],
                _ => Vec::new(),
            },
            "modules" => {
                let unknown = self.modules.iter().filter(|name| !flavours::is_package(name));
                let known = || flavours::packages().into_iter().map(str::to_owned).collect::<Vec<_>>();
                unknown.map(|name| phrase!("settings-module", name = name.as_str(), known = (Joint::Comma, known()))).collect()
            }
            _ => Vec::new(),
        }
    }
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
    /// The command that tests the configuration after a clean-up, a word each: `["docker", "compose", "exec", "openresty", "openresty",
    /// "-t"]`. None is run when it is empty. Only the command line runs it, never the language server.
    pub test: Vec<String>,
}

impl Default for CleanupSettings {
    fn default() -> Self {
        CleanupSettings { marker: "#X# ".into(), keep_days: 14, test: Vec::new() }
    }
}

/// `[editor]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditorSettings {
    /// How an editor shows beside a location who uses it.
    pub usage: UsageDisplay,
    /// What is implied that an editor shows. Those that are rare and surprise are there by default; the files would be behind most
    /// locations of a site of files.
    pub hints: Vec<Hint>,
}

impl Default for EditorSettings {
    fn default() -> Self {
        EditorSettings { usage: UsageDisplay::default(), hints: vec![Hint::DefaultServer, Hint::Takeover] }
    }
}

/// A kind of hint beside what implies something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// The default server of an address that several share, where none says so.
    DefaultServer,
    /// Who gets the requests of a location that is dead, or that hands all of them on.
    Takeover,
    /// The file or folder that a location serves.
    Files,
}

/// How an editor shows who uses a location.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UsageDisplay {
    /// As a code lens where the editor has them, else as an inlay hint.
    #[default]
    Auto,
    /// A line above it, to click on.
    Lens,
    /// A few words behind it.
    Inlay,
    /// Both.
    Both,
    /// Not at all.
    Off,
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
pub type Problems = Vec<(Span, Message)>;

impl Settings {
    /// Its name, at the top of the workspace.
    pub const FILE: &str = "nginx-analyzer.toml";

    /// These settings with those of a TOML text over them. What is wrong there is reported, and the rest of it counts.
    pub fn over(mut self, text: &str) -> (Settings, Problems) {
        let mut problems = Vec::new();
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            problems.push((error.span().map_or(Span::at(0), span), Message::verbatim(error.message())));
        }
        for (key, value) in table.get_ref() {
            let mut reader = Reader { text, problems: &mut problems };
            let name: &str = key.get_ref();
            match (name, value.get_ref()) {
                ("language", DeValue::String(tag)) if matches!(&**tag, "en" | "ja") => self.language = Some(Language::of_tag(tag)),
                ("language", _) => reader.problem(span(value.span()), phrase!("settings-language")),
                ("project", DeValue::Table(table)) => reader.section("project", table, &mut self.project),
                ("nginx", DeValue::Table(table)) => {
                    reader.section("nginx", table, &mut self.nginx);
                    for (key, value) in table {
                        for problem in self.nginx.problems(key.get_ref()) {
                            reader.problem(span(value.span()), problem);
                        }
                    }
                }
                ("logs", DeValue::Table(table)) => reader.section("logs", table, &mut self.logs),
                ("cleanup", DeValue::Table(table)) => reader.section("cleanup", table, &mut self.cleanup),
                ("editor", DeValue::Table(table)) => reader.section("editor", table, &mut self.editor),
                ("paths", DeValue::Table(table)) => reader.map(table, &mut self.paths),
                ("rules", DeValue::Table(table)) => reader.map(table, &mut self.rules),
                ("upstreams", DeValue::Table(table)) => {
                    for (upstream, value) in table {
                        let settings = self.upstreams.entry(upstream.get_ref().to_string()).or_default();
                        match value.get_ref() {
                            DeValue::Table(table) => reader.section(&format!("upstreams.{}", upstream.get_ref()), table, settings),
                            _ => reader.problem(span(value.span()), phrase!("settings-upstream-section")),
                        }
                    }
                }
                ("project" | "nginx" | "logs" | "cleanup" | "editor" | "paths" | "rules" | "upstreams", _) => {
                    reader.problem(span(value.span()), phrase!("settings-is-section", name = name));
                }
                _ => reader.unknown(span(key.span()), name, &table::top()),
            }
        }
        if !is_marker(&self.cleanup.marker) {
            let at = text.find("marker").map_or(Span::at(0), |at| Span::new(at as u32, at as u32 + 6));
            problems.push((at, phrase!("settings-marker")));
            self.cleanup.marker = CleanupSettings::default().marker;
        }
        (self, problems)
    }

    /// Where a key of a section and its value stand in a TOML text.
    pub fn place(text: &str, section: &str, key: &str) -> Option<(Span, Span)> {
        let (table, _) = DeTable::parse_recoverable(text);
        let (_, value) = table.get_ref().iter().find(|(name, _)| name.get_ref() == section)?;
        let (key, value) = value.get_ref().as_table()?.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((span(key.span()), span(value.span())))
    }

    /// The settings that an editor gives, as JSON with the same keys; what is no setting is left to its default.
    pub fn from_json(value: &serde_json::Value) -> Settings {
        let mut settings = Settings::default();
        settings.merge_json(value);
        settings
    }

    /// Lays an editor's settings over these: JSON with the same keys. `null` is what an editor sends for a setting that nobody made
    /// and changes nothing; keys outside of the sections are the editor's own. Returns what could not be used, for its log.
    pub fn merge_json(&mut self, value: &serde_json::Value) -> Vec<Message> {
        let mut problems = Vec::new();
        let empty = serde_json::Map::new();
        let mut section = |name: &str| match value.get(name) {
            None | Some(serde_json::Value::Null) => &empty,
            Some(serde_json::Value::Object(fields)) => fields,
            Some(_) => {
                problems.push(phrase!("settings-not-object", name = name));
                &empty
            }
        };
        let (project, logs, cleanup) = (section("project"), section("logs"), section("cleanup"));
        let nginx = section("nginx");
        let editor = section("editor");
        let (paths, rules, upstreams) = (section("paths"), section("rules"), section("upstreams"));
        match value.get("language").map(|tag| serde_json::from_value(tag.clone())) {
            Some(Ok(language)) => self.language = Option::or(language, self.language),
            Some(Err(_)) => problems.push(phrase!("settings-language")),
            None => {}
        }
        set_all("project", &mut self.project, project, &mut problems);
        set_all("nginx", &mut self.nginx, nginx, &mut problems);
        problems.extend(nginx.keys().flat_map(|field| self.nginx.problems(field)));
        set_all("logs", &mut self.logs, logs, &mut problems);
        let before = self.cleanup.marker.clone();
        set_all("cleanup", &mut self.cleanup, cleanup, &mut problems);
        if !is_marker(&self.cleanup.marker) {
            problems.push(phrase!("settings-value", key = "cleanup.marker", problem = phrase!("settings-marker")));
            self.cleanup.marker = before;
        }
        set_all("editor", &mut self.editor, editor, &mut problems);
        insert_all("paths", &mut self.paths, paths, &mut problems);
        insert_all("rules", &mut self.rules, rules, &mut problems);
        for (name, value) in upstreams.iter().filter(|(_, value)| !value.is_null()) {
            match value.as_object() {
                Some(fields) => {
                    set_all(&format!("upstreams.{name}"), self.upstreams.entry(name.clone()).or_default(), fields, &mut problems)
                }
                None => problems.push(phrase!("settings-not-object", name = format!("upstreams.{name}"))),
            }
        }
        problems
    }
}

fn is_marker(marker: &str) -> bool {
    marker.starts_with('#') && !marker.contains(['\n', '\r']) && marker.trim_end() != "#"
}

/// Sets one field; says what is wrong with the value.
fn set<T: Serialize + serde::de::DeserializeOwned>(settings: &mut T, field: &str, value: serde_json::Value) -> Result<(), Message> {
    let verbatim = |error: serde_json::Error| Message::verbatim(error.to_string());
    let mut all = serde_json::to_value(&*settings).map_err(verbatim)?;
    let Some(slot) = all.get_mut(field) else { return Err(phrase!("settings-none-such")) };
    *slot = value;
    *settings = serde_json::from_value(all).map_err(verbatim)?;
    Ok(())
}

fn set_all<T: Serialize + serde::de::DeserializeOwned>(
    name: &str,
    settings: &mut T,
    fields: &serde_json::Map<String, serde_json::Value>,
    problems: &mut Vec<Message>,
) {
    for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        if let Err(problem) = set(settings, field, value.clone()) {
            problems.push(phrase!("settings-value", key = format!("{name}.{field}"), problem = problem));
        }
    }
}

fn insert_all<T: serde::de::DeserializeOwned>(
    name: &str,
    settings: &mut BTreeMap<String, T>,
    fields: &serde_json::Map<String, serde_json::Value>,
    problems: &mut Vec<Message>,
) {
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match serde_json::from_value(value.clone()) {
            Ok(value) => drop(settings.insert(key.clone(), value)),
            Err(problem) => {
                let problem = Message::verbatim(problem.to_string());
                problems.push(phrase!("settings-value", key = format!("{name}.{key}"), problem = problem));
            }
        }
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
    fn problem(&mut self, span: Span, message: Message) {
        self.problems.push((span, message));
    }

    fn unknown(&mut self, span: Span, name: &str, known: &[&str]) {
        let near = known.iter().map(|known| (strsim::damerau_levenshtein(name, known), known)).min().filter(|(distance, _)| *distance <= 2);
        let message = match near {
            Some((_, near)) => phrase!("settings-unknown-near", name = name, near = *near),
            None => {
                let known = known.iter().map(|known| (*known).to_owned()).collect::<Vec<_>>();
                phrase!("settings-unknown", name = name, known = (Joint::Comma, known))
            }
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
                self.problem(span(value.span()), Message::verbatim(error.message()));
                None
            }
        }
    }

    /// Reads a section key by key, so that a bad one leaves the others standing.
    fn section<T: Serialize + serde::de::DeserializeOwned>(&mut self, name: &str, table: &Table<'_>, settings: &mut T) {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(&*settings) else { return };
        let known: Vec<&str> = fields.keys().map(String::as_str).collect();
        for (key, value) in table {
            let field: &str = key.get_ref();
            if !known.contains(&field) {
                self.unknown(span(key.span()), field, &known);
                continue;
            }
            let Some(json) = self.value::<serde_json::Value>(value) else { continue };
            if let Err(problem) = set(settings, field, json) {
                self.problem(span(value.span()), phrase!("settings-value", key = format!("{name}.{field}"), problem = problem));
            }
        }
    }

    fn map<T: serde::de::DeserializeOwned>(&mut self, table: &Table<'_>, settings: &mut BTreeMap<String, T>) {
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
        assert_eq!(settings.cleanup, CleanupSettings { marker: "#off# ".into(), ..CleanupSettings::default() });
        assert_eq!(settings.rules.get("dead-location"), Some(&Level::Error));
        assert_eq!(settings.upstreams["api"].routes, ["/a"]);
        let found: Vec<(&str, String)> =
            problems.iter().map(|(span, message)| (&text[span.range()], message.say(Language::English))).collect();
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found.iter().any(|(_, message)| message.contains("did you mean `keep_days`")));
        assert!(found.iter().any(|(_, message)| message.contains("did you mean `paths`")));
    }

    #[test]
    fn where_a_setting_stands() {
        let text = "[paths]\n\"/a b\" = 'x'\n[upstreams.api]\nclosed = true\n[logs]\nwindow = \"7x\"\n";
        let at = |section, key| Settings::place(text, section, key).map(|(key, value)| (&text[key.range()], &text[value.range()]));
        assert_eq!(at("paths", "/a b"), Some(("\"/a b\"", "'x'")));
        assert_eq!(at("logs", "window"), Some(("window", "\"7x\"")));
        assert_eq!(at("upstreams", "api").map(|(key, _)| key), Some("api"));
        assert_eq!((at("upstreams", "x"), at("x", "api")), (None, None));
    }

    #[test]
    fn a_text_that_is_no_toml_is_said_and_the_defaults_hold() {
        let (settings, problems) = Settings::default().over("[cleanup\nmarker = ");
        assert_eq!(settings, Settings::default());
        assert!(!problems.is_empty());
    }

    #[test]
    fn an_editor_s_settings_are_laid_over_key_by_key() {
        let mut settings = Settings::default().over("[cleanup]\nkeep_days = 3\n[rules]\na = \"hint\"\n").0;
        let problems = settings.merge_json(&serde_json::json!({
            "cleanup": { "marker": "#B# ", "keep_days": null }, "rules": { "b": "off", "c": "loud" }, "path": "/bin/x",
            "logs": { "window": "3d", "flies": [] }, "upstreams": { "u": { "routes": ["/x"] }, "v": 3 }, "paths": [],
        }));
        assert_eq!((settings.cleanup.marker.as_str(), settings.cleanup.keep_days, settings.logs.window.as_str()), ("#B# ", 3, "3d"));
        assert_eq!((settings.rules["a"], settings.rules["b"]), (Level::Hint, Level::Off));
        assert_eq!(settings.upstreams["u"].routes, ["/x"]);
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert_eq!(settings.merge_json(&serde_json::json!({ "cleanup": { "marker": "no comment" } })).len(), 1);
        assert_eq!(settings.cleanup.marker, "#B# ");
        assert!(settings.merge_json(&serde_json::json!("nonsense")).is_empty());
    }

    #[test]
    fn a_language_is_one_that_there_are_messages_in() {
        let language = |text: &str| Settings::default().over(text);
        assert_eq!(language("language = \"ja\"\n").0.language, Some(Language::Japanese));
        let (settings, problems) = language("language = \"fr\"\n[cleanup]\nkeep_days = 3\n");
        assert_eq!((settings.language, settings.cleanup.keep_days, problems.len()), (None, 3, 1));
        let mut settings = Settings::default();
        assert!(settings.merge_json(&serde_json::json!({ "language": "ja" })).is_empty());
        assert!(settings.merge_json(&serde_json::json!({ "language": null })).is_empty());
        assert_eq!(settings.language, Some(Language::Japanese));
        assert_eq!(settings.merge_json(&serde_json::json!({ "language": "fr" })).len(), 1);
        assert_eq!(settings.language, Some(Language::Japanese));
    }

    #[test]
    fn which_nginx_it_is() {
        let text = "[nginx]\nversion = \"1.24.0\"\nflavour = \"openresty\"\nmodules = [\"brotli\"]\ndirectives = [\"own\"]\n";
        let (settings, problems) = Settings::default().over(text);
        assert_eq!((settings.nginx.version.as_deref(), settings.nginx.flavour), (Some("1.24.0"), Some(Flavour::OpenResty)));
        assert_eq!((settings.nginx.modules, settings.nginx.directives, problems.len()), (vec!["brotli".into()], vec!["own".into()], 0));
        let (_, problems) = Settings::default().over("[nginx]\nversion = \"new\"\nflavour = \"x\"\nmodules = [\"y\"]\n");
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert_eq!(Settings::default().merge_json(&serde_json::json!({ "nginx": { "version": "new", "flavour": "angie" } })).len(), 1);
    }

    #[test]
    fn a_marker_that_is_no_comment_is_refused() {
        let (settings, problems) = Settings::default().over("[cleanup]\nmarker = \"X \"\n");
        assert_eq!(settings.cleanup.marker, "#X# ");
        assert_eq!(problems.len(), 1);
    }
}

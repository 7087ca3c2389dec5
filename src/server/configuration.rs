//! Settings from `nginx-analyzer.toml` and, over them, from the editor.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::project::settings::Settings;

/// The section of the editor's settings.
pub const SECTION: &str = "nginxAnalyzer";
/// The file at the workspace's root.
pub const FILE: &str = "nginx-analyzer.toml";

/// The settings of one folder, and what in them could not be used.
pub fn effective(folder: &Path, client: &Value) -> (Settings, Vec<String>) {
    let mut problems = Vec::new();
    let file = folder.join(FILE);
    let mut merged = match read_file(&file) {
        Ok(text) => toml::from_str::<Value>(&text).unwrap_or_else(|error| {
            problems.push(format!("{}: {error}", file.display()));
            Value::Null
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Value::Null,
        Err(error) => {
            problems.push(format!("{}: {error}", file.display()));
            Value::Null
        }
    };
    merge(&mut merged, client);
    let section = |name: &str| merged.get(name).cloned().unwrap_or(Value::Null);
    // Section by section: one wrong value must not cost the others.
    let settings = Settings {
        project: read("project", section("project"), &mut problems),
        paths: read("paths", section("paths"), &mut problems),
        upstreams: read("upstreams", section("upstreams"), &mut problems),
        cleanup: read("cleanup", section("cleanup"), &mut problems),
        rules: read("rules", section("rules"), &mut problems),
    };
    (settings, problems)
}

/// A regular file's text. Anything else could keep the reader waiting for ever.
fn read_file(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.is_file() { std::fs::read_to_string(path) } else { Err(std::io::Error::other("not a regular file")) }
}

fn read<T: DeserializeOwned + Default>(name: &str, value: Value, problems: &mut Vec<String>) -> T {
    if value.is_null() {
        return T::default();
    }
    serde_json::from_value(value).unwrap_or_else(|error| {
        problems.push(format!("setting `{name}`: {error}; its default is used"));
        T::default()
    })
}

/// Lays `over` on `under`, key by key; `null` is what an editor sends for a setting that nobody made.
fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (_, Value::Null) => {}
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::settings::Level;
    use serde_json::json;

    #[test]
    fn the_editor_counts_more_than_the_file_and_null_counts_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(FILE), "[cleanup]\nmarker = '#A# '\nkeep_days = 3\n[rules]\ndead-location = 'hint'\n")
            .expect("written");
        let client = json!({ "cleanup": { "marker": "#B# ", "keep_days": null }, "rules": { "missing-file": "off" }, "path": "ignored" });
        let (settings, problems) = effective(folder.path(), &client);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((settings.cleanup.marker.as_str(), settings.cleanup.keep_days), ("#B# ", 3));
        assert_eq!(settings.rules.get("dead-location"), Some(&Level::Hint));
        assert_eq!(settings.rules.get("missing-file"), Some(&Level::Off));
    }

    #[test]
    fn a_wrong_value_is_named_and_costs_its_section_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let (settings, problems) = effective(folder.path(), &json!({ "rules": { "x": "loud" }, "cleanup": { "keep_days": 2 } }));
        assert_eq!(settings.cleanup.keep_days, 2);
        assert!(problems.len() == 1 && problems[0].contains("rules"), "{problems:?}");
        std::fs::write(folder.path().join(FILE), "[cleanup\n").expect("written");
        assert_eq!(effective(folder.path(), &Value::Null).1.len(), 1);
    }
}

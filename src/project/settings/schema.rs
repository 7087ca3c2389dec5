//! What settings there are, for programs: a JSON Schema of `nginx-analyzer.toml`, and the same as properties of an editor's settings.

use serde_json::{Map, Value, json};

use super::table::{Kind, LEVELS, SETTINGS, Setting};
use super::{Level, Settings};
use crate::message;
use crate::messages::Language;

/// Where the schema is on the web.
pub const ADDRESS: &str = "https://nginx-analyzer.dev/nginx-analyzer.schema.json";

/// The settings of an editor lie below this name.
pub const EDITOR_SECTION: &str = "nginxAnalyzer";

/// A rule, as far as its setting goes.
#[derive(Debug, Clone)]
pub struct AboutRule {
    /// Its id.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: String,
    /// How loud it is unless the settings say otherwise.
    pub level: Level,
}

/// Who reads it: what explains something is called differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// An editor for TOML.
    File,
    /// VS Code, of its own settings.
    Editor,
}

/// What all parts of a schema are made with.
#[derive(Debug, Clone, Copy)]
struct Writer<'a> {
    reader: Reader,
    language: Language,
    rules: &'a [AboutRule],
}

/// The JSON Schema of `nginx-analyzer.toml`.
pub fn of_file(rules: &[AboutRule], language: Language) -> Value {
    let writer = Writer { reader: Reader::File, language, rules };
    let defaults = defaults();
    let mut properties = Map::new();
    for setting in SETTINGS {
        let schema = writer.setting(setting, default_of(&defaults, setting));
        match (setting.section, setting.key) {
            ("", key) => drop(properties.insert(key.to_owned(), schema)),
            (section, "") => drop(properties.insert(section.to_owned(), schema)),
            (section, key) => {
                let section = properties
                    .entry(section)
                    .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {} }));
                if let Some(Value::Object(fields)) = section.get_mut("properties") {
                    fields.insert(key.to_owned(), schema);
                }
            }
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": Settings::FILE,
        "description": message!(language, "settings-about"),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The settings as VS Code wants them in an extension's `contributes.configuration.properties`.
pub fn of_editor(rules: &[AboutRule], language: Language) -> Map<String, Value> {
    let writer = Writer { reader: Reader::Editor, language, rules };
    let defaults = defaults();
    let mut properties = Map::new();
    for setting in SETTINGS.iter().filter(|setting| setting.in_editors) {
        let name: Vec<&str> = [EDITOR_SECTION, setting.section, setting.key].into_iter().filter(|part| !part.is_empty()).collect();
        properties.insert(name.join("."), writer.setting(setting, default_of(&defaults, setting)));
    }
    properties
}

fn defaults() -> Value {
    serde_json::to_value(Settings::default()).unwrap_or_default()
}

fn default_of<'a>(defaults: &'a Value, setting: &Setting) -> &'a Value {
    let parts = [setting.section, setting.key].into_iter().filter(|part| !part.is_empty());
    parts.fold(defaults, |value, part| &value[part])
}

impl Writer<'_> {
    fn setting(self, setting: &Setting, default: &Value) -> Value {
        let mut out = self.kind(setting.kind, default.is_null());
        if self.reader == Reader::Editor {
            out.insert("default".into(), default.clone());
            out.insert("scope".into(), "resource".into());
        } else if !default.is_null() {
            out.insert("default".into(), default.clone());
        }
        out.insert(self.explains().into(), message!(self.language, setting.about).into());
        Value::Object(out)
    }

    fn kind(self, kind: Kind, optional: bool) -> Map<String, Value> {
        let value = match kind {
            Kind::Text(None) => json!({ "type": "string" }),
            Kind::Text(Some(pattern)) => json!({ "type": "string", "pattern": pattern }),
            Kind::Days => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Kind::Choice(words) => Value::Object(self.choice(words, optional)),
            Kind::Choices(words) => json!({ "type": "array", "items": self.choice(words, false), "uniqueItems": true }),
            Kind::Named => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            Kind::Rules => json!({ "type": "object", "properties": self.rules(), "additionalProperties": false }),
            Kind::Sections(fields) => {
                let field = |field: &Setting| {
                    let mut schema = self.kind(field.kind, false);
                    schema.insert(self.explains().into(), message!(self.language, field.about).into());
                    (field.key.to_owned(), Value::Object(schema))
                };
                let fields: Map<String, Value> = fields.iter().map(field).collect();
                json!({
                    "type": "object",
                    "additionalProperties": { "type": "object", "properties": fields, "additionalProperties": false },
                })
            }
        };
        match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// In VS Code's settings `null` is a choice of its own, by which a person takes another one back; TOML knows no `null`.
    fn choice(self, words: &[(&str, &str)], optional: bool) -> Map<String, Value> {
        let nothing = optional && self.reader == Reader::Editor;
        let mut values: Vec<Value> = words.iter().map(|(word, _)| Value::from(*word)).collect();
        let mut about: Vec<String> = words.iter().map(|(_, about)| message!(self.language, about)).collect();
        if nothing {
            values.push(Value::Null);
            about.push(message!(self.language, "settings-about-unset"));
        }
        let mut out = Map::new();
        out.insert("type".into(), if nothing { json!(["string", "null"]) } else { "string".into() });
        out.insert("enum".into(), values.into());
        match self.reader {
            Reader::Editor => out.insert("enumDescriptions".into(), about.into()),
            Reader::File => out.insert("x-taplo".into(), json!({ "docs": { "enumValues": about } })),
        };
        out
    }

    fn rules(self) -> Map<String, Value> {
        let rule = |rule: &AboutRule| {
            let mut schema = self.choice(LEVELS, false);
            schema.insert("default".into(), json!(rule.level));
            schema.insert(self.explains().into(), rule.summary.clone().into());
            (rule.id.to_owned(), Value::Object(schema))
        };
        self.rules.iter().map(rule).collect()
    }

    fn explains(self) -> &'static str {
        match self.reader {
            Reader::File => "description",
            Reader::Editor => "markdownDescription",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::super::UpstreamSettings;
    use super::super::{Hint, UsageDisplay};
    use super::*;
    use crate::nginx::flavours::Flavour;

    fn rules() -> Vec<AboutRule> {
        vec![AboutRule { id: "dead-location", summary: "what no request gets to".into(), level: Level::Warning }]
    }

    /// The words that a type takes, by what serde says of one that it does not take.
    fn words<T: DeserializeOwned>() -> Vec<String> {
        let error = serde_json::from_value::<T>(json!("no such word")).err().map(|error| error.to_string()).unwrap_or_default();
        let mut words: Vec<String> = error.split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect();
        words.sort();
        words
    }

    fn sorted(words: &[(&str, &str)]) -> Vec<String> {
        let mut words: Vec<String> = words.iter().map(|(word, _)| (*word).to_owned()).collect();
        words.sort();
        words
    }

    #[test]
    fn the_table_has_all_settings_and_no_others() {
        let all = defaults();
        let mut known: Vec<String> = SETTINGS.iter().map(|it| format!("{}.{}", it.section, it.key)).collect();
        let mut there = Vec::new();
        for (section, value) in all.as_object().expect("an object") {
            match value.as_object().filter(|fields| !fields.is_empty()) {
                Some(fields) => there.extend(fields.keys().map(|key| format!("{section}.{key}"))),
                None if value.is_object() => there.push(format!("{section}.")),
                None => there.push(format!(".{section}")),
            }
        }
        known.sort();
        there.sort();
        assert_eq!(known, there);
        let upstream = serde_json::to_value(UpstreamSettings::default()).expect("a value");
        let upstream: Vec<&String> = upstream.as_object().expect("an object").keys().collect();
        let fields = SETTINGS.iter().find_map(|it| if let Kind::Sections(fields) = it.kind { Some(fields) } else { None });
        assert_eq!(upstream, fields.expect("upstreams").iter().map(|field| field.key).collect::<Vec<_>>());
    }

    #[test]
    fn choices_are_what_is_read() {
        for setting in SETTINGS {
            match (setting.key, setting.kind) {
                ("language", Kind::Choice(choices)) => assert_eq!(sorted(choices), words::<Language>()),
                ("flavour", Kind::Choice(choices)) => assert_eq!(sorted(choices), words::<Flavour>()),
                ("usage", Kind::Choice(choices)) => assert_eq!(sorted(choices), words::<UsageDisplay>()),
                ("hints", Kind::Choices(choices)) => assert_eq!(sorted(choices), words::<Hint>()),
                (key, Kind::Choice(_) | Kind::Choices(_)) => panic!("which type has the words of {key}?"),
                _ => {}
            }
        }
        assert_eq!(sorted(LEVELS), words::<Level>());
    }

    #[test]
    fn the_schema_of_the_file() {
        let schema = of_file(&rules(), Language::English);
        assert_eq!(schema["properties"]["cleanup"]["properties"]["marker"]["default"], "#X# ");
        assert_eq!(schema["properties"]["rules"]["properties"]["dead-location"]["default"], "warning");
        assert_eq!(schema["properties"]["upstreams"]["additionalProperties"]["properties"]["closed"]["type"], "boolean");
        // TOML has no null.
        assert!(!schema.to_string().contains("null"));
    }

    #[test]
    fn the_settings_of_an_editor() {
        let properties = of_editor(&rules(), Language::Japanese);
        assert_eq!(properties["nginxAnalyzer.nginx.flavour"]["type"], json!(["string", "null"]));
        assert_eq!(properties["nginxAnalyzer.cleanup.keep_days"]["default"], 14);
        assert_eq!(properties["nginxAnalyzer.paths"]["additionalProperties"]["type"], "string");
        assert!(!properties.contains_key("nginxAnalyzer.cleanup.test"));
        // An editor sends its defaults: they change nothing.
        let mut sent = json!({});
        for (name, property) in &properties {
            let mut at = &mut sent;
            for part in name.split('.').skip(1) {
                at = at.as_object_mut().expect("an object").entry(part).or_insert_with(|| json!({}));
            }
            *at = property["default"].clone();
        }
        let mut settings = Settings::default();
        assert!(settings.merge_json(&sent).is_empty());
        assert_eq!(settings, Settings::default());
    }
}

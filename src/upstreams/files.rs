//! Keys of a backend's own configuration files, with their places.

use toml::de::{DeTable, DeValue};

use super::catalogue::Format;
use crate::project::yaml::{Value as YamlValue, Yaml};
use crate::text::Span;

/// A configuration file that was read.
#[derive(Debug)]
pub(super) struct Settings(Vec<(String, Found)>);

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// A scalar as one text, a list as its items; `None` where it is not known.
    pub(super) values: Option<Vec<String>>,
    /// Key and value.
    pub(super) span: Span,
}

impl Settings {
    /// Reads a text; `None` when it is not what it should be.
    pub(super) fn read(text: &str, format: Format) -> Option<Settings> {
        let mut out = Vec::new();
        match format {
            Format::Toml => {
                let (table, errors) = DeTable::parse_recoverable(text);
                if !errors.is_empty() {
                    return None;
                }
                toml_keys(table.get_ref(), "", &mut out, 0);
            }
            Format::Yaml => {
                let documents = Yaml::documents(text).ok()?;
                if documents.len() > 1 {
                    return None;
                }
                documents.iter().for_each(|document| yaml_keys(document, "", &mut out, 0));
            }
            Format::Ini => ini_keys(text, &mut out),
            Format::Unread => return None,
        }
        Some(Settings(out))
    }

    /// The last value of a dotted key. A section of that name counts as a value that is not known.
    pub(super) fn get(&self, key: &str) -> Option<&Found> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, found)| found)
    }
}

const MAX_DEPTH: usize = 16;

type Keys = Vec<(String, Found)>;

fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

/// A text that is filled in when the program starts says nothing.
fn known(value: String) -> Option<String> {
    (!value.contains("${") && !value.contains("{{") && !value.starts_with('$') && !value.starts_with("os.environ/")).then_some(value)
}

fn toml_keys(table: &DeTable<'_>, section: &str, out: &mut Keys, depth: usize) {
    for (key, value) in table {
        let name = join(section, key.get_ref());
        let scalar = |value: &DeValue<'_>| match value {
            DeValue::String(text) => known(text.to_string()),
            DeValue::Boolean(value) => Some(value.to_string()),
            DeValue::Integer(value) => Some(value.as_str().to_owned()),
            _ => None,
        };
        let values = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| scalar(item.get_ref())).collect(),
            other => scalar(other).map(|value| vec![value]),
        };
        let span = Span::new(key.span().start as u32, value.span().end as u32);
        out.push((name.clone(), Found { values, span }));
        if let DeValue::Table(table) = value.get_ref()
            && depth < MAX_DEPTH
        {
            toml_keys(table, &name, out, depth + 1);
        }
    }
}

fn yaml_keys(yaml: &Yaml, section: &str, out: &mut Keys, depth: usize) {
    for (key, value) in yaml.pairs() {
        let Some(written) = key.scalar() else { continue };
        let name = join(section, written);
        let empty = |text: &str| matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let values = match &value.value {
            YamlValue::Scalar(text) if empty(text) => Some(Vec::new()),
            YamlValue::Scalar(text) => known(text.clone()).map(|text| vec![text]),
            YamlValue::Sequence(items) => items.iter().map(|item| item.scalar().map(str::to_owned).and_then(known)).collect(),
            YamlValue::Mapping(pairs) if pairs.is_empty() => Some(Vec::new()),
            _ => None,
        };
        out.push((name.clone(), Found { values, span: key.span.join(value.span) }));
        if depth < MAX_DEPTH {
            yaml_keys(value, &name, out, depth + 1);
        }
    }
}

fn ini_keys(text: &str, out: &mut Keys) {
    let mut section = String::new();
    let mut start = 0u32;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_owned();
        } else if !trimmed.starts_with(['#', ';'])
            && let Some((key, value)) = trimmed.split_once('=')
        {
            let value = value.trim().trim_matches(['"', '\'']);
            let values = if value.is_empty() { Some(Vec::new()) } else { known(value.to_owned()).map(|value| vec![value]) };
            let from = start + (line.len() - line.trim_start().len()) as u32;
            out.push((join(&section, key.trim()), Found { values, span: Span::new(from, from + trimmed.len() as u32) }));
        }
        start += line.len() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, format: Format, key: &str) -> Option<(Option<Vec<String>>, String)> {
        let settings = Settings::read(text, format)?;
        let found = settings.get(key)?;
        Some((found.values.clone(), text[found.span.range()].to_owned()))
    }

    #[test]
    fn keys_and_places() {
        let list = |values: &[&str]| Some(values.iter().map(|value| value.to_string()).collect::<Vec<_>>());
        assert_eq!(get("a = 1\nupstreams = []\n", Format::Toml, "upstreams"), Some((list(&[]), "upstreams = []".into())));
        assert_eq!(get("[http]\nprefix = '/x'", Format::Toml, "http.prefix").map(|found| found.0), Some(list(&["/x"])));
        assert_eq!(get("http:\n  prefix: /x\n", Format::Yaml, "http.prefix").map(|found| found.0), Some(list(&["/x"])));
        assert_eq!(get("u:\n  v: []\n", Format::Yaml, "u.v").map(|found| found.0), Some(list(&[])));
        assert_eq!(get("u:\n  - path: /a\n", Format::Yaml, "u").map(|found| found.0), Some(None));
        assert_eq!(get("a: ${X}\n", Format::Yaml, "a").map(|found| found.0), Some(None));
        assert_eq!(get("# c\n[s]\n k = v ; x\n", Format::Ini, "s.k"), Some((list(&["v ; x"]), "k = v ; x".into())));
        assert!(Settings::read("a = [", Format::Toml).is_none());
        assert!(Settings::read("a: [", Format::Yaml).is_none());
    }
}

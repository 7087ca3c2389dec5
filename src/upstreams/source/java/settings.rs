//! `application.properties` and `application.yml`, in all their profiles.

use std::cell::Cell;
use std::path::Path;

use super::super::Tree;
use super::super::facts::Expr;

/// How deep values refer to each other.
const DEPTH: u32 = 16;
/// How many references are followed in all.
const STEPS: u32 = 50_000;

/// The properties of an application: keys in [`canonical`] form, every value that any file gives.
#[derive(Debug, Default)]
pub(super) struct Settings {
    values: Vec<(String, String)>,
    /// The keys that files set whatever the profile, and how many such files there are.
    always: Vec<String>,
    steps: Cell<u32>,
    main_files: usize,
    /// True when a file has something that is not understood.
    pub(super) unclear: bool,
    /// True when properties come from elsewhere, too.
    pub(super) imports: bool,
}

/// True for a file with the settings of an application.
pub(super) fn is_main(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let ends = name.ends_with(".properties") || name.ends_with(".yml") || name.ends_with(".yaml");
    ends && (name.starts_with("application") || name.starts_with("bootstrap"))
}

/// A key whatever the way it is written: `contextPath`, `context-path`, `context_path`.
pub(super) fn canonical(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The environment variable that a key has.
fn variable(key: &str) -> String {
    key.chars()
        .filter(|c| *c != '-')
        .map(|c| match c {
            '.' | '[' | ']' => '_',
            c => c.to_ascii_uppercase(),
        })
        .collect()
}

impl Settings {
    /// All files of settings.
    pub(super) fn read(tree: &Tree<'_>) -> Settings {
        let mut out = Settings::default();
        for path in tree.files {
            let yaml = path.extension().is_some_and(|extension| extension != "properties");
            let other = path.extension().is_some_and(|extension| extension == "properties") && path.iter().any(|part| part == "resources");
            if !(is_main(path) || other) {
                continue;
            }
            let Some(text) = tree.text(path) else {
                out.unclear = true;
                continue;
            };
            let before = out.values.len();
            if yaml {
                out.yaml(&text)
            } else {
                out.properties(&text)
            }
            let one_document =
                !text.contains("---") && !text.contains("on-profile") && !text.contains("spring.profiles") && !text.contains("profiles:");
            if path.file_stem().is_some_and(|stem| stem == "application") {
                out.main_files += 1;
                let new = out.values.get(before..).unwrap_or_default().iter().filter(|_| one_document);
                out.always.extend(new.map(|(key, _)| key.clone()));
            }
        }
        out.imports = out.values.iter().any(|(key, value)| {
            key == "spring.config.import" && !value.contains(".env")
                || key.starts_with("spring.cloud.config.uri")
                || key.starts_with("spring.config.additionallocation")
        });
        out
    }

    fn properties(&mut self, text: &str) {
        let joined = text.replace("\\\r\n", "").replace("\\\n", "");
        for line in joined.lines().map(str::trim_start).filter(|line| !line.starts_with(['#', '!'])) {
            let Some(end) = line.find(['=', ':', ' ']) else { continue };
            let value = line.get(end..).unwrap_or("").trim_start_matches([' ', '=', ':', '\t']).trim_end();
            self.values.push((canonical(line.get(..end).unwrap_or("").trim()), value.to_owned()));
        }
    }

    /// Mappings in block style; anything else makes a key unclear.
    fn yaml(&mut self, text: &str) {
        let mut above: Vec<(usize, String)> = Vec::new();
        let mut block: Option<usize> = None;
        for line in text.lines() {
            let content = line.trim_start();
            let indent = line.len() - content.len();
            if content.is_empty() || content.starts_with('#') || block.is_some_and(|outer| indent > outer) {
                continue;
            }
            block = None;
            if content.starts_with("---") || content.starts_with('-') {
                if content.starts_with("---") {
                    above.clear();
                }
                continue;
            }
            let Some((key, value)) = content.split_once(':') else {
                self.unclear = true;
                continue;
            };
            while above.last().is_some_and(|(outer, _)| *outer >= indent) {
                above.pop();
            }
            let key = key.trim().trim_matches(['"', '\'', '[', ']']);
            let whole = match above.last() {
                Some((_, outer)) => format!("{outer}.{key}"),
                None => key.to_owned(),
            };
            let value = value.trim();
            let value = value.split(" #").next().unwrap_or("").trim();
            if value.is_empty() || value.starts_with('#') {
                above.push((indent, whole));
            } else if value.starts_with(['|', '>']) {
                block = Some(indent);
            } else if value.starts_with(['{', '&', '*']) || key == "<<" {
                self.unclear = true;
            } else {
                let plain = value.trim_matches(['"', '\'']);
                self.values.push((canonical(&whole), plain.to_owned()));
            }
        }
    }

    /// True when any key begins with that.
    pub(super) fn has(&self, prefix: &str) -> bool {
        let prefix = canonical(prefix);
        self.values.iter().any(|(key, _)| key.starts_with(&prefix))
    }

    /// True when a key has a value.
    pub(super) fn says(&self, key: &str, value: &str) -> bool {
        let key = canonical(key);
        self.values.iter().any(|(known, given)| *known == key && given == value)
    }

    /// What a property is, its environment variable first; `default` where no file sets it, or only that of a profile does.
    pub(super) fn value(&self, key: &str, default: &str) -> Expr {
        let wanted = canonical(key);
        let mut values: Vec<Expr> =
            self.values.iter().filter(|(known, _)| *known == wanted).map(|(_, value)| self.expanded(value, DEPTH)).collect();
        if self.unclear {
            values.push(Expr::Unknown);
        }
        let always = self.always.iter().filter(|known| **known == wanted).count();
        if always == 0 || always < self.main_files {
            values.push(Expr::text(default));
        }
        Expr::Setting(variable(key).into(), Some(Box::new(Expr::List(values))))
    }

    /// All properties by name, for `${key}` in code.
    pub(super) fn all(&self) -> Vec<(String, Expr)> {
        let shown = |value: &str| value.starts_with(['/', '$']) || value.len() < 64;
        self.values
            .iter()
            .filter(|(_, value)| shown(value))
            .map(|(key, value)| {
                let value = self.expanded(value, DEPTH);
                (format!("${{{key}}}"), Expr::Setting(variable(key).into(), Some(Box::new(value))))
            })
            .collect()
    }

    /// A value with what its `${…}` stand for.
    fn expanded(&self, value: &str, depth: u32) -> Expr {
        let Some(depth) = depth.checked_sub(1) else { return Expr::Unknown };
        if value.contains("#{") || value.starts_with('@') {
            return Expr::Unknown;
        }
        let Some((before, after)) = value.split_once("${") else { return Expr::text(value) };
        if self.steps.get() >= STEPS {
            return Expr::Unknown;
        }
        self.steps.set(self.steps.get() + 1);
        let mut open = 1usize;
        let end = after.char_indices().find_map(|(at, c)| {
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            (open == 0).then_some(at)
        });
        let Some(end) = end else { return Expr::Unknown };
        let inside = after.get(..end).unwrap_or("");
        let rest = self.expanded(after.get(end + 1..).unwrap_or(""), depth);
        let (key, default) = match inside.split_once(':') {
            Some((key, default)) => (key, Some(self.expanded(default, depth))),
            None => (inside, None),
        };
        let wanted = canonical(key);
        let known: Vec<Expr> =
            self.values.iter().filter(|(name, _)| *name == wanted).take(4).map(|(_, value)| self.expanded(value, depth)).collect();
        let default = match known.is_empty() {
            true => default,
            false => Some(Expr::List(known)),
        };
        let name = if key.contains('.') { variable(key) } else { key.to_owned() };
        Expr::Join(vec![Expr::text(before), Expr::Setting(name.into(), default.map(Box::new)), rest])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_both_forms() {
        let mut settings = Settings::default();
        settings.properties("# a\nserver.servlet.contextPath = /a\nb: c\n");
        settings.yaml("server:\n  port: 80 # x\n  servlet:\n    context-path: \"/b\"\nspring:\n  x: |\n    a: b\n  y: z\n---\nserver.servlet.context-path: ${CTX:/c}\n");
        let values: Vec<(&str, &str)> = settings.values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            values,
            [
                ("server.servlet.contextpath", "/a"),
                ("b", "c"),
                ("server.port", "80"),
                ("server.servlet.contextpath", "/b"),
                ("spring.y", "z"),
                ("server.servlet.contextpath", "${CTX:/c}"),
            ]
        );
        assert!(!settings.unclear);
    }
}

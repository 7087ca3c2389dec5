//! `${VAR:-default}` as compose replaces it, `.env` files, and words as a shell splits them.

use std::path::Path;

use super::Vfs;

/// Variables of an environment file.
#[derive(Debug, Clone, Default)]
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// Reads `NAME=value` lines; empty when there is no such file.
    pub fn read(vfs: &Vfs, path: &Path) -> Environment {
        let Ok(text) = vfs.read(vfs.id(path)) else { return Environment::default() };
        let text = text.to_str();
        let pair = |line: &str| {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
            let value = value.trim();
            let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.split(quote).next());
            let value = quoted('"').or_else(|| quoted('\'')).unwrap_or_else(|| value.split(" #").next().unwrap_or("").trim_end());
            Some((name.trim().to_owned(), value.to_owned()))
        };
        Environment(text.lines().filter_map(pair).collect())
    }

    /// Adds variables.
    pub fn extend(&mut self, pairs: &[(String, String)]) {
        self.0.extend_from_slice(pairs);
    }

    /// The last value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of them, in order.
    pub fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

/// Replaces variables as compose does (`$NAME`, `${NAME}`, `:-`, `-`, `:?`, `?`, `:+`, `+`, `$$`). `None` when one has no value:
/// whoever starts the project sets it.
pub fn interpolate(text: &str, environment: &Environment) -> Option<String> {
    interpolate_nested(text, environment, 0)
}

fn interpolate_nested(text: &str, environment: &Environment, depth: usize) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = closing(after)?;
            let inside = &after[..end];
            rest = &after[end + 1..];
            let length = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
            let (name, operator) = inside.split_at(length);
            let value = environment.get(name);
            let filled = value.filter(|value| !value.is_empty());
            let other = |text: &str| if depth < 8 { interpolate_nested(text, environment, depth + 1) } else { None };
            let value = match operator {
                "" => value.map(str::to_owned)?,
                _ if operator.starts_with(":-") => filled.map_or_else(|| other(&operator[2..]), |value| Some(value.to_owned()))?,
                _ if operator.starts_with('-') => value.map_or_else(|| other(&operator[1..]), |value| Some(value.to_owned()))?,
                _ if operator.starts_with(":+") => {
                    if filled.is_some() {
                        other(&operator[2..])?
                    } else {
                        String::new()
                    }
                }
                _ if operator.starts_with('+') => {
                    if value.is_some() {
                        other(&operator[1..])?
                    } else {
                        String::new()
                    }
                }
                _ if operator.starts_with(":?") || operator.starts_with('?') => filled.map(str::to_owned)?,
                _ => return None,
            };
            out.push_str(&value);
        } else {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            if length == 0 {
                out.push('$');
                continue;
            }
            out.push_str(environment.get(&rest[..length])?);
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Where the brace that closes `${` is.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Splits a command line at blanks outside quotes; quotes and backslashes are taken away.
pub fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '"' | '\'') => {
                quote = Some(character);
                begun = true;
            }
            (Some(open), _) if open == character => quote = None,
            (None | Some('"'), '\\') => {
                word.extend(characters.next());
                begun = true;
            }
            (None, _) if character.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                    begun = false;
                }
            }
            _ => word.push(character),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_as_compose_does() {
        let environment = Environment(vec![("A".into(), "1".into()), ("E".into(), String::new())]);
        let cases = [
            ("$A-${A}", Some("1-1")),
            ("${B:-x}/${B-y}", Some("x/y")),
            ("${E:-x}${E-y}", Some("x")),
            ("${A:+z}${B:+z}", Some("z")),
            ("${B:-${A}}", Some("1")),
            ("$$A", Some("$A")),
            ("${B:?needed}", None),
            ("$B", None),
            ("${A", None),
            ("a$ b", Some("a$ b")),
        ];
        for (text, expected) in cases {
            assert_eq!(interpolate(text, &environment).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        assert_eq!(shell_words(r#"curl -H "a: b" 'c d' e\ f """#), ["curl", "-H", "a: b", "c d", "e f", ""]);
    }
}

//! The condition of an `if`, read as `ngx_http_rewrite_if_condition` reads it.

use crate::syntax::Directive;

/// What an `if` asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition<'a> {
    /// `($name)`: neither empty nor `0`.
    Set {
        /// Without the `$`.
        variable: &'a str,
    },
    /// `($name = text)`, `($name != text)`
    Equal {
        /// Without the `$`.
        variable: &'a str,
        /// As written: it may have variables in it.
        text: &'a str,
        /// `!=`
        negated: bool,
    },
    /// `($name ~ regex)`, `~*`, `!~`, `!~*`
    Matches {
        /// Without the `$`.
        variable: &'a str,
        /// The regex.
        pattern: &'a str,
        /// `~*`
        caseless: bool,
        /// `!~`
        negated: bool,
    },
    /// `(-f text)` and the like.
    File {
        /// `-f`, `!-d`, …
        test: &'a str,
        /// As written.
        path: &'a str,
    },
}

impl<'a> Condition<'a> {
    /// The condition of an `if`; `None` for one that nginx refuses.
    pub fn read(directive: &'a Directive) -> Option<Condition<'a>> {
        let mut words: Vec<&str> = directive.args.iter().map(|word| &*word.value).collect();
        let first = words.first_mut()?;
        *first = first.strip_prefix('(')?;
        if first.is_empty() {
            words.remove(0);
        }
        let last = words.last_mut()?;
        *last = last.strip_suffix(')')?;
        if last.is_empty() {
            words.pop();
        }
        match words.as_slice() {
            [variable] if variable.len() > 1 => Some(Condition::Set { variable: name(variable)? }),
            [test @ ("-f" | "!-f" | "-d" | "!-d" | "-e" | "!-e" | "-x" | "!-x"), path] => Some(Condition::File { test, path }),
            [variable, operator, text] => {
                let variable = name(variable)?;
                let (operator, negated) = operator.strip_prefix('!').map_or((*operator, false), |operator| (operator, true));
                match operator {
                    "=" => Some(Condition::Equal { variable, text, negated }),
                    "~" | "~*" => Some(Condition::Matches { variable, pattern: text, caseless: operator == "~*", negated }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The variable that is asked for, without its `$`; none for a test of a file.
    pub fn variable(&self) -> Option<&'a str> {
        match self {
            Condition::Set { variable } | Condition::Equal { variable, .. } | Condition::Matches { variable, .. } => Some(variable),
            Condition::File { .. } => None,
        }
    }
}

/// The condition of an `if` as it is written: `($a = b)`.
pub fn written(directive: &Directive) -> String {
    directive.args.iter().map(|word| &*word.value).collect::<Vec<_>>().join(" ").replace(" )", ")").replace("( ", "(")
}

/// `${name}` is no variable here: nginx takes all that follows the `$` for the name.
fn name(word: &str) -> Option<&str> {
    word.strip_prefix('$').filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Parse;
    use crate::text::Text;

    fn read(condition: &str) -> String {
        let parse = Parse::new(&Text::new(&format!("if {condition} {{ }}")));
        Condition::read(&parse.directives[0]).map_or("refused".to_owned(), |condition| format!("{condition:?}"))
    }

    #[test]
    fn as_nginx_reads_it() {
        assert_eq!(read("($a)"), r#"Set { variable: "a" }"#);
        assert_eq!(read("( $a )"), r#"Set { variable: "a" }"#);
        assert_eq!(read("($a = \"b c\")"), r#"Equal { variable: "a", text: "b c", negated: false }"#);
        assert_eq!(read("($a != b)"), r#"Equal { variable: "a", text: "b", negated: true }"#);
        assert_eq!(read("($a !~* ^x(y)$ )"), r#"Matches { variable: "a", pattern: "^x(y)$", caseless: true, negated: true }"#);
        assert_eq!(read("(!-f $request_filename)"), r#"File { test: "!-f", path: "$request_filename" }"#);
        assert_eq!(read("($a = '')"), r#"Equal { variable: "a", text: "", negated: false }"#);
        for refused in ["$a", "($a", "($a == b)", "($)", "(${a})", "(a = b)", "()", "($a = b c)"] {
            assert_eq!(read(refused), "refused", "{refused}");
        }
    }
}

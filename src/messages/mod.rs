//! What people read, in their language: one file a language ([Fluent](https://projectfluent.org)), looked up by the message's id.
//!
//! English is complete and what a language lacks is said in English; a test finds what is missing.

mod later;
mod list;
pub mod printable;

use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::{self, Expression, Identifier, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

pub use fluent_bundle::FluentValue as Value;
pub use later::{Argument, Message};
pub use list::{Joint, join, list};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A language that the messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English
    #[default]
    #[serde(rename = "en")]
    English,
    /// 日本語
    #[serde(rename = "ja")]
    Japanese,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::English, Language::Japanese];

    /// The language of a tag as in BCP 47 or POSIX (`ja`, `ja-JP`, `ja_JP.UTF-8`); English for every one that there are no messages in.
    pub fn of_tag(tag: &str) -> Language {
        match tag.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ja" => Language::Japanese,
            _ => Language::English,
        }
    }

    /// Its tag as in BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Japanese => "ja",
        }
    }

    /// The file of its messages.
    pub fn source(self) -> &'static str {
        match self {
            Language::English => include_str!("en.ftl"),
            Language::Japanese => include_str!("ja.ftl"),
        }
    }

    /// What a message says; `None` where the language has none of that id.
    fn pattern(self, id: &str) -> Option<&'static Pattern<&'static str>> {
        static ENGLISH: LazyLock<Patterns> = LazyLock::new(|| Patterns::of(Language::English.source()));
        static JAPANESE: LazyLock<Patterns> = LazyLock::new(|| Patterns::of(Language::Japanese.source()));
        match self {
            Language::English => ENGLISH.get(id),
            Language::Japanese => JAPANESE.get(id),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::English));
        static JAPANESE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::Japanese));
        match self {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }
}

/// The messages of a file by their ids. Of some two thousand a run says a few dozen: only those are parsed.
struct Patterns {
    source: &'static str,
    numbers: FxHashMap<&'static str, u32>,
    entries: Vec<Entry>,
}

struct Entry {
    /// Where in the source it is.
    start: u32,
    end: u32,
    /// What it says; parsed when it is first asked for.
    pattern: OnceLock<Option<Pattern<&'static str>>>,
}

impl Patterns {
    fn of(source: &'static str) -> Patterns {
        let (mut numbers, mut entries) = (FxHashMap::default(), Vec::new());
        numbers.reserve(source.len() / 120);
        entries.reserve(source.len() / 120);
        // A message begins where a line begins with a letter, and goes on to the next.
        let begins = |at: &usize| source.as_bytes().get(*at).is_some_and(u8::is_ascii_alphabetic);
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', source.as_bytes()).map(|end| end + 1));
        let mut starts = lines.filter(begins).peekable();
        while let Some(start) = starts.next() {
            let end = starts.peek().copied().unwrap_or(source.len());
            let Some(entry) = source.get(start..end) else { continue };
            let id = memchr::memchr2(b' ', b'=', entry.as_bytes()).and_then(|end| entry.get(..end)).unwrap_or_default();
            numbers.entry(id).or_insert(entries.len() as u32);
            entries.push(Entry { start: start as u32, end: end as u32, pattern: OnceLock::new() });
        }
        Patterns { source, numbers, entries }
    }

    fn get(&self, id: &str) -> Option<&Pattern<&'static str>> {
        let Entry { start, end, pattern } = self.entries.get(*self.numbers.get(id)? as usize)?;
        let parse = || {
            // What could be read counts; a test sees that there are no errors.
            let source = self.source.get(*start as usize..*end as usize)?;
            let parsed = fluent_syntax::parser::parse_runtime(source).unwrap_or_else(|(parsed, _)| parsed);
            parsed.body.into_iter().find_map(|entry| match entry {
                ast::Entry::Message(message) => message.value,
                _ => None,
            })
        };
        pattern.get_or_init(parse).as_ref()
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let resource = match FluentResource::try_new(language.source().to_owned()) {
        Ok(resource) => resource,
        // What could be read counts; a test sees that there are no errors.
        Err((resource, _)) => resource,
    };
    let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
    // The isolation marks of Unicode are for running text in both directions; terminals and editors show them as boxes.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The message in the language, with its arguments put in; in English where the language has none, the id where English has none either.
pub fn say(language: Language, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
    for language in [language, Language::English] {
        if let Some(pattern) = language.pattern(id) {
            let mut said = String::new();
            if plain(language, pattern, arguments, &mut said).is_some() {
                return said;
            }
            let bundle = language.bundle();
            let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
            let mut errors = Vec::new();
            let said = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
            debug_assert!(errors.is_empty(), "{id}: {errors:?}");
            return said;
        }
    }
    id.to_owned()
}

/// A message that is text with arguments in it, and of which an argument chooses the form at most: put together without the machinery that can
/// do more, which takes ten times as long. `None` for any other; what was said so far means nothing then.
fn plain(language: Language, pattern: &Pattern<&str>, arguments: &[(&str, Value<'_>)], said: &mut String) -> Option<()> {
    let argument = |id: &Identifier<&str>| arguments.iter().find(|(name, _)| *name == id.name).map(|(_, value)| value);
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => said.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
                match argument(id)? {
                    Value::String(text) => said.push_str(text),
                    Value::Number(number) => said.push_str(&number.as_string()),
                    _ => return None,
                }
            }
            PatternElement::Placeable {
                expression: Expression::Select { selector: InlineExpression::VariableReference { id }, variants },
            } => plain(language, chosen(language, argument(id)?, variants)?, arguments, said)?,
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some(())
}

/// The variant that a text or a whole number chooses, as the resolver of Fluent does it: the first that it is, or of whose category it is.
fn chosen<'a, 's>(language: Language, value: &Value<'_>, variants: &'a [Variant<&'s str>]) -> Option<&'a Pattern<&'s str>> {
    let is_one = |key: &VariantKey<&str>| match (key, value) {
        (VariantKey::Identifier { name }, Value::String(text)) => name == text,
        // `Intl` has no other category of whole numbers for these languages.
        (VariantKey::Identifier { name }, Value::Number(number)) => match language {
            Language::English if number.value == 1.0 => *name == "one",
            Language::English | Language::Japanese => *name == "other",
        },
        (VariantKey::NumberLiteral { value }, Value::Number(number)) => value.parse() == Ok(number.value),
        _ => false,
    };
    let fits = matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if number.value.fract() == 0.0);
    let default = || variants.iter().find(|variant| variant.default);
    let variant = variants.iter().find(|variant| is_one(&variant.key)).or_else(default).filter(|_| fits)?;
    Some(&variant.value)
}

/// [`say`] with named arguments: `message!(language, "hits", count = 3, days = 7)`.
#[macro_export]
macro_rules! message {
    ($language:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::messages::say($language, $id, &[$((stringify!($name), $crate::messages::Value::from($value))),*])
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::ast::Entry;

    use super::*;

    /// The variables of a message: those that it shows, and those by which it chooses the form of a word.
    #[derive(Debug, Default)]
    struct Variables {
        shown: BTreeSet<String>,
        choosing: BTreeSet<String>,
    }

    type Ids = Vec<(String, Variables)>;

    /// Ids with the variables of each.
    fn ids(language: Language) -> Ids {
        let parsed = fluent_syntax::parser::parse(language.source()).unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
        let messages = parsed.body.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name.to_owned(), message.value.as_ref())),
            _ => None,
        });
        messages
            .map(|(id, value)| {
                let mut names = Variables::default();
                value.into_iter().for_each(|pattern| variables(pattern, &mut names));
                (id, names)
            })
            .collect()
    }

    fn variables(pattern: &Pattern<&str>, out: &mut Variables) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                of_expression(expression, out);
            }
        }
    }

    fn of_expression(expression: &Expression<&str>, out: &mut Variables) {
        match expression {
            Expression::Inline(inline) => of_inline(inline, out),
            Expression::Select { selector, variants } => {
                if let InlineExpression::VariableReference { id } = selector {
                    out.choosing.insert(id.name.to_owned());
                }
                variants.iter().for_each(|variant| variables(&variant.value, out));
            }
        }
    }

    fn of_inline(inline: &InlineExpression<&str>, out: &mut Variables) {
        match inline {
            InlineExpression::VariableReference { id } => drop(out.shown.insert(id.name.to_owned())),
            InlineExpression::Placeable { expression } => of_expression(expression, out),
            _ => {}
        }
    }

    #[test]
    fn every_language_has_every_message_once_with_no_other_arguments() {
        let english = ids(Language::English);
        let unique: BTreeSet<_> = english.iter().map(|(id, _)| id).collect();
        assert_eq!(unique.len(), english.len(), "an id is there twice");
        for language in Language::ALL {
            let theirs = ids(language);
            for (id, names) in &english {
                let Some((_, found)) = theirs.iter().find(|(one, _)| one == id) else { panic!("{}: {id} is missing", language.tag()) };
                // Whether there is one or several of something matters to some languages only.
                assert_eq!(names.shown, found.shown, "{}: {id} shows something else", language.tag());
                let known = |name: &String| names.choosing.contains(name) || names.shown.contains(name);
                assert!(found.choosing.iter().all(known), "{}: {id} has other arguments", language.tag());
            }
            assert_eq!(theirs.len(), english.len(), "{}: a message that English lacks, or twice", language.tag());
        }
    }

    #[test]
    fn what_is_put_together_here_is_what_fluent_says() {
        let mut plain_ones = 0;
        for language in Language::ALL {
            let bundle = language.bundle();
            for (id, names) in ids(language) {
                let Some(pattern) = bundle.get_message(&id).and_then(|message| message.value()) else { continue };
                assert_eq!(language.pattern(&id), Some(pattern), "{}: {id}", language.tag());
                let texts = ["a {b} \u{201c}c\u{201d} { $x }\n", "one", "no", "yes", "mounted"].map(Value::from);
                for value in texts.into_iter().chain([0usize, 1, 2, 5, 11, 21, 1_234_567].map(Value::from)) {
                    let all = names.shown.iter().chain(&names.choosing).map(|name| (name.as_str(), value.clone()));
                    let mut said = String::new();
                    if plain(language, pattern, &all.clone().collect::<Vec<_>>(), &mut said).is_none() {
                        continue;
                    }
                    let arguments: FluentArgs<'_> = all.collect();
                    let mut errors = Vec::new();
                    assert_eq!(said, bundle.format_pattern(pattern, Some(&arguments), &mut errors), "{}: {id}", language.tag());
                    plain_ones += 1;
                }
            }
        }
        assert!(plain_ones > 10_000, "{plain_ones}");
    }

    #[test]
    fn numbers_choose_the_form_of_a_word() {
        assert_eq!(message!(Language::English, "days", count = 1), "1 day");
        assert_eq!(message!(Language::English, "days", count = 3), "3 days");
        assert_eq!(message!(Language::Japanese, "days", count = 3), "3日間");
        assert_eq!(message!(Language::of_tag("ja_JP.UTF-8"), "no-such-message"), "no-such-message");
    }
}

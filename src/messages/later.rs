//! Messages that are made where nobody knows yet in which language they will be read: the id and the arguments, said later.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::{Joint, Language, Value, join, say};

/// A message with its arguments: [`Message::say`] puts it into words. Make it with [`phrase!`](crate::phrase).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    id: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

/// What a [`Message`] is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Argument {
    /// A text that is the same in each language: a name, a path, a line of the configuration.
    Text(String),
    /// A number.
    Number(usize),
    /// A message of its own, said in the same language.
    Message(Message),
    /// Several, joined as the language joins them.
    List(Joint, Vec<Argument>),
}

impl Message {
    /// The message of that id.
    pub fn new(id: &'static str, arguments: Vec<(&'static str, Argument)>) -> Message {
        Message { id, arguments }
    }

    /// What somebody else has put into words already: a parser's error, a person's own text.
    pub fn verbatim(text: impl Into<String>) -> Message {
        Message::new("verbatim", vec![("text", Argument::Text(text.into()))])
    }

    /// Which message it is.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// In words.
    pub fn say(&self, language: Language) -> String {
        let arguments: Vec<(&str, Value<'_>)> = self.arguments.iter().map(|(name, argument)| (*name, argument.value(language))).collect();
        say(language, self.id, &arguments)
    }
}

impl Argument {
    fn value(&self, language: Language) -> Value<'_> {
        match self {
            Argument::Text(text) => Value::from(text.as_str()),
            Argument::Number(number) => Value::from(*number),
            Argument::Message(message) => Value::from(message.say(language)),
            Argument::List(joint, items) => {
                let items: Vec<String> = items.iter().map(|item| item.say(language)).collect();
                Value::from(join(language, *joint, &items))
            }
        }
    }

    fn say(&self, language: Language) -> String {
        match self {
            Argument::Number(number) => number.to_string(),
            other => match other.value(language) {
                Value::String(text) => text.into_owned(),
                _ => String::new(),
            },
        }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message::verbatim(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Argument {
        Argument::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Argument {
        Argument::Text(text)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Argument {
        Argument::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Argument {
    fn from(text: Cow<'_, str>) -> Argument {
        Argument::Text(text.into_owned())
    }
}

impl From<&Arc<str>> for Argument {
    fn from(text: &Arc<str>) -> Argument {
        Argument::Text(text.to_string())
    }
}

impl From<&Path> for Argument {
    fn from(path: &Path) -> Argument {
        Argument::Text(path.display().to_string())
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Argument {
        Argument::Number(number)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Argument {
        Argument::Message(message)
    }
}

impl From<(Joint, Vec<Argument>)> for Argument {
    fn from((joint, items): (Joint, Vec<Argument>)) -> Argument {
        Argument::List(joint, items)
    }
}

impl From<(Joint, Vec<String>)> for Argument {
    fn from((joint, items): (Joint, Vec<String>)) -> Argument {
        Argument::List(joint, items.into_iter().map(Argument::Text).collect())
    }
}

/// A [`Message`] with named arguments: `phrase!("hits", count = 3)`.
#[macro_export]
macro_rules! phrase {
    ($id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::messages::Message::new($id, vec![$((stringify!($name), $crate::messages::Argument::from($value))),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_said_in_the_language_of_whoever_reads_it() {
        let items = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let list = Message::new("verbatim", vec![("text", Argument::from((Joint::And, items)))]);
        assert_eq!(list.say(Language::English), "a, b and c");
        assert_eq!(list.say(Language::Japanese), "a、b、c");
        let nested = Message::new("verbatim", vec![("text", Argument::from(phrase!("days", count = 2)))]);
        assert_eq!((nested.say(Language::English), nested.say(Language::Japanese)), ("2 days".to_owned(), "2日間".to_owned()));
        assert_eq!(Message::verbatim("{ $x }").say(Language::Japanese), "{ $x }");
    }
}

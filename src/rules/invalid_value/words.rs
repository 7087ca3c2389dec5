//! What is said of a value.

use crate::message;
use crate::messages::{Joint, Language, join};
use crate::nginx::parameters::{Kind, Parameter};
use crate::nginx::values::condition::Trouble as ConditionTrouble;
use crate::nginx::values::{AddressTrouble, TemplateTrouble, Why};

/// More words than these are no help.
const MOST: usize = 8;

/// One sentence: what is wrong with a value, and what is right there.
pub(super) fn message(language: Language, name: &str, value: &str, why: &Why) -> String {
    match why {
        Why::NoneOf(parameter) => {
            message!(language, "invalid-value-takes", name = name, what = wanted(language, parameter), value = value)
        }
        Why::Option(alternative) => {
            let what = kind(language, alternative.kind);
            let rest = value.get(alternative.key.len() + 1..).unwrap_or_default();
            message!(language, "invalid-value-option-takes", name = name, option = alternative.key, what = what, value = rest)
        }
        Why::NoOption(parameter) => {
            message!(language, "invalid-value-no-option", name = name, value = value, what = options(language, parameter))
        }
        Why::Variable => message!(language, "invalid-value-variable", name = name, value = value),
        Why::Template(TemplateTrouble::Dollar) => message!(language, "invalid-value-dollar", value = value),
        Why::Template(TemplateTrouble::Brace) => message!(language, "invalid-value-brace", value = value),
        Why::Address(trouble) => {
            let id = match trouble {
                AddressTrouble::NoHost => "invalid-value-address-host",
                AddressTrouble::Host => "invalid-value-address-path",
                AddressTrouble::Port => "invalid-value-address-port",
                AddressTrouble::Range => "invalid-value-address-range",
                AddressTrouble::Ipv6 => "invalid-value-address-ipv6",
                AddressTrouble::NoPath => "invalid-value-address-unix",
                AddressTrouble::LongPath => "invalid-value-address-long",
            };
            message!(language, id, name = name, value = value)
        }
        Why::Condition(trouble) => {
            let id = match trouble {
                ConditionTrouble::Open => "invalid-value-if-open",
                ConditionTrouble::Close => "invalid-value-if-close",
                ConditionTrouble::Words => "invalid-value-if-words",
                ConditionTrouble::Operator => "invalid-value-if-operator",
                ConditionTrouble::Start => "invalid-value-if-start",
            };
            message!(language, id, value = value)
        }
        Why::Missing(option) => message!(language, "invalid-value-missing", name = name, option = *option),
        Why::Small(least) => message!(language, "invalid-value-small", name = name, value = value, least = format!("{least}k")),
        Why::Scheme(schemes) => {
            let schemes: Vec<String> = schemes.split('|').map(|scheme| format!("`{scheme}`")).collect();
            message!(language, "invalid-value-scheme", name = name, value = value, schemes = join(language, Joint::Or, &schemes))
        }
        Why::Empty => message!(language, "invalid-value-empty", name = name),
        Why::ClientGone => message!(language, "invalid-value-499"),
        Why::StatusRange(low, high) => {
            message!(language, "invalid-value-status-range", name = name, low = low.to_string(), high = high.to_string(), value = value)
        }
        Why::NoStatus => message!(language, "invalid-value-no-status", name = name, value = value),
        Why::ReturnText => message!(language, "invalid-value-return-text", value = value),
        Why::DailyTime => message!(language, "invalid-value-daily", value = value),
        Why::Wildcard => message!(language, "invalid-value-wildcard", value = value),
        Why::NoVariable => message!(language, "invalid-value-no-variable", name = name, value = value),
        Why::Modifier => message!(language, "invalid-value-modifier", value = value),
        Why::Levels => message!(language, "invalid-value-levels", value = value),
        Why::Pair => message!(language, "invalid-value-pair", name = name),
        Why::LocalAddress => message!(language, "invalid-value-local", name = name, value = value),
        Why::Network => message!(language, "invalid-value-network", name = name, value = value),
        Why::AddressRange => message!(language, "invalid-value-range", value = value),
        Why::Percent => message!(language, "invalid-value-percent", value = value),
        Why::BehindOff => message!(language, "invalid-value-behind-off", name = name, value = value),
    }
}

/// All that may stand at a place.
fn wanted(language: Language, parameter: &Parameter) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut kinds: Vec<String> = Vec::new();
    for alternative in parameter.alternatives.iter().filter(|alternative| alternative.key.is_empty()) {
        match alternative.kind {
            Kind::Word(all) => words.extend(all.split('|').map(|word| format!("`{word}`"))),
            other => kinds.push(kind(language, other)),
        }
    }
    words.truncate(MOST);
    words.extend(kinds);
    words.dedup();
    join(language, Joint::Or, &words)
}

fn options(language: Language, parameter: &Parameter) -> String {
    let of = |alternative: &crate::nginx::parameters::Alternative| match alternative.kind {
        _ if !alternative.key.is_empty() => Some(format!("`{}=`", alternative.key)),
        Kind::Word(word) => Some(format!("`{word}`")),
        _ => None,
    };
    let all: Vec<String> = parameter.alternatives.iter().filter_map(of).collect();
    crate::messages::list(language, &all, MOST)
}

fn kind(language: Language, kind: Kind) -> String {
    match kind {
        Kind::Flag => message!(language, "invalid-value-kind-flag"),
        Kind::Size => message!(language, "invalid-value-kind-size"),
        Kind::Offset => message!(language, "invalid-value-kind-offset"),
        Kind::Time => message!(language, "invalid-value-kind-time"),
        Kind::Seconds => message!(language, "invalid-value-kind-seconds"),
        Kind::Number(Some((low, high))) if high < i32::MAX as u32 => {
            message!(language, "invalid-value-kind-range", low = low.to_string(), high = high.to_string())
        }
        Kind::Number(Some((low, _))) if low > 0 => message!(language, "invalid-value-kind-least", low = low.to_string()),
        Kind::Number(_) => message!(language, "invalid-value-kind-number"),
        Kind::Word(words) => {
            let words: Vec<String> = words.split('|').take(MOST).map(|word| format!("`{word}`")).collect();
            join(language, Joint::Or, &words)
        }
        Kind::Cidr => message!(language, "invalid-value-kind-cidr"),
        Kind::Zone => message!(language, "invalid-value-kind-zone"),
        Kind::Rate => message!(language, "invalid-value-kind-rate"),
        Kind::Access => message!(language, "invalid-value-kind-access"),
        Kind::Status => message!(language, "invalid-value-kind-status"),
        _ => message!(language, "invalid-value-kind-text"),
    }
}

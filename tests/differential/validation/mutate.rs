//! One thing wrong, at random.

use std::sync::Arc;

use nginx_analyzer::nginx::directives;
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::Text;

use crate::support::Random;

/// A text with one change.
pub struct Mutation {
    pub kind: &'static str,
    /// What was changed, for people.
    pub what: String,
    pub text: String,
}

/// Values that some directive may be given by mistake.
const VALUES: [&str; 24] = [
    "on",
    "off",
    "maybe",
    "10",
    "0",
    "-1",
    "10k",
    "10m",
    "10x",
    "1g",
    "30s",
    "1h30m",
    "30sec",
    "80",
    "99999",
    "*",
    "127.0.0.1",
    "10.0.0.0/8",
    "300.0.0.1",
    "/path",
    "@name",
    "$undefined_name",
    "a=b",
    "",
];

/// A directive of the text, the modules' lines at its top left out.
fn choose<'a>(all: &[&'a Arc<Directive>], random: &mut Random, fits: impl Fn(&Directive) -> bool) -> Option<&'a Arc<Directive>> {
    let fitting: Vec<_> = all.iter().filter(|directive| !directive.is("load_module") && fits(directive)).collect();
    (!fitting.is_empty()).then(|| *fitting[random.below(fitting.len())])
}

fn flatten<'a>(directives: &'a [Arc<Directive>], out: &mut Vec<&'a Arc<Directive>>) {
    for directive in directives {
        out.push(directive);
        flatten(directive.children(), out);
    }
}

/// Changes one thing; `None` where what was to be changed is not there.
pub fn mutate(text: &str, random: &mut Random) -> Option<Mutation> {
    let parse = Parse::with_vocabulary(&Text::new(text), directives::is_known);
    let mut all = Vec::new();
    flatten(&parse.directives, &mut all);
    let of = |directive: &Directive| text.get(directive.span.range()).unwrap_or_default().chars().take(60).collect::<String>();
    let replace = |range: std::ops::Range<usize>, with: &str| {
        let mut text = text.to_owned();
        text.replace_range(range, with);
        text
    };
    let simple = |directive: &Directive| matches!(directive.body, Body::Simple);
    let with_arguments = |directive: &Directive| !directive.args.is_empty();
    Some(match random.below(12) {
        0 => {
            let directive = choose(&all, random, simple)?;
            Mutation { kind: "directive dropped", what: of(directive), text: replace(directive.span.range(), "") }
        }
        1 => {
            let directive = choose(&all, random, |_| true)?;
            let copy = text.get(directive.span.range())?;
            Mutation { kind: "directive twice", what: of(directive), text: replace(directive.span.range(), &format!("{copy}\n{copy}")) }
        }
        2 => {
            let directive = choose(&all, random, simple)?;
            let block = choose(&all, random, |block| {
                matches!(block.body, Body::Block(_)) && !block.span.range().contains(&(directive.span.start as usize))
            })?;
            let Body::Block(body) = &block.body else { return None };
            let at = body.span.start as usize + 1;
            let copy = text.get(directive.span.range())?;
            Mutation {
                kind: "directive moved",
                what: format!("{} into {}", of(directive), of(block)),
                text: replace(at..at, &format!("\n{copy}\n")),
            }
        }
        3 => {
            let directive = choose(&all, random, |directive| directive.name.value.len() > 2)?;
            let name = directive.name.span.range();
            let at = name.start + 1 + random.below(name.len() - 1);
            Mutation { kind: "name misspelt", what: of(directive), text: replace(at..at + 1, if random.below(2) == 0 { "" } else { "x" }) }
        }
        4 | 5 => {
            let directive = choose(&all, random, with_arguments)?;
            let word = &directive.args[random.below(directive.args.len())];
            let value = VALUES[random.below(VALUES.len())];
            let quoted = if value.is_empty() { "\"\"" } else { value };
            Mutation {
                kind: "argument changed",
                what: format!("{} with {quoted}", of(directive)),
                text: replace(word.span.range(), quoted),
            }
        }
        6 => {
            let directive = choose(&all, random, with_arguments)?;
            let word = &directive.args[random.below(directive.args.len())];
            Mutation { kind: "argument dropped", what: of(directive), text: replace(word.span.range(), "") }
        }
        7 => {
            let directive = choose(&all, random, with_arguments)?;
            let end = directive.args.last()?.span.end as usize;
            let value = VALUES[random.below(VALUES.len() - 1)];
            Mutation { kind: "argument added", what: format!("{} {value}", of(directive)), text: replace(end..end, &format!(" {value}")) }
        }
        8 => {
            let directive = choose(&all, random, simple)?;
            let end = directive.span.end as usize;
            let last = text.get(end - 1..end)? == ";";
            last.then(|| Mutation { kind: "no semicolon", what: of(directive), text: replace(end - 1..end, "") })?
        }
        9 => {
            let at: Vec<usize> = text.match_indices(['{', '}']).map(|(at, _)| at).collect();
            let at = *at.get(random.below(at.len().max(1)))?;
            Mutation { kind: "no brace", what: format!("at {at}"), text: replace(at..at + 1, "") }
        }
        10 => {
            let directive = choose(&all, random, with_arguments)?;
            let word = &directive.args[random.below(directive.args.len())];
            let at = word.span.start as usize;
            let quote = if random.below(2) == 0 { "\"" } else { "'" };
            Mutation { kind: "a quote", what: of(directive), text: replace(at..at, quote) }
        }
        _ => {
            // One letter of a value more, or less.
            let directive = choose(&all, random, with_arguments)?;
            let word = &directive.args[random.below(directive.args.len())];
            let range = word.span.range();
            let at = range.start + random.below(range.len().max(1));
            let text = match text.is_char_boundary(at) && text.is_char_boundary(at + 1) && random.below(2) == 0 {
                true => replace(at..at + 1, ""),
                false if text.is_char_boundary(at) => replace(at..at, ["1", "x", "$", "_", "/", "("][random.below(6)]),
                false => return None,
            };
            Mutation { kind: "a letter changed", what: of(directive), text }
        }
    })
}

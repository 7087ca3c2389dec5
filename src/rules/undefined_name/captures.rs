//! Captures that a regex does not have.

use crate::message;
use crate::project::Place;
use crate::routing::pattern::Pattern;
use crate::rules::claims::is_filled_in;
use crate::rules::{Confidence, Finding, Severity};
use crate::text::Span;
use crate::world::View;

/// `$2` in what a `rewrite` puts in place of a URI, when its regex has one group: its own match gives all that `$1` to `$9` are
/// there (`ngx_http_script_regex_start_code`), and a group that is not there gives nothing (`ngx_http_script_copy_capture_code`).
pub(super) fn of_rewrites(view: View, out: &mut Vec<Finding>) {
    let config = view.config;
    for id in config.all("rewrite") {
        let directive = config.directive(*id);
        let (Some(regex), Some(replacement)) = (directive.arg(0), directive.args.get(1)) else { continue };
        if !replacement.value.contains('$') || is_filled_in(regex) || is_filled_in(&replacement.value) {
            continue;
        }
        let Some((count, _)) = Pattern::get(regex, false).groups() else { continue };
        for (at, number) in numbered(&replacement.value) {
            if number <= count {
                continue;
            }
            // Where the word is written as it is read, the capture itself is underlined.
            let span = replacement.span;
            let plain = span.len() as usize == replacement.value.len();
            let start = span.start + at as u32;
            let span = if plain { Span::new(start, start + 2) } else { span };
            let place = Place { file: config.entry(*id).file, span };
            let message = message!(view.language, "undefined-name-capture", number = number, regex = regex, count = count);
            let finding = Finding::new(super::RULE.id, Severity::Warning, Confidence::Proven, place, message);
            let around = config.entry(*id).parent.map(|parent| config.directive(parent)).filter(|parent| parent.is("if"));
            let matches = around.is_some_and(|around| around.args.iter().any(|word| matches!(&*word.value, "~" | "~*")));
            out.push(if matches { finding.note(message!(view.language, "undefined-name-capture-if")) } else { finding });
        }
    }
}

/// `$1` to `$9`, each with its offset; a further digit is text (`ngx_http_script_compile`).
fn numbered(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().filter_map(|(at, pair)| match pair {
        [b'$', digit @ b'1'..=b'9'] => Some((at, usize::from(digit - b'0'))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_server;
    use crate::world::Analysis;

    fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
        analysis.views().for_each(|view| of_rewrites(view, out));
    }

    #[test]
    fn of_the_regex_itself() {
        let said = |server: &str| in_server(check, server).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
        assert_eq!(said("rewrite ^/a/(.*)$ /b/$2 last;"), ["`$2` is always empty: the regex `^/a/(.*)$` has 1 group"]);
        assert_eq!(said("rewrite ^/a /b/$1;"), ["`$1` is always empty: the regex `^/a` has no group"]);
        let found = in_server(check, "if ($args ~ q=(.*)) { rewrite ^ /s/$1? permanent; }");
        assert_eq!(found.iter().map(|finding| finding.related.len()).collect::<Vec<_>>(), [1]);
        let none: [&str; 0] = [];
        assert_eq!(said("rewrite ^/(a)(b) /$1/$2/$10/$x; rewrite ^/(?<n>a) /$n/$1; rewrite ^/({{x}}) /$3; rewrite ^/( /$1;"), none);
    }
}

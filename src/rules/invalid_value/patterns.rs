//! Regexes that PCRE refuses (`ngx_regex_compile`).

use super::{finding, is_filled_in};
use crate::config::EntryId;
use crate::message;
use crate::nginx::directives::Directive;
use crate::nginx::values::condition::{self, Condition};
use crate::project::Place;
use crate::routing::pattern::Pattern;
use crate::rules::Finding;
use crate::syntax::Word;
use crate::world::View;

/// Looks at the regexes that a directive has.
pub(super) fn check(view: View, id: EntryId, known: &Directive, out: &mut Vec<Finding>) {
    let args = &view.config.directive(id).args;
    let first = args.first();
    match (known.name, known.protocol) {
        ("location", "http") => match args.as_slice() {
            [operator, pattern] if matches!(&*operator.value, "~" | "~*") => {
                compile(view, id, pattern, &pattern.value, &*operator.value == "~*", out);
            }
            [one] => {
                if let Some(pattern) = one.value.strip_prefix("~*") {
                    compile(view, id, one, pattern, true, out);
                } else if let Some(pattern) = one.value.strip_prefix('~') {
                    compile(view, id, one, pattern, false, out);
                }
            }
            _ => {}
        },
        ("rewrite", "http") | ("fastcgi_split_path_info", _) => {
            if let Some(word) = first {
                compile(view, id, word, &word.value, false, out);
            }
        }
        ("if", "http") => {
            if let Ok(Condition::Match(_, operator, pattern)) = condition::read(args)
                && let Some(word) = args.iter().rev().find(|word| &*word.value != ")")
            {
                compile(view, id, word, pattern, operator.ends_with('*'), out);
            }
        }
        ("server_name", "http" | "stream") => {
            for word in args {
                if let Some(pattern) = word.value.strip_prefix('~').filter(|pattern| !pattern.is_empty()) {
                    compile(view, id, word, pattern, pattern.bytes().any(|byte| byte.is_ascii_uppercase()), out);
                }
            }
        }
        ("valid_referers", "http") => {
            for word in args {
                if let Some(pattern) = word.value.strip_prefix('~').filter(|pattern| !pattern.is_empty()) {
                    compile(view, id, word, pattern, true, out);
                }
            }
        }
        // `ngx_http_proxy_redirect` and those after it: with `~*` without case, as those of cookies are anyway.
        ("proxy_redirect" | "proxy_cookie_domain" | "proxy_cookie_path" | "proxy_cookie_flags", "http") => {
            if let Some((word, pattern)) = first.and_then(|word| Some((word, word.value.strip_prefix('~')?))) {
                let caseless = pattern.starts_with('*') || known.name != "proxy_redirect";
                compile(view, id, word, pattern.strip_prefix('*').unwrap_or(pattern), caseless, out);
            }
        }
        ("gzip_disable", "http") => {
            for word in args.iter().filter(|word| &*word.value != "msie6") {
                compile(view, id, word, &word.value, true, out);
            }
        }
        _ => {}
    }
}

/// The key of a line of `map`.
pub(super) fn of_map(view: View, line: EntryId, out: &mut Vec<Finding>) {
    let word = &view.config.directive(line).name;
    let Some(pattern) = word.value.strip_prefix('~') else { return };
    match pattern.strip_prefix('*') {
        Some(pattern) => compile(view, line, word, pattern, true, out),
        None => compile(view, line, word, pattern, false, out),
    }
}

fn compile(view: View, id: EntryId, word: &Word, pattern: &str, caseless: bool, out: &mut Vec<Finding>) {
    // Most have nothing that could be wrong.
    if !pattern.contains(['(', ')', '[', '*', '+', '?', '{', '\\']) || is_filled_in(pattern) {
        return;
    }
    if let Some(problem) = Pattern::get(pattern, caseless).problem() {
        let why = problem.rsplit_once(": ").map_or(problem, |(_, why)| why);
        let place = Place { file: view.config.entry(id).file, span: word.span };
        out.push(finding(view, place, message!(view.language, "invalid-value-regex", pattern = pattern, why = why)));
    }
}

//! What the strings that an expression matches begin with, or end with.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::line_feed;

/// Where a text is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Front,
    Back,
}

/// The texts that all matches have at one side.
struct Ends {
    /// One of these, in lower case, without doubles.
    texts: Vec<Vec<u8>>,
    /// They are whole strings, not only parts of them (assertions are not looked at).
    whole: bool,
}

/// What all subjects of an expression that has to match from the start begin with: one of these, in lower case; none where nothing is known.
pub(super) fn prefixes(hir: &Hir) -> Vec<Vec<u8>> {
    let anchored = hir.properties().look_set_prefix().contains(Look::Start);
    texts(anchored, hir, Side::Front)
}

/// What all subjects of an expression that has to match up to the end end with, but for a last line feed: one of these, in lower case; none
/// where nothing is known.
pub(super) fn suffixes(hir: &Hir) -> Vec<Vec<u8>> {
    let anchored = hir.properties().look_set_suffix().contains(Look::End);
    texts(anchored, hir, Side::Back)
}

fn texts(anchored: bool, hir: &Hir, side: Side) -> Vec<Vec<u8>> {
    let texts = if anchored { Ends::of(hir, side).texts } else { Vec::new() };
    if texts.iter().any(Vec::is_empty) { Vec::new() } else { texts }
}

impl Ends {
    /// More are no help to anybody who looks for one.
    const MOST: usize = 64;

    fn nothing(whole: bool) -> Ends {
        Ends { texts: vec![Vec::new()], whole }
    }

    fn of(hir: &Hir, side: Side) -> Ends {
        let mut ends = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Ends::nothing(true),
            HirKind::Literal(literal) => Ends { texts: vec![literal.0.to_ascii_lowercase()], whole: true },
            HirKind::Class(class) => bytes(class).unwrap_or_else(|| Ends::nothing(false)),
            HirKind::Repetition(repetition) if repetition.min > 0 => Ends { whole: false, ..Ends::of(&repetition.sub, side) },
            HirKind::Repetition(repetition) if repetition.max == Some(1) => {
                let mut ends = Ends::of(&repetition.sub, side);
                ends.texts.push(Vec::new());
                ends
            }
            HirKind::Repetition(_) => Ends::nothing(false),
            HirKind::Capture(capture) => Ends::of(&capture.sub, side),
            HirKind::Concat(parts) => Ends::of_sequence(parts, side),
            HirKind::Alternation(branches) => {
                let branches: Vec<Ends> = branches.iter().map(|branch| Ends::of(branch, side)).collect();
                let whole = branches.iter().all(|branch| branch.whole);
                Ends { texts: branches.into_iter().flat_map(|branch| branch.texts).collect(), whole }
            }
        };
        ends.texts.sort();
        ends.texts.dedup();
        if ends.texts.len() > Ends::MOST { Ends::nothing(false) } else { ends }
    }

    fn of_sequence(parts: &[Hir], side: Side) -> Ends {
        let mut ends = Ends::nothing(true);
        // The line feed that `$` leaves room for: behind it comes the very end.
        let parts = match parts {
            [rest @ .., feed, end] if side == Side::Back && *end.kind() == HirKind::Look(Look::End) && *feed == line_feed() => rest,
            _ => parts,
        };
        let mut parts: Vec<&Hir> = parts.iter().collect();
        if side == Side::Back {
            parts.reverse();
        }
        for part in parts {
            let next = Ends::of(part, side);
            if ends.texts.len() * next.texts.len() > Ends::MOST {
                ends.whole = false;
                break;
            }
            let join = |known: &Vec<u8>, more: &Vec<u8>| match side {
                Side::Front => [known.as_slice(), more].concat(),
                Side::Back => [more.as_slice(), known].concat(),
            };
            ends.texts = ends.texts.iter().flat_map(|known| next.texts.iter().map(move |more| join(known, more))).collect();
            if !next.whole {
                ends.whole = false;
                break;
            }
        }
        ends
    }
}

/// One of the bytes of a class. Alternatives of one character each are read as one of characters.
fn bytes(class: &Class) -> Option<Ends> {
    let class = match class {
        Class::Bytes(class) => class.clone(),
        Class::Unicode(class) => class.to_byte_class()?,
    };
    let bytes = || class.iter().flat_map(|range| range.start()..=range.end());
    let texts = || bytes().map(|byte| vec![byte.to_ascii_lowercase()]).collect();
    (bytes().count() <= Ends::MOST).then(|| Ends { texts: texts(), whole: true })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::routing::pattern::Pattern;

    #[test]
    fn what_all_matches_end_with() {
        let ends = |source: &str, caseless: bool| {
            let regular = parse(source, caseless).expect("regular");
            let texts = regular.suffixes().iter().map(|text| String::from_utf8_lossy(text).into_owned());
            texts.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ends(r"\.php$", false), ".php");
        assert_eq!(ends(r"\.PHP$", true), ".php");
        assert_eq!(ends(r"\.(?:jpe?g|gif)$", true), ".gif .jpeg .jpg");
        assert_eq!(ends(r"^/a/(b|c)\z", false), "/a/b /a/c");
        assert_eq!(ends(r"(\.js$|\.css$)", false), ".css .js");
        assert_eq!(ends(r"x[0-9]+z{2}$", false), "z");
        assert_eq!(ends(r"(a|b$)$", false), "a b");
        assert_eq!(ends(r"a\n?$", false), "a a\n");
        for open in [r"\.php", r"\.(php|js)", r"\.php$|x", r"a*$", r"(b|)$", r"c?$", r"[^/]$", "^$"] {
            assert_eq!(ends(open, false), "", "{open}");
        }
    }

    /// Every pattern of up to four of these parts, on every subject of up to four of these bytes: what PCRE matches is never taken for no match.
    #[test]
    fn nothing_that_matches_is_left_out() {
        let parts = ["a", "[ab]", "(a|bc)", "(?:b$|c)", "c?", "(?:ab|)", "a+", "\\n?", "^", "$", "\\z"];
        let mut patterns = vec![String::new()];
        for length in 0..4 {
            let longest =
                patterns.iter().filter(|pattern| pattern.starts_with(&"_".repeat(length)) && !pattern.starts_with(&"_".repeat(length + 1)));
            let longer: Vec<String> = longest.flat_map(|pattern| parts.map(|part| format!("_{pattern}{part}"))).collect();
            patterns.extend(longer);
        }
        let mut subjects: Vec<Vec<u8>> = vec![Vec::new()];
        let mut from = 0;
        for _ in 0..4 {
            let end = subjects.len();
            let longer: Vec<Vec<u8>> =
                subjects[from..].iter().flat_map(|subject| b"abC\n".map(|byte| [subject.as_slice(), &[byte]].concat())).collect();
            subjects.extend(longer);
            from = end;
        }
        let mut known = 0;
        for source in patterns.iter().map(|pattern| pattern.trim_start_matches('_')) {
            let Some(regular) = parse(source, true).filter(|regular| !regular.prefixes().is_empty() || !regular.suffixes().is_empty())
            else {
                continue;
            };
            let pattern = Pattern::get(source, true);
            known += 1;
            for subject in subjects.iter().filter(|subject| !regular.may_match(subject)) {
                assert!(pattern.captures(subject).is_none(), "{source:?} {subject:?} {:?} {:?}", regular.prefixes(), regular.suffixes());
            }
        }
        assert!(known > 1000, "{known}");
    }
}

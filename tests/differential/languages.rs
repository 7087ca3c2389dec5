//! The automaton of a pattern accepts exactly what PCRE2 matches.

use nginx_analyzer::routing::pattern::Pattern;
use nginx_analyzer::routing::{UriSet, Witness};

use crate::support::Random;

const ATOMS: [&str; 44] = [
    "a",
    "b",
    "/",
    "\\.",
    ".",
    "x",
    "A",
    "[ab]",
    "[^a/]",
    "\\d",
    "\\w",
    "\\s",
    "\\W",
    "\\S",
    "[[:alpha:]]",
    "[[:upper:]]",
    "[^[:^lower:]]",
    "[a-c\\d]",
    "[\\w.-]",
    "[]a]",
    "[^]a]",
    "\\x41",
    "\\n",
    "(?:a|b)",
    "(a|)",
    "(?<n>a)",
    "(?i:aB)",
    "(?s:.)",
    "$",
    "^",
    "\\z",
    "\\Z",
    "\\A",
    "\\h",
    "\\v",
    "-",
    "_",
    "{",
    "a{2}",
    "[a-]",
    "\\/",
    "\\-",
    "%",
    "[\\n]",
];
const QUANTIFIERS: [&str; 12] = ["", "", "", "", "", "*", "+", "?", "*?", "{1,2}", "{2,}", "{0,1}"];
const TEXTS: [&str; 20] = ["a", "b", "/", ".", "x", "A", "B", "\n", "1", " ", "-", "_", "{", "%", "\u{e9}", "\t", "c", "aa", "\r", "]"];

fn pattern(random: &mut Random, depth: usize) -> String {
    let mut out = String::new();
    for number in 0..1 + random.below(4) {
        if number > 0 && random.below(6) == 0 {
            out.push('|');
        }
        if depth > 0 && random.below(4) == 0 {
            let inner = pattern(random, depth - 1);
            let open = random.pick(&["(", "(?:", "(?i)(", "(?-i:", "((?i)"]);
            out.push_str(&format!("{open}{inner})"));
        } else {
            out.push_str(random.pick(&ATOMS));
        }
        out.push_str(random.pick(&QUANTIFIERS));
    }
    out
}

fn subject(random: &mut Random) -> Vec<u8> {
    (0..random.below(7)).flat_map(|_| random.pick(&TEXTS).bytes().collect::<Vec<_>>()).collect()
}

#[test]
fn automata_equal_pcre2() {
    let mut random = Random::new(7);
    let (mut translated, mut compared) = (0, 0);
    for _ in 0..6000 {
        let source = pattern(&mut random, 2);
        let pattern = Pattern::get(&source, random.below(3) == 0);
        let Ok(regex) = pcre2::bytes::RegexBuilder::new().caseless(pattern.caseless()).build(&source) else { continue };
        let Some(language) = pattern.language() else { continue };
        translated += 1;
        for _ in 0..25 {
            let subject = subject(&mut random);
            let expected = regex.is_match(&subject).unwrap();
            let text = String::from_utf8_lossy(&subject);
            assert_eq!(language.contains(&subject), expected, "{source:?} caseless {} on {text:?}", pattern.caseless());
            assert_eq!(pattern.is_match(&subject), expected, "{source:?} on {text:?}");
            compared += 1;
        }
        if let Witness::Found(uri) = UriSet::language(language).witness() {
            assert!(regex.is_match(&uri).unwrap(), "{source:?} does not match its witness {uri:?}");
        }
    }
    println!("{translated} patterns translated, {compared} subjects compared");
    assert!(translated > 2000, "only {translated} patterns were translated");
}

#[test]
fn operations_equal_membership() {
    let mut random = Random::new(11);
    let mut decided = 0;
    for _ in 0..400 {
        let mut set = || {
            let source = pattern(&mut random, 1);
            let part = UriSet::regex(&source, false)?;
            let text = subject(&mut random);
            Some(match random.below(4) {
                0 => part.intersect(&UriSet::prefix(&text)),
                1 => UriSet::union([part, UriSet::literal(&text)]),
                2 => UriSet::prefix(&text).minus(&part),
                _ => part,
            })
        };
        let (Some(a), Some(b)) = (set(), set()) else { continue };
        let subset = a.is_subset_of(&b);
        let difference = a.minus(&b);
        for _ in 0..30 {
            let subject = subject(&mut random);
            assert_eq!(difference.contains(&subject), a.contains(&subject) && !b.contains(&subject));
            assert!(subset != Some(true) || !difference.contains(&subject), "a subset that is none: {subject:?}");
        }
        match difference.witness() {
            Witness::Found(uri) => assert!(difference.contains(&uri)),
            Witness::Empty => assert_eq!(subset, Some(true)),
            Witness::CantTell => continue,
        }
        decided += 1;
    }
    assert!(decided > 100, "only {decided} questions were decided");
}

#[test]
fn what_is_no_regular_expression_is_given_up() {
    for source in [
        "a(?=b)",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        "(a)\\1",
        "(?R)",
        "(?>a*)b",
        "a++b",
        "\\bx",
        "a\\K",
        "\\Qa\\E",
        "\\R",
        "(?m)^a$",
        "(?x)a b",
        "(*ACCEPT)",
        "a$\\n",
        "(a$)*b",
        "é",
        "\\p{L}",
        "[[.a.]]",
        "a{,2}",
        "\\G",
        "(?|a|b)",
        "(?P=n)",
        "a**",
    ] {
        assert!(UriSet::regex(source, false).is_none(), "{source} was translated");
    }
}

#[test]
fn end_of_subject() {
    let all = |source: &str| UriSet::prefix(b"/").is_subset_of(&UriSet::regex(source, false).unwrap());
    assert_eq!(all("^/"), Some(true));
    assert_eq!(all("/"), Some(true));
    assert_eq!(all("^(.*)$"), Some(false), "a line feed inside");
    assert_eq!(all("^/(?s:.*)$"), Some(true));
    assert!(!UriSet::client(true).contains(b"/a/../b"));
    assert!(UriSet::client(true).contains(b"/a/..b"));
    assert!(!UriSet::client(true).contains(b"/a//b"));
    assert!(UriSet::client(false).contains(b"/a//b"));
}

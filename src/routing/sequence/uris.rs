//! Which URIs a request can have at one point of a sequence, and what a regex says of them.

use std::cell::Cell;
use std::sync::OnceLock;

use crate::config::{Config, LocationId, Matcher};
use crate::routing::UriSet;
use crate::routing::pattern::Pattern;

/// Questions about automata that one configuration may ask; what comes after them can't be told.
pub(super) const QUESTIONS: u32 = 2_000;
/// How often a set may be narrowed: each time makes questions about it slower.
const NARROWED: u8 = 6;

/// What a regex says of a set of URIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It matches all of them.
    All,
    /// It matches none of them.
    None,
    /// It matches some of them, or that can't be told.
    Some,
}

/// All the URIs that a request can have, and perhaps more.
#[derive(Debug, Clone)]
pub(super) struct Uris {
    /// What all of these admit: an automaton of a regex takes long to make, and most sequences ask nothing about URIs.
    admitted: Vec<Matcher>,
    /// The same, or whatever else is known; made of `admitted` when it is first asked for.
    set: OnceLock<UriSet>,
    /// There is only this one.
    literal: Option<Box<[u8]>>,
    /// Beginnings of which URIs to try can be made.
    starts: Vec<Vec<u8>>,
    narrowed: u8,
}

impl Uris {
    pub(super) fn all() -> Uris {
        Uris::of_set(UriSet::all(), vec![Vec::new(), b"/".to_vec()], 0)
    }

    pub(super) fn literal(uri: &[u8]) -> Uris {
        Uris { literal: Some(uri.into()), ..Uris::of_set(UriSet::literal(uri), vec![uri.to_vec()], 0) }
    }

    fn of_set(set: UriSet, starts: Vec<Vec<u8>>, narrowed: u8) -> Uris {
        Uris { admitted: Vec::new(), set: set.into(), literal: None, starts, narrowed }
    }

    fn set(&self) -> &UriSet {
        let all = || self.admitted.iter().filter_map(UriSet::admitted).fold(UriSet::all(), |all, set| all.intersect(&set));
        self.set.get_or_init(all)
    }

    /// Those with which a location is entered: its own matcher and those around it admit them. A named location takes any.
    pub(super) fn of_location(config: &Config, id: LocationId) -> Uris {
        let mut out = Uris { set: OnceLock::new(), ..Uris::all() };
        for around in std::iter::successors(Some(id), |id| config.location(*id).parent) {
            let matcher = &config.location(around).matcher;
            if matcher.is_template() {
                continue;
            }
            if let (Matcher::Exact(name), true) = (matcher, around == id) {
                return Uris::literal(name.as_bytes());
            }
            match matcher {
                Matcher::Prefix { path, .. } => out.starts.push(path.as_bytes().to_vec()),
                Matcher::Regex { pattern, caseless } => out.starts.extend(Pattern::get(pattern, *caseless).sample().map(<[u8]>::to_vec)),
                _ => {}
            }
            out.admitted.push(matcher.clone());
        }
        out
    }

    /// What a replacement of `rewrite` leaves as URI (`ngx_http_script_regex_end_code`): what follows a `?` goes to the arguments.
    pub(super) fn of_replacement(text: &str) -> Uris {
        let path = text.split('?').next().unwrap_or(text);
        match path.split_once('$') {
            _ if path.is_empty() => Uris::all(),
            None => Uris::literal(path.as_bytes()),
            Some((start, _)) => {
                let start = start.as_bytes();
                Uris::of_set(UriSet::prefix(start), vec![start.to_vec()], 0)
            }
        }
    }

    /// The only one.
    pub(super) fn only(&self) -> Option<&[u8]> {
        self.literal.as_deref()
    }

    /// What all of them begin with, as far as that is known.
    pub(super) fn start(&self) -> &[u8] {
        match self.starts.as_slice() {
            [start] => start,
            _ => &[],
        }
    }

    /// These or those.
    pub(super) fn or(&self, other: &Uris) -> Uris {
        if self.literal.is_some() && self.literal == other.literal {
            return self.clone();
        }
        let narrowed = self.narrowed.max(other.narrowed) + 1;
        if narrowed > NARROWED {
            return Uris::all();
        }
        let starts = self.starts.iter().chain(&other.starts).cloned().collect();
        Uris::of_set(UriSet::union([self.set().clone(), other.set().clone()]), starts, narrowed)
    }

    /// Those that a regex matches, or those that it does not.
    pub(super) fn narrow(&self, pattern: &str, caseless: bool, matches: bool) -> Uris {
        let mut out = self.clone();
        if self.literal.is_none()
            && self.narrowed < NARROWED
            && let Some(set) = UriSet::regex(pattern, caseless)
        {
            out.set = if matches { out.set().intersect(&set) } else { out.set().minus(&set) }.into();
            out.narrowed += 1;
        }
        out
    }

    pub(super) fn contains(&self, uri: &[u8]) -> bool {
        self.set().contains(uri)
    }

    /// What a regex says of them. Most are decided by a few tries; the automata are asked for the rest.
    pub(super) fn verdict(&self, pattern: &str, caseless: bool, fuel: &Fuel) -> Verdict {
        let pattern = Pattern::get(pattern, caseless);
        if pattern.problem().is_some() {
            return Verdict::Some;
        }
        if let Some(uri) = &self.literal {
            return if pattern.is_match(uri) { Verdict::All } else { Verdict::None };
        }
        let sample = pattern.sample();
        let ends = sample.into_iter().chain([b"".as_slice(), b"\n", b"x", b"/x\nx"]);
        let ends: Vec<&[u8]> = ends.collect();
        let (mut yes, mut no) = (false, false);
        let starts = self.starts.iter().map(Vec::as_slice).chain([b"".as_slice()]);
        for start in starts {
            for end in &ends {
                let uri = [start, *end].concat();
                if self.set().contains(&uri) {
                    let matches = pattern.is_match(&uri);
                    yes |= matches;
                    no |= !matches;
                }
                if yes && no {
                    return Verdict::Some;
                }
            }
        }
        let Some(language) = pattern.language().filter(|_| fuel.take()) else { return Verdict::Some };
        let language = UriSet::language(language);
        if !no && self.set().is_subset_of(&language) == Some(true) {
            Verdict::All
        } else if !yes && self.set().intersects(&language) == Some(false) {
            Verdict::None
        } else {
            Verdict::Some
        }
    }
}

/// How many questions are left.
#[derive(Debug)]
pub(super) struct Fuel(Cell<u32>);

impl Default for Fuel {
    fn default() -> Fuel {
        Fuel(Cell::new(QUESTIONS))
    }
}

impl Fuel {
    pub(super) fn left(&self) -> u32 {
        self.0.get()
    }

    fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

//! Regular expressions as nginx compiles them, each compiled once however often the configuration is analysed again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

use super::language::Language;
use super::{guess, pcre};

/// A PCRE pattern. Everything about it is worked out when it is first asked for, and kept.
#[derive(Debug)]
pub struct Pattern {
    source: Arc<str>,
    caseless: bool,
    compiled: OnceLock<Result<pcre2::bytes::Regex, Arc<str>>>,
    /// The pattern as machine code, once it has been tried often.
    fast: OnceLock<Option<pcre2::bytes::Regex>>,
    tried: AtomicU32,
    hir: OnceLock<Option<pcre::Regular>>,
    language: OnceLock<Option<Arc<Language>>>,
    sample: OnceLock<Option<Vec<u8>>>,
}

/// What a pattern captured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captures {
    groups: Vec<Option<Vec<u8>>>,
    names: Vec<(Arc<str>, usize)>,
}

impl Captures {
    /// `$1`, `$2`, …; 0 is all that matched. `None` for a group that took no part, and for one that is not there: both are empty in nginx.
    pub fn group(&self, number: usize) -> Option<&[u8]> {
        self.groups.get(number)?.as_deref()
    }

    /// The whole match and all groups, as nginx counts them: none at all for a pattern without groups, and what took no part is empty.
    pub fn all(&self) -> impl Iterator<Item = &[u8]> {
        let count = if self.groups.len() < 2 { 0 } else { self.groups.len() };
        self.groups.iter().take(count).map(|group| group.as_deref().unwrap_or_default())
    }

    /// Groups with a name, which are variables of that name, and what each has.
    pub fn named(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.names.iter().map(|(name, number)| (&**name, self.group(*number)))
    }
}

/// By the text; those with `~*` have one of their own.
type Cache = RwLock<FxHashMap<Arc<str>, Arc<Pattern>>>;

/// So often a pattern is tried before machine code is made of it: that takes as long as some thirty tries without.
const OFTEN: u32 = 32;

/// More patterns than any real workspace has; over it the cache starts afresh, so that a long session can't grow without end.
const CACHE_LIMIT: usize = 20_000;

impl Pattern {
    /// The pattern, from the cache or new.
    pub fn get(source: &str, caseless: bool) -> Arc<Pattern> {
        static CACHE: OnceLock<[Cache; 2]> = OnceLock::new();
        let [with_case, without] = CACHE.get_or_init(Default::default);
        let cache = if caseless { without } else { with_case };
        if let Some(pattern) = cache.read().unwrap_or_else(|e| e.into_inner()).get(source) {
            return pattern.clone();
        }
        let mut cache = cache.write().unwrap_or_else(|e| e.into_inner());
        if cache.len() >= CACHE_LIMIT {
            cache.clear();
        }
        let fresh = || {
            Arc::new(Pattern {
                source: source.into(),
                caseless,
                compiled: OnceLock::new(),
                fast: OnceLock::new(),
                tried: AtomicU32::new(0),
                hir: OnceLock::new(),
                language: OnceLock::new(),
                sample: OnceLock::new(),
            })
        };
        cache.entry(source.into()).or_insert_with(fresh).clone()
    }

    /// The text of the pattern.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True when letters match without case.
    pub fn caseless(&self) -> bool {
        self.caseless
    }

    /// Whether the pattern matches somewhere in the subject (`ngx_regex_exec`). False for a pattern that PCRE refuses, and
    /// where PCRE gives up (nginx answers 500 then, and no location gets the request).
    pub fn is_match(&self, subject: &[u8]) -> bool {
        if let Some(regular) = self.regular()
            && !regular.may_match(subject)
        {
            return false;
        }
        let gave_up = |_| {
            // Such a subject takes long. As machine code the pattern bears more of them.
            self.tried.store(OFTEN, Ordering::Relaxed);
            false
        };
        self.matcher().is_some_and(|regex| regex.is_match(subject).unwrap_or_else(gave_up))
    }

    /// What the pattern captures in the subject; `None` where it does not match, as for [`Pattern::is_match`].
    pub fn captures(&self, subject: &[u8]) -> Option<Captures> {
        let regex = self.matcher()?;
        let found = regex.captures(subject).ok().flatten()?;
        let groups = (0..found.len()).map(|number| found.get(number).map(|group| group.as_bytes().to_vec())).collect();
        let names = regex.capture_names().iter().enumerate();
        let names = names.filter_map(|(number, name)| Some((name.as_deref()?.into(), number))).collect();
        Some(Captures { groups, names })
    }

    /// How many groups the pattern has, and their names; `None` for one that PCRE refuses.
    pub fn groups(&self) -> Option<(usize, Vec<&str>)> {
        let regex = self.compiled().as_ref().ok()?;
        let names = regex.capture_names().iter().filter_map(Option::as_deref).collect();
        Some((regex.captures_len().saturating_sub(1), names))
    }

    /// What PCRE says against the pattern, or `None`. nginx refuses to start then.
    pub fn problem(&self) -> Option<&str> {
        self.compiled().as_ref().err().map(|message| &**message)
    }

    /// The pattern as a finite automaton: `None` when it is not regular, uses what this project does not translate, is
    /// refused by PCRE, or needs too large an automaton.
    pub fn language(&self) -> Option<Arc<Language>> {
        let build = || self.regular().and_then(|regular| Language::new(&regular.hir)).filter(|_| self.compiled().is_ok()).map(Arc::new);
        self.language.get_or_init(build).clone()
    }

    /// False only where no subject with this prefix matches: cheap, told by what matches begin with. True for what PCRE refuses.
    pub(super) fn may_match_below(&self, prefix: &[u8]) -> bool {
        let Some(regular) = self.regular().filter(|regular| !regular.prefixes().is_empty()) else { return true };
        let meets = |start: &Vec<u8>| {
            let both = start.len().min(prefix.len());
            start.get(..both).zip(prefix.get(..both)).is_none_or(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        regular.prefixes().iter().any(meets) || self.problem().is_some()
    }

    /// A subject that the pattern probably matches: cheap to get, to be tried.
    pub(super) fn sample(&self) -> Option<&[u8]> {
        let find = || match self.regular() {
            Some(regular) => Some(regular.sample()),
            None => guess::guess(&self.source, self.caseless),
        };
        self.sample.get_or_init(find).as_deref()
    }

    /// A text that the pattern matches, for people; `None` where none was found at once.
    pub fn example(&self) -> Option<String> {
        let sample = self.sample()?.to_vec();
        String::from_utf8(sample).ok().filter(|text| text.chars().all(|c| !c.is_control()) && self.is_match(text.as_bytes()))
    }

    pub(super) fn regular(&self) -> Option<&pcre::Regular> {
        self.hir.get_or_init(|| pcre::parse(&self.source, self.caseless)).as_ref()
    }

    /// What tries subjects; `None` for a pattern that PCRE refuses.
    fn matcher(&self) -> Option<&pcre2::bytes::Regex> {
        let compiled = self.compiled().as_ref().ok()?;
        let is_new = self.fast.get().is_none() && self.tried.fetch_add(1, Ordering::Relaxed) < OFTEN;
        if is_new {
            return Some(compiled);
        }
        self.fast.get_or_init(|| self.builder().jit_if_available(true).build(&self.source).ok()).as_ref().or(Some(compiled))
    }

    fn compiled(&self) -> &Result<pcre2::bytes::Regex, Arc<str>> {
        self.compiled.get_or_init(|| self.builder().build(&self.source).map_err(|error| error.to_string().into()))
    }

    /// `ngx_regex_compile`: no option but `PCRE2_CASELESS`, bytes and not characters.
    fn builder(&self) -> pcre2::bytes::RegexBuilder {
        let mut builder = pcre2::bytes::RegexBuilder::new();
        builder.caseless(self.caseless);
        builder
    }
}

/// The names of a pattern's groups, which define variables in nginx (`ngx_http_regex_compile`).
pub fn group_names(source: &str) -> impl Iterator<Item = &str> {
    let after = ["(?<", "(?P<", "(?'"].into_iter().flat_map(|open| source.match_indices(open).map(move |(at, _)| at + open.len()));
    after.filter_map(|at| {
        let rest = source.get(at..)?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    })
}

/// True when a pattern has groups with names, which define variables in nginx (`ngx_http_regex_compile`).
pub fn names_variables(source: &str) -> bool {
    let named = |start: &str, at: usize| source.as_bytes().get(at + start.len()).is_some_and(|byte| !matches!(byte, b'=' | b'!'));
    ["(?<", "(?P<", "(?'"].iter().any(|start| source.match_indices(start).any(|(at, _)| named(start, at)))
}

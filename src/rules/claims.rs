//! Findings about directives that nginx may read at several places.
//!
//! A file that is included twice has each of its directives twice: what never takes effect at one place may do so at another. A
//! [`Claim`] is a finding about one reading of a directive; only what is claimed of every reading is confirmed.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::templates::has_mark;
use crate::project::{FileId, Place};
use crate::world::Analysis;

/// What is claimed about parts of directives, in the order of the claims.
pub(super) struct Claims<T> {
    order: Vec<((Place, usize), T)>,
    readings: FxHashMap<(Place, usize), u32>,
    names: FxHashSet<String>,
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Claims { order: Vec::new(), readings: FxHashMap::default(), names: FxHashSet::default() }
    }
}

impl<T> Claims<T> {
    /// Claims something about a directive where nginx reads it; `part` tells claims about one directive apart (its words).
    pub(super) fn add(&mut self, config: &Config, entry: EntryId, part: usize, claim: T) {
        let key = (config.place(entry), part);
        let count = self.readings.entry(key).or_insert(0);
        *count += 1;
        if *count == 1 {
            self.order.push((key, claim));
        }
        let name = &*config.directive(entry).name.value;
        if !self.names.contains(name) {
            self.names.insert(name.to_owned());
        }
    }

    /// The claims that hold wherever their directive is read, each once. Nothing about files that are the source of a template
    /// engine or that nginx's tokenizer refuses: what stands in which block is a guess there.
    pub(super) fn confirmed(self, analysis: &Analysis) -> Vec<T> {
        if self.order.is_empty() {
            return Vec::new();
        }
        let mut all: FxHashMap<Place, u32> = self.order.iter().map(|((place, _), _)| (*place, 0)).collect();
        for config in &analysis.configs {
            for id in self.names.iter().flat_map(|name| config.all(name)) {
                if let Some(count) = all.get_mut(&config.place(*id)) {
                    *count += 1;
                }
            }
        }
        let mut out = Vec::new();
        for (key, claim) in self.order {
            if !is_unreliable(analysis, key.0.file) && self.readings.get(&key) == all.get(&key.0) {
                out.push(claim);
            }
        }
        out
    }

    /// The claims that hold somewhere, each once: a request that fails in one server is worth a word, whatever happens in another. The
    /// same files are left out.
    pub(super) fn anywhere(self, analysis: &Analysis) -> Vec<T> {
        self.order.into_iter().filter(|(key, _)| !is_unreliable(analysis, key.0.file)).map(|(_, claim)| claim).collect()
    }
}

/// A directive's name and arguments as a message shows them: `` `rewrite ^/a /b last` ``, shortened.
pub(super) fn shown(config: &Config, entry: EntryId) -> String {
    const LONGEST: usize = 48;
    let directive = config.directive(entry);
    let mut out = directive.name.value.to_string();
    for word in &directive.args {
        if out.chars().count() + word.value.chars().count() >= LONGEST {
            return format!("`{out} …`");
        }
        out.push(' ');
        out.push_str(&word.shown().replace(['\n', '\r', '`'], " "));
    }
    format!("`{out}`")
}

/// True for a file that is not known, and where what stands in which block is a guess (see [`is_unreliable`](crate::project::SourceFile::is_unreliable)).
pub(super) fn is_unreliable(analysis: &Analysis, file: FileId) -> bool {
    analysis.project.files.get(&file).is_none_or(|source| source.is_unreliable())
}

/// True for a word that something fills in before nginx reads it: `${PORT}`, `$PORT`, `{{ port }}`, `__PORT__`, `@@PORT@@`, `<port>`, and for
/// bytes that are no UTF-8.
pub(super) fn is_filled_in(text: &str) -> bool {
    // Nearly every word is told by one look at its bytes.
    let special = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'$' | b'{' | b'<' | b'@' | b'%' | b'#' | 0xEF);
    let doubled = || text.as_bytes().windows(2).any(|pair| pair == b"__");
    if !text.bytes().any(special) {
        return doubled();
    }
    let upper = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_').count();
    doubled()
        || has_mark(text)
        || text.as_bytes().windows(2).any(|pair| matches!(pair, [b'$' | b'#' | b'%', b'{']))
        || text.contains('<') && text.contains('>')
        || text
            .match_indices('$')
            .any(|(at, _)| text.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()) && upper(rest) > 1))
        || text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|part| {
            part.len() > 3
                && upper(part) == part.len()
                && part.starts_with(|c: char| c.is_ascii_uppercase())
                && !matches!(part, "TRUE" | "FALSE")
        })
}

/// Where something is, as seen from a file: `line 12`, or `line 3 of conf.d/a.conf`.
pub(super) fn line(analysis: &Analysis, from: FileId, place: Place) -> String {
    let line = analysis.project.line(place);
    match place.file == from {
        true => message!(analysis.language, "line", line = line),
        false => message!(analysis.language, "line-of", line = line, file = analysis.project.display_path(place.file)),
    }
}

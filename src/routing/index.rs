//! Which of many regexes may match a URI, by what all of its matches begin with, end with or hold: of thousands only a few are
//! tried then.

use regex_syntax::hir::{Hir, HirKind};
use rustc_hash::FxHashMap;

use super::pattern::Pattern;
use super::pcre;

/// The regexes of one level, by number.
#[derive(Debug, Default)]
pub(super) struct RegexIndex {
    /// By a beginning, in lower case.
    prefixes: Table,
    /// By an end, in lower case; a line feed may follow it.
    suffixes: Table,
    /// By a few bytes, in lower case, that are somewhere in all matches.
    inner: FxHashMap<[u8; GRAM], Vec<u32>>,
    /// A bit for each of `inner`'s keys and some others: most of what a URI holds is none of them, which is seen without a look-up.
    filter: Filter,
    /// Those of which nothing of that is known.
    others: Vec<u32>,
}

/// How many bytes of a text in the middle are looked up. Shorter ones would be in too many URIs, longer ones in too few regexes.
const GRAM: usize = 4;
/// URIs up to this length are looked at without an allocation.
const SHORT: usize = 256;

#[derive(Debug)]
struct Filter(Box<[u64; 1 << (FILTER - 6)]>);

/// The number of bits in the filter, as a power of two.
const FILTER: u32 = 12;

impl Default for Filter {
    fn default() -> Self {
        Filter(Box::new([0; 1 << (FILTER - 6)]))
    }
}

impl Filter {
    fn place(gram: [u8; GRAM]) -> (usize, u64) {
        let spread = u32::from_le_bytes(gram).wrapping_mul(0x9e37_79b1) >> (32 - FILTER);
        ((spread >> 6) as usize, 1 << (spread & 63))
    }

    fn insert(&mut self, gram: [u8; GRAM]) {
        let (word, bit) = Filter::place(gram);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_have(&self, gram: [u8; GRAM]) -> bool {
        let (word, bit) = Filter::place(gram);
        self.0.get(word).is_none_or(|word| word & bit != 0)
    }
}

#[derive(Debug, Default)]
struct Table {
    numbers: FxHashMap<Box<[u8]>, Vec<u32>>,
    /// The lengths of its keys, ascending.
    lengths: Vec<usize>,
}

impl Table {
    fn insert(&mut self, key: &[u8], number: u32) {
        self.numbers.entry(key.to_ascii_lowercase().into()).or_default().push(number);
        if let Err(at) = self.lengths.binary_search(&key.len()) {
            self.lengths.insert(at, key.len());
        }
    }

    /// Adds those of which `part` gives the key, by the key's length.
    fn find<'a>(&self, part: impl Fn(usize) -> Option<&'a [u8]>, out: &mut Vec<u32>) {
        let keys = self.lengths.iter().map_while(|length| part(*length));
        out.extend(keys.filter_map(|key| self.numbers.get(key)).flatten());
    }
}

impl RegexIndex {
    pub(super) fn new<'a>(patterns: impl Iterator<Item = &'a Pattern>) -> RegexIndex {
        let mut index = RegexIndex::default();
        let mut middles: Vec<(u32, Vec<u8>)> = Vec::new();
        for (number, pattern) in (0u32..).zip(patterns) {
            match pattern.regular() {
                Some(regular) if !regular.prefixes().is_empty() => {
                    regular.prefixes().iter().for_each(|prefix| index.prefixes.insert(prefix, number));
                }
                Some(regular) if !regular.suffixes().is_empty() => {
                    regular.suffixes().iter().for_each(|suffix| index.suffixes.insert(suffix, number));
                }
                Some(regular) => match inner(&regular.hir) {
                    text if text.len() >= GRAM => middles.push((number, text)),
                    _ => index.others.push(number),
                },
                None => index.others.push(number),
            }
        }
        // Of the parts of each text the one that the fewest regexes share: `/media1/` and `/media2/` have most of theirs in common.
        let mut shared: FxHashMap<[u8; GRAM], usize> = FxHashMap::default();
        middles.iter().flat_map(|(_, text)| grams(text)).for_each(|gram| *shared.entry(gram).or_default() += 1);
        for (number, text) in middles {
            if let Some(rarest) = grams(&text).min_by_key(|gram| shared.get(gram).copied()) {
                index.filter.insert(rarest);
                index.inner.entry(rarest).or_default().push(number);
            }
        }
        index
    }

    /// Those that may match, ascending. What is left out surely does not.
    pub(super) fn candidates(&self, uri: &[u8]) -> Vec<u32> {
        let mut out = self.others.clone();
        // Nearly all are short.
        let mut short;
        let long;
        let uri = match uri.len() {
            0..=SHORT => {
                short = [0; SHORT];
                let lower = short.get_mut(..uri.len()).unwrap_or_default();
                lower.copy_from_slice(uri);
                lower.make_ascii_lowercase();
                &*lower
            }
            _ => {
                long = uri.to_ascii_lowercase();
                &long
            }
        };
        self.prefixes.find(|length| uri.get(..length), &mut out);
        for whole in [Some(uri), uri.strip_suffix(b"\n")].into_iter().flatten() {
            self.suffixes.find(|length| whole.get(whole.len().checked_sub(length)?..), &mut out);
        }
        if !self.inner.is_empty() {
            out.extend(grams(uri).filter(|gram| self.filter.may_have(*gram)).filter_map(|gram| self.inner.get(&gram)).flatten());
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Each few bytes of a text.
fn grams(text: &[u8]) -> impl Iterator<Item = [u8; GRAM]> {
    text.windows(GRAM).filter_map(|window| window.try_into().ok())
}

/// A text that every match of an expression holds, in lower case: the longest one that is seen at once, empty when none is.
fn inner(hir: &Hir) -> Vec<u8> {
    let (mut run, mut longest) = (Vec::new(), Vec::new());
    collect(hir, &mut run, &mut longest);
    end(&mut run, &mut longest);
    longest.make_ascii_lowercase();
    longest
}

/// Adds to the run of text that the parts so far end with; a part that is no text ends the run.
fn collect(part: &Hir, run: &mut Vec<u8>, longest: &mut Vec<u8>) {
    if let Some(text) = pcre::text(part) {
        return run.extend(text);
    }
    match part.kind() {
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect(part, run, longest)),
        HirKind::Capture(group) => collect(&group.sub, run, longest),
        HirKind::Look(_) | HirKind::Empty => {}
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            end(run, longest);
            collect(&repetition.sub, run, longest);
            // What follows the last repetition need not follow this one.
            end(run, longest);
        }
        _ => end(run, longest),
    }
}

fn end(run: &mut Vec<u8>, longest: &mut Vec<u8>) {
    if run.len() > longest.len() {
        std::mem::swap(run, longest);
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_only_what_does_not_match() {
        let sources = [
            "^/a/",
            "^/(b|cc)/x",
            "\\.php$",
            "z",
            "^(?:/d|/e/?)[0-9]",
            "^/[fg]h",
            "^/a|b",
            "^/i*j",
            "(?=k)k",
            "^$",
            "^/l+m",
            "^/n{0,2}o",
            "/media/.*[0-9]$",
            "(?:xy)+z?/pic.jpg|^$",
            "(xyxy)+q",
            "no(t|w) here+ x",
            "\\.(?:jpe?g|gif)$",
            "(\\.j|\\.css)\\z",
            "p\\n?$",
        ];
        let uris: [&[u8]; 28] = [
            b"/a/media/7",
            b"/xyxyq",
            b"/xyxyxyxyq",
            b"/XYxy/pic.jpg",
            b"/not here x",
            b"/a/",
            b"/A/",
            b"/b/x",
            b"/cc/x",
            b"/x.php",
            b"/x.PHP\n",
            b"/x.php\n",
            b"z",
            b"/d1",
            b"/e/1",
            b"/gh",
            b"/ab",
            b"/j",
            b"k",
            b"",
            b"\n",
            b"/lllm",
            b"/no",
            b"/a.jpg\n",
            b"/a.JPEG",
            b"/a.css",
            b"/a.css\n",
            b"/p\n\n",
        ];
        for caseless in [false, true] {
            let patterns: Vec<_> = sources.iter().map(|source| Pattern::get(source, caseless)).collect();
            let index = RegexIndex::new(patterns.iter().map(|pattern| &**pattern));
            for uri in uris {
                let candidates = index.candidates(uri);
                let tried: Vec<u32> =
                    (0u32..).zip(&patterns).filter(|(_, pattern)| pattern.captures(uri).is_some()).map(|(number, _)| number).collect();
                assert!(tried.iter().all(|number| candidates.contains(number)), "{uri:?}: {tried:?} {candidates:?}");
            }
            assert_eq!(index.candidates(b"q"), index.others);
            assert!(index.others.len() < 6, "{:?}", index.others);
        }
    }
}

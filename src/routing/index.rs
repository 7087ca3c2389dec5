//! Which of many regexes may match a URI, by what all of its matches begin or end with: of thousands only a few are tried then.

use rustc_hash::FxHashMap;

use super::pattern::Pattern;

/// The regexes of one level, by number.
#[derive(Debug, Default)]
pub(super) struct RegexIndex {
    /// By a beginning, in lower case.
    prefixes: Table,
    /// By an end, in lower case; a line feed may follow it.
    suffixes: Table,
    /// Those of which neither is known.
    others: Vec<u32>,
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
        for (number, pattern) in (0u32..).zip(patterns) {
            match pattern.regular() {
                Some(regular) if !regular.prefixes().is_empty() => {
                    regular.prefixes().iter().for_each(|prefix| index.prefixes.insert(prefix, number));
                }
                Some(regular) if !regular.suffix().is_empty() => index.suffixes.insert(regular.suffix(), number),
                _ => index.others.push(number),
            }
        }
        index
    }

    /// Those that may match, ascending. What is left out surely does not.
    pub(super) fn candidates(&self, uri: &[u8]) -> Vec<u32> {
        let mut out = self.others.clone();
        let uri = uri.to_ascii_lowercase();
        self.prefixes.find(|length| uri.get(..length), &mut out);
        for whole in [Some(uri.as_slice()), uri.strip_suffix(b"\n")].into_iter().flatten() {
            self.suffixes.find(|length| whole.get(whole.len().checked_sub(length)?..), &mut out);
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_only_what_does_not_match() {
        let sources =
            ["^/a/", "^/(b|cc)/x", "\\.php$", "z", "^(?:/d|/e/?)[0-9]", "^/[fg]h", "^/a|b", "^/i*j", "(?=k)k", "^$", "^/l+m", "^/n{0,2}o"];
        let uris: [&[u8]; 18] = [
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
        ];
        for caseless in [false, true] {
            let patterns: Vec<_> = sources.iter().map(|source| Pattern::get(source, caseless)).collect();
            let index = RegexIndex::new(patterns.iter().map(|pattern| &**pattern));
            for uri in uris {
                let candidates = index.candidates(uri);
                let tried: Vec<u32> =
                    (0u32..).zip(&patterns).filter(|(_, pattern)| pattern.is_match(uri)).map(|(number, _)| number).collect();
                assert!(tried.iter().all(|number| candidates.contains(number)), "{uri:?}: {tried:?} {candidates:?}");
            }
            assert_eq!(index.candidates(b"q"), index.others);
            assert!(index.others.len() < 5, "{:?}", index.others);
        }
    }
}

//! Many names looked for at once.

use rustc_hash::FxHashMap;

/// Looks for many names at once, wherever they stand in a text with nothing around them that could belong to a name.
#[derive(Debug, Default)]
pub struct Finder {
    /// By what the name begins with, up to the first byte that ends a name; in lower case.
    starts: FxHashMap<Vec<u8>, Vec<usize>>,
    names: Vec<Vec<u8>>,
    first: FirstBytes,
}

/// By byte: how long are the starts that begin with it, in a letter of either case? A bit for each length, the last for all from there on.
/// Nearly all words are told by that.
#[derive(Debug)]
struct FirstBytes([u64; 256]);

impl Default for FirstBytes {
    fn default() -> FirstBytes {
        FirstBytes([0; 256])
    }
}

impl FirstBytes {
    fn bit(length: usize) -> u64 {
        1 << length.min(63)
    }

    fn add(&mut self, start: &[u8]) {
        let Some(byte) = start.first() else { return };
        for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
            if let Some(lengths) = self.0.get_mut(usize::from(byte)) {
                *lengths |= FirstBytes::bit(start.len());
            }
        }
    }

    fn has(&self, byte: u8, length: usize) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|lengths| lengths & FirstBytes::bit(length) != 0)
    }
}

impl Finder {
    /// For these names; letters are compared without case.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Finder {
        let mut finder = Finder::default();
        for name in names {
            let name = name.to_ascii_lowercase().into_bytes();
            let start: Vec<u8> = name.iter().copied().take_while(|byte| belongs(*byte)).collect();
            finder.first.add(&start);
            finder.starts.entry(start).or_default().push(finder.names.len());
            finder.names.push(name);
        }
        finder
    }

    /// The numbers of the names that stand in a text; those of the empty name, and of one that begins with a sign, are never told.
    pub fn find(&self, text: &str, mut found: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        let mut lower = Vec::new();
        let mut at = 0;
        while let Some(blank) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| belongs(*byte))) {
            at += blank;
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
            at += length;
            // Nearly all words end here.
            if !rest.first().is_some_and(|byte| self.first.has(*byte, length)) {
                continue;
            }
            lower.clear();
            lower.extend(rest.iter().take(length).map(u8::to_ascii_lowercase));
            for number in self.starts.get(lower.as_slice()).into_iter().flatten() {
                let Some(name) = self.names.get(*number) else { continue };
                let same = rest.get(..name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name));
                let ends = rest.get(name.len()).is_none_or(|byte| !belongs(*byte) || !name.last().is_some_and(|byte| belongs(*byte)));
                if same && ends {
                    found(*number);
                }
            }
        }
    }
}

/// By byte: may it stand in a name?
static BELONGS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

fn belongs(byte: u8) -> bool {
    BELONGS[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_found_at_once() {
        let finder = Finder::new(["b", "a-b", "api.example.com", "x_b", ""]);
        let found = |text: &str| {
            let mut found = Vec::new();
            finder.find(text, |number| found.push(number));
            found
        };
        assert_eq!(found("x_b http://A-B:80 (b)"), [3, 1, 0, 0]);
        assert_eq!(found("bb x_bc a-bc api.example.come"), Vec::<usize>::new());
        assert_eq!(found("https://api.example.com/b"), [2, 0]);
        assert_eq!(found(""), Vec::<usize>::new());
    }
}

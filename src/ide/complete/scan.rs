//! Where a cursor is, in a text as people half write it: read word by word as nginx does (`ngx_conf_read_token`), without a tree.
//!
//! What is missing is guessed from the lines: a word that is first on its line and not indented deeper begins a directive although
//! there is no `;` before it; where braces do not balance, indentation says which blocks are open; a quote that nothing sensible
//! closes ends with its line.

mod lua;
mod quote;

use crate::nginx::directives;
use crate::text::Span;

/// A word, with its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ide) struct Word {
    /// Quotes included.
    pub span: Span,
    /// Without them.
    pub inner: Span,
}

impl Word {
    /// True for one in quotes.
    pub fn is_quoted(self) -> bool {
        self.span != self.inner
    }
}

/// What is around the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ide) enum Inside {
    /// Directives.
    Words,
    /// A comment.
    Comment,
    /// The code of a `*_by_lua_block` that begins there.
    Lua(u32),
}

/// Where the cursor is.
#[derive(Debug, Clone)]
pub(in crate::ide) struct Scene<'a> {
    /// The whole text.
    pub source: &'a str,
    /// Where in it.
    pub cursor: u32,
    /// What is around it.
    pub inside: Inside,
    /// The words before the `{` of each block around it, outermost first.
    pub blocks: Vec<Vec<Word>>,
    /// Names of the other directives of the innermost block.
    pub siblings: Vec<Span>,
    /// Names of the outermost directives, as far as they were read.
    pub top: Vec<Span>,
    /// The words of the directive at the cursor, those behind it included.
    pub words: Vec<Word>,
    /// Which of them the cursor is in, or where a new one would stand.
    pub index: usize,
    /// True when the cursor is in a word or at one end of it.
    pub on_word: bool,
    /// `;` or `{` where the directive is ended by it.
    pub ends: Option<u8>,
}

impl<'a> Scene<'a> {
    /// Reads a text.
    pub fn new(source: &'a str, cursor: u32) -> Scene<'a> {
        let mut scanner = Scanner::new(source, cursor, false);
        if scanner.run() {
            scanner = Scanner::new(source, cursor, true);
            scanner.run();
        }
        scanner.scene()
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    /// The value of a word of the directive at the cursor, without quotes; escapes stay.
    pub fn word(&self, index: usize) -> Option<&'a str> {
        Some(self.text(self.words.get(index)?.inner))
    }

    /// The name of the innermost block.
    pub fn block(&self) -> Option<&'a str> {
        Some(self.text(self.blocks.last()?.first()?.inner))
    }

    /// True at the outside of a quoted word, where nothing can be written.
    pub fn is_beside_quote(&self) -> bool {
        self.words.get(self.index).is_some_and(|word| self.on_word && word.is_quoted() && !word.inner.touches(self.cursor))
    }

    /// What of the word at the cursor is replaced: the word without its quotes, or nothing yet.
    pub fn token(&self) -> Span {
        match self.words.get(self.index).filter(|_| self.on_word) {
            // Of a word over several lines, what is on the cursor's.
            Some(word) if word.inner.touches(self.cursor) => {
                let before = self.text(Span::new(word.inner.start, self.cursor)).rsplit(['\n', '\r']).next().unwrap_or_default();
                let after = self.text(Span::new(self.cursor, word.inner.end)).split(['\n', '\r']).next().unwrap_or_default();
                Span::new(self.cursor - before.len() as u32, self.cursor + after.len() as u32)
            }
            _ => Span::at(self.cursor),
        }
    }

    /// What of it is before the cursor.
    pub fn prefix(&self) -> &'a str {
        self.text(Span::new(self.token().start, self.cursor))
    }
}

/// A block that is open.
#[derive(Debug)]
struct Open {
    words: Vec<Word>,
    /// The column of its first word, where that is first on its line.
    indent: Option<usize>,
    /// Names of the directives in it.
    names: Vec<Span>,
    /// What is inside is not indented deeper.
    flat: bool,
}

/// What was found at the cursor.
#[derive(Debug)]
struct Found {
    inside: Inside,
    index: usize,
    on_word: bool,
    blocks: Vec<Vec<Word>>,
    words: Vec<Word>,
    ends: Option<u8>,
    siblings: Option<Vec<Span>>,
}

struct Scanner<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the line begins that is being read.
    line: usize,
    cursor: usize,
    /// Braces do not balance: indentation goes before them.
    by_indent: bool,
    /// A brace closes a block that begins at another column: braces may not balance.
    doubtful: bool,
    open: Vec<Open>,
    top: Vec<Span>,
    words: Vec<Word>,
    found: Option<Found>,
    /// The directive at the cursor is being read.
    pending: bool,
}

impl<'a> Scanner<'a> {
    fn new(source: &'a str, cursor: u32, by_indent: bool) -> Scanner<'a> {
        Scanner {
            source,
            bytes: source.as_bytes(),
            at: 0,
            line: 0,
            cursor: cursor as usize,
            by_indent,
            doubtful: false,
            open: Vec::new(),
            top: Vec::new(),
            words: Vec::new(),
            found: None,
            pending: false,
        }
    }

    /// Reads as far as it is needed; true when braces do not balance.
    fn run(&mut self) -> bool {
        let mut unbalanced = false;
        loop {
            self.skip_blanks();
            let start = self.at;
            let Some(byte) = self.bytes.get(start).copied() else { break };
            match byte {
                b'#' => {
                    self.blank(start + 1);
                    self.at = line_end(self.bytes, start);
                    if self.found.is_none() && self.cursor > start && self.cursor <= self.at {
                        self.find(Inside::Comment, 0, false);
                    }
                }
                b';' => {
                    self.blank(start + 1);
                    self.at += 1;
                    self.end(Some(b';'));
                }
                b'{' => {
                    self.blank(start + 1);
                    self.at += 1;
                    self.block(start);
                }
                b'}' => {
                    self.blank(start + 1);
                    self.at += 1;
                    self.end(None);
                    unbalanced |= !self.close(start);
                }
                _ => self.word(start),
            }
            if !self.by_indent && !self.doubtful && self.found.as_ref().is_some_and(|found| found.siblings.is_some()) {
                return false;
            }
        }
        self.blank(usize::MAX);
        self.end(None);
        unbalanced || !self.open.is_empty()
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).filter(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
            if *byte == b'\n' {
                self.line = self.at;
                // Most blanks are indentation.
                self.at += spaces(self.bytes.get(self.at..).unwrap_or_default());
            }
        }
    }

    /// The cursor is in the blanks before `end`, unless it was met already.
    fn blank(&mut self, end: usize) {
        if self.found.is_some() || self.cursor >= end {
            return;
        }
        if self.begins_anew(self.cursor, None) {
            self.end(None);
        }
        if self.words.is_empty() {
            self.dedent(self.cursor, true);
        }
        self.find(Inside::Words, self.words.len(), false);
    }

    /// Notes what is at the cursor; the words behind it come when its directive has ended.
    fn find(&mut self, inside: Inside, index: usize, on_word: bool) {
        let blocks = self.open.iter().map(|open| open.words.clone()).collect();
        self.found = Some(Found { inside, index, on_word, blocks, words: Vec::new(), ends: None, siblings: None });
        self.pending = inside == Inside::Words;
        if self.pending && index == 0 && !on_word {
            // Nothing is written yet, so nothing has to end.
            self.pending = false;
        }
    }

    /// The directive that is being read ends.
    fn end(&mut self, by: Option<u8>) {
        if self.pending {
            self.pending = false;
            if let Some(found) = &mut self.found {
                found.words = std::mem::take(&mut self.words);
                found.ends = by;
            }
        } else if let Some(first) = self.words.first() {
            let name = first.inner;
            self.names().push(name);
        }
        self.words.clear();
    }

    fn names(&mut self) -> &mut Vec<Span> {
        match self.open.last_mut() {
            Some(open) => &mut open.names,
            None => &mut self.top,
        }
    }

    fn word(&mut self, start: usize) {
        let word = self.read_word(start);
        self.at = word.span.end as usize;
        if self.found.is_none() && self.cursor < start {
            self.blank(start);
        }
        let here = self.found.is_none() && self.cursor <= self.at;
        let later = self.words.last().is_some_and(|last| self.line > last.span.end as usize);
        if later && self.begins_anew(start, Some(word)) && (here || self.is_name(word)) {
            self.end(None);
        }
        if self.words.is_empty() {
            self.dedent(start, here);
        }
        if here {
            self.find(Inside::Words, self.words.len(), true);
        }
        self.words.push(word);
        if word.is_quoted() && memchr::memchr(b'\n', self.bytes.get(start..self.at).unwrap_or_default()).is_some() {
            self.line = self.line_start(self.at);
        }
    }

    fn is_name(&self, word: Word) -> bool {
        !word.is_quoted() && self.source.get(word.inner.range()).is_some_and(directives::is_known)
    }

    /// True when what stands at `at`, first on its line, is no argument of the directive that is being read, although that has not ended.
    fn begins_anew(&self, at: usize, word: Option<Word>) -> bool {
        let Some(first) = self.words.first() else { return false };
        if !self.is_first_on_line(at) || at < first.span.end as usize {
            return false;
        }
        if self.words.last().is_some_and(|last| line_end(self.bytes, last.span.end as usize) >= at) {
            return false;
        }
        if word.is_some_and(|word| word.is_quoted() || self.bytes.get(word.span.start as usize) == Some(&b'$')) {
            return false;
        }
        let own = self.line_indent(first.span.start as usize);
        let name = self.source.get(first.inner.range()).unwrap_or_default();
        let known = directives::named(name);
        let full = !known.is_empty() && known.iter().all(|one| one.arguments.most().is_some_and(|most| self.words.len() > most));
        self.column(at) <= own || full
    }

    fn line_start(&self, at: usize) -> usize {
        let at = at.min(self.bytes.len());
        // A line begins there, mostly the very one.
        let known = if self.line <= at { self.line } else { 0 };
        let between = self.bytes.get(known..at).unwrap_or_default();
        memchr::memrchr(b'\n', between).map_or(known, |found| known + found + 1)
    }

    /// The column of a place that only blanks are before; a tab goes to the next multiple of eight.
    fn column(&self, at: usize) -> usize {
        width(self.bytes.get(self.line_start(at)..at).unwrap_or_default())
    }

    /// How many blanks the line begins with.
    fn blanks(&self, start: usize) -> &[u8] {
        let line = self.bytes.get(start..).unwrap_or_default();
        let (spaces, rest) = line.split_at(spaces(line));
        let length = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        line.get(..spaces.len() + length).unwrap_or_default()
    }

    fn line_indent(&self, at: usize) -> usize {
        width(self.blanks(self.line_start(at)))
    }

    fn is_first_on_line(&self, at: usize) -> bool {
        let start = self.line_start(at);
        self.blanks(start).len() >= at - start
    }

    fn read_word(&self, start: usize) -> Word {
        if let Some(mark @ (b'"' | b'\'')) = self.bytes.get(start).copied() {
            let (inner, end) = quote::read(self.bytes, start, mark);
            return Word { span: span(start, end), inner: span(start + 1, inner) };
        }
        let mut at = start;
        loop {
            at += self.bytes.get(at..).map_or(0, |rest| rest.iter().position(|byte| STOPS[usize::from(*byte)]).unwrap_or(rest.len()));
            let Some(byte) = self.bytes.get(at) else { break };
            match byte {
                b'\\' => at += 1,
                b'$' if self.bytes.get(at + 1) == Some(&b'{') => at += 1,
                b';' | b'{' => break,
                byte if byte.is_ascii_whitespace() => break,
                _ => {}
            }
            at += 1;
        }
        let whole = span(start, at.min(self.bytes.len()).max(start + 1));
        Word { span: whole, inner: whole }
    }

    /// A `{`.
    fn block(&mut self, brace: usize) {
        let name = self.words.first().map(|first| first.inner);
        let words = self.words.clone();
        self.end(Some(b'{'));
        let first = words.first().map_or(brace, |first| first.span.start as usize);
        let code = name.is_some_and(|name| self.source.get(name.range()).is_some_and(|name| name.ends_with("_by_lua_block")));
        if code {
            let own = self.by_indent.then(|| self.line_indent(first));
            let end = lua::end(self.bytes, brace + 1, own);
            if self.found.is_none() && self.cursor > brace && self.cursor <= end {
                self.open.push(Open { words, indent: None, names: Vec::new(), flat: false });
                self.find(Inside::Lua(brace as u32 + 1), 0, false);
                self.open.pop();
                if let Some(found) = &mut self.found {
                    found.siblings = Some(Vec::new());
                }
            }
            self.at = (end + 1).min(self.bytes.len());
            return;
        }
        let indent = self.is_first_on_line(first).then(|| self.column(first));
        self.open.push(Open { words, indent, names: Vec::new(), flat: false });
    }

    /// A `}`; false when it closes nothing.
    fn close(&mut self, brace: usize) -> bool {
        let column = self.is_first_on_line(brace).then(|| self.column(brace));
        if let Some(column) = column {
            if self.by_indent {
                if self.open.iter().any(|open| open.indent == Some(column)) {
                    while self.open.last().is_some_and(|open| open.indent.is_some_and(|own| own > column)) {
                        self.pop();
                    }
                } else if self.open.last().is_some_and(|open| open.indent.is_some_and(|own| own < column)) {
                    return true;
                }
            } else if self.open.last().is_some_and(|open| open.indent != Some(column)) {
                self.doubtful = true;
            }
        }
        self.pop()
    }

    fn pop(&mut self) -> bool {
        let depth = self.open.len();
        let Some(open) = self.open.pop() else { return false };
        if let Some(found) = &mut self.found
            && found.siblings.is_none()
            && found.blocks.len() == depth
        {
            found.siblings = Some(open.names);
        }
        true
    }

    /// Ends the blocks that indentation says have ended before a directive at `at`.
    fn dedent(&mut self, at: usize, here: bool) {
        if !self.by_indent {
            return;
        }
        let line = self.line_start(at);
        if self.blanks(line).len() < at - line {
            return;
        }
        let column = width(self.bytes.get(line..at).unwrap_or_default());
        while let Some(Open { indent: Some(own), names, flat, .. }) = self.open.last_mut() {
            // What is first in a block is not outside of it for being indented no deeper: nothing is indented there. Nor is the cursor
            // in a block that was just begun.
            *flat |= *own == column && names.is_empty();
            if *own < column || *flat || here && names.is_empty() {
                break;
            }
            self.pop();
        }
    }

    fn scene(mut self) -> Scene<'a> {
        if self.found.is_none() {
            self.find(Inside::Words, 0, false);
        }
        while !self.open.is_empty() {
            self.pop();
        }
        let top = self.top;
        let found = self.found;
        let (inside, index, on_word) = found.as_ref().map_or((Inside::Words, 0, false), |found| (found.inside, found.index, found.on_word));
        let ends = found.as_ref().and_then(|found| found.ends);
        let (blocks, words, siblings) = found.map_or_else(Default::default, |found| (found.blocks, found.words, found.siblings));
        Scene {
            source: self.source,
            cursor: self.cursor as u32,
            inside,
            siblings: siblings.unwrap_or_else(|| if blocks.is_empty() { top.clone() } else { Vec::new() }),
            blocks,
            top,
            words,
            index,
            on_word,
            ends,
        }
    }
}

/// What may end a word without quotes, or keep the byte behind it from that.
static STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0usize;
    while byte < 256 {
        let of = byte as u8;
        table[byte] = of.is_ascii_whitespace() || matches!(of, b'\\' | b'$' | b';' | b'{');
        byte += 1;
    }
    table
};

/// How many spaces the text begins with: eight at once, as this is a third of a configuration.
fn spaces(text: &[u8]) -> usize {
    const EIGHT: u64 = u64::from_le_bytes([b' '; 8]);
    let (mut count, mut rest) = (0, text);
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        match u64::from_le_bytes(*eight) ^ EIGHT {
            0 => (count, rest) = (count + 8, after),
            others => return count + others.trailing_zeros() as usize / 8,
        }
    }
    count + rest.iter().take_while(|byte| **byte == b' ').count()
}

fn width(blanks: &[u8]) -> usize {
    let spaces = spaces(blanks);
    blanks.iter().skip(spaces).fold(spaces, |column, byte| if *byte == b'\t' { (column / 8 + 1) * 8 } else { column + 1 })
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |found| at + found)
}

//! Text to tokens, in one pass from the first byte to the last: how a file is read afresh.
//!
//! The grammar needs no more than the next token to know what it is in, so that there is nothing to be built first. What is read is what
//! `grammar/` reads, which follows `ngx_conf_read_token` (src/core/ngx_conf_file.c).

use super::collect::Collector;
use super::lua;
use crate::text::Span;

/// What the name of a directive ends in whose block is Lua code.
const LUA_SUFFIX: &str = "_by_lua_block";

/// What a byte means in a word without quotes.
#[derive(Clone, Copy)]
enum Bare {
    Plain,
    Backslash,
    Dollar,
    /// A blank, `;` or `{`, which is no part of it.
    End,
}

const BARE: [Bare; 256] = {
    let mut bare = [Bare::Plain; 256];
    bare[b'\\' as usize] = Bare::Backslash;
    bare[b'$' as usize] = Bare::Dollar;
    let ends = b" \t\r\n;{";
    let mut at = 0;
    while at < ends.len() {
        bare[ends[at] as usize] = Bare::End;
        at += 1;
    }
    bare
};

/// Reads everything.
pub(super) fn read(tokens: &mut Collector<'_>) {
    let mut reader = Reader { source: tokens.source, at: 0 };
    // The grammar skips the mark, too.
    if reader.source.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    reader.read(tokens);
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn read(&mut self, tokens: &mut Collector<'_>) {
        // Has the directive that is being read a name already, and does that announce Lua code?
        let mut name: Option<Name> = None;
        loop {
            self.skip_blanks();
            let start = self.at;
            match self.peek() {
                None => {
                    tokens.missing_semicolon();
                    if tokens.depth > 0 {
                        tokens.missing_close();
                    }
                    return;
                }
                Some(b'}') => {
                    if name.take().is_some() {
                        tokens.missing_semicolon();
                    }
                    let brace = self.one();
                    if tokens.depth > 0 { tokens.close(brace) } else { tokens.stray_close(brace) }
                }
                Some(b'#') => {
                    let rest = self.rest();
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    tokens.comment(self.from(start));
                }
                Some(b';') => {
                    let semicolon = self.one();
                    match name.take() {
                        Some(_) => tokens.semicolon(semicolon.end),
                        None => tokens.stray_semicolon(semicolon),
                    }
                }
                Some(b'{') => {
                    let brace = self.one();
                    match name.take() {
                        Some(Name::OfLua) => self.lua(brace, tokens),
                        Some(Name::Plain) | None => tokens.open(brace),
                    }
                }
                Some(first) => {
                    let ended = self.word(first);
                    let word = self.from(start);
                    if name.is_none() {
                        name = Some(Name::of(&self.source[word.range()]));
                    }
                    tokens.word(word, !ended);
                }
            }
        }
    }

    /// Past one word, which begins with this byte; false when its quote has no partner.
    fn word(&mut self, first: u8) -> bool {
        if matches!(first, b'"' | b'\'') { self.quoted(first) } else { self.bare() }
    }

    fn bare(&mut self) -> bool {
        let bytes = self.source.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            match BARE[byte as usize] {
                Bare::Plain => at += 1,
                Bare::End => break,
                // With the character behind it, whose further bytes mean nothing here.
                Bare::Backslash => at += 2,
                // `${name}`: the brace is part of the word, and so is one behind it.
                Bare::Dollar => {
                    at += 1;
                    while bytes.get(at) == Some(&b'{') {
                        at += 1;
                    }
                }
            }
        }
        self.at = at.min(bytes.len());
        true
    }

    fn quoted(&mut self, quote: u8) -> bool {
        self.at += 1;
        while let Some(next) = memchr::memchr2(quote, b'\\', self.rest()) {
            self.at += next + 1;
            if self.source.as_bytes().get(self.at - 1) == Some(&quote) {
                return true;
            }
            self.at += 1;
        }
        self.at = self.source.len();
        false
    }

    fn lua(&mut self, brace: Span, tokens: &mut Collector<'_>) {
        self.skip_blanks();
        if self.peek().is_none() {
            tokens.lua(brace, Span::at(brace.end), self.at as u32, false);
            return;
        }
        match lua::closing_brace(self.source.as_bytes(), self.at) {
            Some(close) => {
                self.at = close + 1;
                // From brace to brace: blanks at both ends belong to the code.
                tokens.lua(brace, Span::new(brace.end, close as u32), self.at as u32, true);
            }
            None => {
                self.at = self.source.len();
                tokens.lua(brace, self.from(brace.end as usize), self.at as u32, false);
            }
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.source.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Past a token of one byte.
    fn one(&mut self) -> Span {
        self.at += 1;
        self.from(self.at - 1)
    }

    /// From there to here. Texts are shorter than 4 GB.
    fn from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }
}

/// What is known of a directive by its name.
enum Name {
    Plain,
    /// A `{` behind it begins Lua code (lua-nginx-module, `ngx_http_lua_conf_lua_block_parse`).
    OfLua,
}

impl Name {
    fn of(raw: &str) -> Name {
        let inner = match raw.as_bytes() {
            [quote @ (b'"' | b'\''), .., last] if quote == last => &raw[1..raw.len() - 1],
            _ => raw,
        };
        if inner.len() > LUA_SUFFIX.len() && inner.ends_with(LUA_SUFFIX) { Name::OfLua } else { Name::Plain }
    }
}

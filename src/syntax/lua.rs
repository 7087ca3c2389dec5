//! Where the Lua code of a block ends, as lua-nginx-module sees it (`ngx_http_lua_conf_read_lua_token`).

/// The brace that closes the block whose code begins at `at`; `None` when the braces do not balance.
pub(super) fn closing_brace(source: &[u8], at: usize) -> Option<usize> {
    let mut reader = Reader { source, at, depth: 1 };
    while let Some(byte) = reader.peek() {
        match byte {
            b'{' => {
                reader.depth += 1;
                reader.at += 1;
            }
            b'}' => {
                reader.depth -= 1;
                if reader.depth == 0 {
                    return Some(reader.at);
                }
                reader.at += 1;
            }
            b'"' | b'\'' => {
                if let Some(close) = reader.skip_string(byte) {
                    return Some(close);
                }
            }
            b'[' => {
                reader.at += 1;
                reader.skip_long_bracket();
            }
            b'-' => {
                reader.at += 1;
                if reader.peek() != Some(b'-') {
                    continue;
                }
                reader.at += 1;
                if reader.peek() == Some(b'[') {
                    reader.at += 1;
                    if reader.skip_long_bracket() {
                        continue;
                    }
                }
                let rest = source.get(reader.at..).unwrap_or_default();
                reader.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            _ => reader.at += 1,
        }
    }
    None
}

struct Reader<'a> {
    source: &'a [u8],
    at: usize,
    /// Braces that are open, the block's own among them.
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn skip_equal_signs(&mut self) -> usize {
        let start = self.at;
        while self.peek() == Some(b'=') {
            self.at += 1;
        }
        self.at - start
    }

    /// Behind `[`: past a long bracket, `[==[` with all up to its `]==]` or the end of the file. False where none begins; the `=` that
    /// were looked at are passed all the same.
    fn skip_long_bracket(&mut self) -> bool {
        let level = self.skip_equal_signs();
        if self.peek() != Some(b'[') {
            return false;
        }
        self.at += 1;
        while let Some(next) = memchr::memchr(b']', self.source.get(self.at..).unwrap_or_default()) {
            self.at += next + 1;
            if self.skip_equal_signs() == level && self.peek() == Some(b']') {
                self.at += 1;
                return true;
            }
        }
        self.at = self.source.len();
        true
    }

    /// Past a string, which ends at its partner on the same line. A quote without a partner is no string, and what follows it on the line
    /// is code: then the brace that closes the block may be there.
    fn skip_string(&mut self, quote: u8) -> Option<usize> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            match self.source.get(at) {
                Some(b'\\') => at += 2,
                Some(byte) if *byte == quote => {
                    self.at = at + 1;
                    return None;
                }
                Some(b'\n') | None => break,
                Some(_) => at += 1,
            }
        }
        self.at = at.min(self.source.len());
        let line = self.source.get(start..self.at).unwrap_or_default();
        self.closes_in_code(line).map(|close| start + close)
    }

    /// The brace that closes the block on a line of code with strings that may end where a backslash and a quote stand.
    fn closes_in_code(&mut self, line: &[u8]) -> Option<usize> {
        let mut string = None;
        let mut escaped = false;
        let mut previous = 0;
        for (at, &byte) in line.iter().enumerate() {
            match byte {
                _ if string == Some(byte) && previous != b'\\' => string = None,
                _ if string.is_some() => {}
                b'"' | b'\'' if previous != b'\\' => string = Some(byte),
                b'-' if previous == b'-' => return None,
                b'{' => self.depth += 1,
                b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
            // What an escaped character is followed by knows nothing of it.
            previous = if escaped { 0 } else { byte };
            escaped = byte == b'\\' && !escaped;
        }
        None
    }
}

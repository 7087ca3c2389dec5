//! TEMPORARY: a hand-written tokenizer that stands in until the tree-sitter grammar takes over.
use super::*;

pub(super) fn parse(src: &str) -> Parse {
    let mut p = P { s: src.as_bytes(), src, i: 0, out: Parse::default() };
    let (directives, _) = p.block(true);
    p.out.directives = directives;
    p.out
}
struct P<'a> {
    s: &'a [u8],
    src: &'a str,
    i: usize,
    out: Parse,
}
impl P<'_> {
    fn block(&mut self, top: bool) -> (Vec<Arc<Directive>>, bool) {
        let mut out = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        loop {
            while self.i < self.s.len() && matches!(self.s[self.i], b' ' | b'\t' | b'\r' | b'\n') {
                self.i += 1;
            }
            let Some(&c) = self.s.get(self.i) else {
                if let Some(first) = words.first() {
                    self.out.problems.push(Problem { span: first.span, kind: ProblemKind::MissingSemicolon });
                    out.push(make(&mut words, self.i, Body::Simple));
                }
                return (out, false);
            };
            let start = self.i;
            match c {
                b'#' => {
                    while self.i < self.s.len() && self.s[self.i] != b'\n' {
                        self.i += 1;
                    }
                    let end = if self.s[start..self.i].ends_with(b"\r") { self.i - 1 } else { self.i };
                    self.out.comments.push(sp(start, end));
                }
                b';' => {
                    self.i += 1;
                    if words.is_empty() {
                        self.out.problems.push(Problem { span: sp(start, self.i), kind: ProblemKind::StraySemicolon });
                    } else {
                        out.push(make(&mut words, self.i, Body::Simple));
                    }
                }
                b'{' => {
                    self.i += 1;
                    if words.is_empty() {
                        self.out.problems.push(Problem { span: sp(start, self.i), kind: ProblemKind::NamelessBlock });
                        self.block(false);
                        continue;
                    }
                    if words[0].value.ends_with("_by_lua_block") {
                        let code = self.i;
                        let mut depth = 1;
                        while self.i < self.s.len() {
                            match self.s[self.i] {
                                b'{' => depth += 1,
                                b'}' => {
                                    depth -= 1;
                                    if depth == 0 {
                                        break;
                                    }
                                }
                                b'-' if self.s[self.i..].starts_with(b"--") => {
                                    while self.i < self.s.len() && self.s[self.i] != b'\n' {
                                        self.i += 1;
                                    }
                                }
                                q @ (b'"' | b'\'') => {
                                    let mut j = self.i + 1;
                                    while j < self.s.len() && self.s[j] != q && self.s[j] != b'\n' {
                                        if self.s[j] == b'\\' {
                                            j += 1;
                                        }
                                        j += 1;
                                    }
                                    if j < self.s.len() && self.s[j] == q {
                                        self.i = j;
                                    }
                                }
                                _ => {}
                            }
                            self.i += 1;
                        }
                        let body = Body::Lua(sp(code, self.i));
                        self.i = (self.i + 1).min(self.s.len());
                        out.push(make(&mut words, self.i, body));
                        continue;
                    }
                    let mut header = std::mem::take(&mut words);
                    let (directives, closed) = self.block(false);
                    if !closed {
                        self.out.problems.push(Problem { span: sp(start, start + 1), kind: ProblemKind::MissingClose });
                    }
                    let body = Body::Block(Block { span: sp(start, self.i), closed, directives });
                    out.push(make(&mut header, self.i, body));
                }
                b'}' => {
                    self.i += 1;
                    if !words.is_empty() {
                        self.out.problems.push(Problem { span: words[0].span, kind: ProblemKind::MissingSemicolon });
                        out.push(make(&mut words, start, Body::Simple));
                    }
                    if top {
                        self.out.problems.push(Problem { span: sp(start, self.i), kind: ProblemKind::StrayClose });
                    } else {
                        return (out, true);
                    }
                }
                b'"' | b'\'' => {
                    self.i += 1;
                    while self.i < self.s.len() && self.s[self.i] != c {
                        if self.s[self.i] == b'\\' {
                            self.i += 1;
                        }
                        self.i += 1;
                    }
                    self.i = self.i.min(self.s.len());
                    let value = decode(&self.src[start + 1..self.i]);
                    self.i = (self.i + 1).min(self.s.len());
                    if self.s.get(self.i) == Some(&b')') {}
                    words.push(Word { span: sp(start, self.i), value, quote: if c == b'"' { Quote::Double } else { Quote::Single } });
                }
                _ => {
                    while self.i < self.s.len() {
                        match self.s[self.i] {
                            b' ' | b'\t' | b'\r' | b'\n' | b';' => break,
                            b'{' if self.i == start || self.s[self.i - 1] != b'$' => break,
                            b'\\' => self.i += 2,
                            _ => self.i += 1,
                        }
                    }
                    self.i = self.i.min(self.s.len());
                    words.push(Word { span: sp(start, self.i), value: decode(&self.src[start..self.i]), quote: Quote::None });
                }
            }
        }
    }
}
fn sp(a: usize, b: usize) -> Span {
    Span::new(a as u32, b as u32)
}
fn make(words: &mut Vec<Word>, end: usize, body: Body) -> Arc<Directive> {
    let mut it = std::mem::take(words).into_iter();
    let name = it.next().expect("a word");
    Arc::new(Directive { span: Span::new(name.span.start, end as u32), name, args: it.collect(), body })
}
fn decode(raw: &str) -> Arc<str> {
    if !raw.contains('\\') {
        return raw.into();
    }
    let mut out = String::new();
    let mut it = raw.chars().peekable();
    while let Some(c) = it.next() {
        if c == '\\'
            && let Some(&n) = it.peek()
        {
            match n {
                '"' | '\'' | '\\' => {
                    out.push(n);
                    it.next();
                }
                't' => {
                    out.push('\t');
                    it.next();
                }
                'r' => {
                    out.push('\r');
                    it.next();
                }
                'n' => {
                    out.push('\n');
                    it.next();
                }
                _ => {
                    out.push('\\');
                }
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

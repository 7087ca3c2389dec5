//! What can be folded away: blocks, directives over several lines, runs of comments, regions, blocks that are commented out.

use std::sync::Arc;

use super::lines::Lines;
use super::present::Present;
use crate::project::commented;
use crate::syntax::{Body, Directive};
use crate::text::Span;

/// Why something can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A block, or a directive over several lines.
    Block,
    /// Comments that follow each other, and what is commented out.
    Comment,
    /// `#region` to `#endregion`
    Region,
}

/// What can be folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// From where it is hidden, on the line that stays, up to what is shown again.
    pub span: Span,
    /// The line that stays.
    pub start_line: u32,
    /// The last line of `span`.
    pub end_line: u32,
    /// True when what ends it stands on a line of its own: an editor that folds whole lines leaves that line.
    pub keeps_last: bool,
    /// Why.
    pub kind: Kind,
    /// In how many others it lies.
    pub depth: u32,
}

/// Everything that goes over more than one line, in order; at most one for each line that stays. With a `limit` those go first that lie in
/// the most others.
pub fn folds(present: &Present<'_>, marker: &str, limit: Option<usize>) -> Vec<Fold> {
    let source = present.source.text.to_str();
    let text = Lines::new(&source);
    let mut finder = Finder { text: &text, out: Vec::new() };
    finder.directives(&present.source.parse.directives);
    let hidden: Vec<Span> = commented::all(&present.source.text, marker).into_iter().map(|hidden| hidden.span).collect();
    for span in &hidden {
        let first = text.line_span(text.line_of(span.start));
        finder.push(Span::new(first.end, span.end), Kind::Comment, false);
    }
    finder.comments(&present.source.parse.comments, &hidden);
    let mut out = finder.out;
    out.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    out.dedup_by_key(|fold| fold.start_line);
    let mut open: Vec<u32> = Vec::new();
    for fold in &mut out {
        open.retain(|end| *end >= fold.end_line);
        fold.depth = open.len() as u32;
        open.push(fold.end_line);
    }
    if let Some(limit) = limit
        && out.len() > limit
    {
        let mut depths: Vec<u32> = out.iter().map(|fold| fold.depth).collect();
        depths.sort_unstable();
        let deepest = depths.get(limit).copied().unwrap_or(u32::MAX);
        let mut room = limit - depths.iter().filter(|depth| **depth < deepest).count();
        out.retain(|fold| {
            let fits = fold.depth < deepest || fold.depth == deepest && room > 0;
            room -= usize::from(fits && fold.depth == deepest);
            fits
        });
    }
    out
}

struct Finder<'a> {
    text: &'a Lines<'a>,
    out: Vec<Fold>,
}

impl Finder<'_> {
    fn push(&mut self, span: Span, kind: Kind, keeps_last: bool) {
        let (start_line, end_line) = (self.text.line_of(span.start), self.text.line_of(span.end));
        // A line that stays would be all there is.
        if end_line > start_line + u32::from(keeps_last) {
            self.out.push(Fold { span, start_line, end_line, keeps_last, kind, depth: 0 });
        }
    }

    fn directives(&mut self, directives: &[Arc<Directive>]) {
        // Blocks are nested at most `syntax::MAX_DEPTH` deep.
        for directive in directives {
            match &directive.body {
                Body::Simple => self.push(directive.span, Kind::Block, false),
                Body::Lua(code) => self.braces(*code),
                Body::Block(block) => {
                    let end = if block.closed { block.span.end.saturating_sub(1) } else { block.span.end };
                    self.braces(Span::new(block.span.start + 1, end));
                    self.directives(&block.directives);
                }
            }
        }
    }

    /// What is between two braces.
    fn braces(&mut self, inside: Span) {
        let line = self.text.line_of(inside.end);
        let before = self.text.slice(Span::new(self.text.line_span(line).start, inside.end));
        self.push(inside, Kind::Block, before.trim_matches([' ', '\t']).is_empty());
    }

    /// Comments that have their lines for themselves.
    fn comments(&mut self, comments: &[Span], hidden: &[Span]) {
        let mut regions: Vec<Span> = Vec::new();
        let mut run: Option<Span> = None;
        for comment in comments {
            let line = self.text.line_of(comment.start);
            let start = self.text.line_span(line).start;
            let alone = self.text.slice(Span::new(start, comment.start)).trim_matches([' ', '\t']).is_empty();
            let words = self.text.slice(*comment);
            let region = region(words);
            let before = hidden.partition_point(|hidden| hidden.start <= comment.start);
            let is_hidden = before.checked_sub(1).and_then(|at| hidden.get(at)).is_some_and(|hidden| comment.end <= hidden.end);
            match region {
                Some(true) => regions.push(*comment),
                Some(false) => {
                    if let Some(begin) = regions.pop() {
                        self.push(Span::new(begin.end, comment.end), Kind::Region, false);
                    }
                }
                None => {}
            }
            let goes_on = alone && !is_hidden && region.is_none();
            match run {
                Some(so_far) if goes_on && self.text.line_of(so_far.end) + 1 == line => run = Some(so_far.join(*comment)),
                so_far => {
                    self.run(so_far);
                    run = goes_on.then_some(*comment);
                }
            }
        }
        self.run(run);
    }

    fn run(&mut self, run: Option<Span>) {
        if let Some(run) = run {
            let first = self.text.line_span(self.text.line_of(run.start));
            self.push(Span::new(first.end, run.end), Kind::Comment, false);
        }
    }
}

/// `#region`, `# region` (true) and `#endregion` (false), as editors know them.
fn region(comment: &str) -> Option<bool> {
    let words = comment.strip_prefix('#')?.trim_start_matches([' ', '\t']);
    let begins = |name: &str| {
        words.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
    };
    if begins("region") {
        return Some(true);
    }
    begins("endregion").then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::present::testing::source;

    /// `first-last kind`, lines counted from 1; `*` where the last line is not folded away.
    fn folded(text: &str, limit: Option<usize>) -> Vec<String> {
        let source = source(text);
        let show = |fold: Fold| {
            let keeps = if fold.keeps_last { "*" } else { "" };
            format!("{}-{}{keeps} {:?}", fold.start_line + 1, fold.end_line + 1, fold.kind)
        };
        folds(&Present::new(&source, None), "#X# ", limit).into_iter().map(show).collect()
    }

    const TEXT: &str = "http {\n  # one\n  # two\n  server { # behind\n    # alone\n    log_format a 'b'\n      'c';\n    access_by_lua_block {\n      f()\n    }\n  }\n\
        \n  #region part\n  gzip on;\n  #endregion\n  location / { return 200;\n    }\n  #X# location /a {\n  #X# }\n  # three\n  # four\n}\n";

    #[test]
    fn blocks_comments_and_regions() {
        assert_eq!(
            folded(TEXT, None),
            ["1-22* Block", "2-3 Comment", "4-11* Block", "6-7 Block", "8-10* Block", "13-15 Region", "18-19 Comment", "20-21 Comment"]
        );
    }

    #[test]
    fn of_too_many_the_outer_ones_stay() {
        assert_eq!(folded(TEXT, Some(3)), ["1-22* Block", "2-3 Comment", "4-11* Block"]);
        assert_eq!(folded(TEXT, Some(0)), [""; 0]);
    }

    #[test]
    fn broken_text_is_folded_as_far_as_it_goes() {
        assert_eq!(folded("http {\n  server {\n    listen 80;\n    location / {\n", None), ["1-4 Block", "2-4 Block"]);
        assert_eq!(folded("}\n#endregion\n#region\n", None), [""; 0]);
        assert_eq!(folded("# regional\n# x\n", None), ["1-2 Comment"]);
    }
}

//! Texts in Markdown: whatever they hold, they are shown as they are, and nothing of them is read as Markdown or HTML.

use unicode_width::UnicodeWidthStr;

use crate::messages::printable::printable;

/// Columns that are wider are not filled up.
const WIDEST: usize = 70;

/// One line, without anything that a terminal would obey.
pub(super) fn clean(text: &str) -> String {
    printable(text).chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).collect()
}

/// A running text. What stands between single backticks is code, as our messages mean it; everything else is text.
pub(super) fn prose(text: &str) -> String {
    let text = clean(text);
    let pairs = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            // Beside other code the marks would be taken together.
            out.push_str(match (pairs, index % 2 == 1 && out.ends_with('`')) {
                (false, _) => "\\`",
                (true, true) => " `",
                (true, false) => "`",
            });
        }
        if pairs && index % 2 == 1 { out.push_str(part) } else { text_of(part, &mut out) }
    }
    out
}

/// What is no code. A code host makes links and mentions of words by how they look, escaped or not, and whose they are it can't know:
/// only as code they stay words.
fn text_of(text: &str, out: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        out.push_str(if index > 0 { " " } else { "" });
        if !is_linked(word) {
            escape(word, out);
            continue;
        }
        // What stands around it belongs to the sentence.
        let rest = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '#');
        let core = rest.trim_end_matches(|c: char| (!c.is_ascii() && c != '…') || ",.;:!?)]}\"'".contains(c));
        escape(word.strip_suffix(rest).unwrap_or_default(), out);
        out.push_str(if out.ends_with('`') { " " } else { "" });
        out.push_str(&code(core));
        escape(rest.strip_prefix(core).unwrap_or_default(), out);
    }
}

/// Does a code host make something else of the word than text: who is told (`@name`), an issue (`#1`, `GH-1`), a link (`https://…`, `www.…`)?
fn is_linked(word: &str) -> bool {
    let before = |sign: char, follows: fn(char) -> bool| {
        word.match_indices(sign).any(|(at, _)| word.get(at + sign.len_utf8()..).is_some_and(|rest| rest.starts_with(follows)))
    };
    let lower = word.to_ascii_lowercase();
    before('@', char::is_alphanumeric)
        || before('#', |c| c.is_ascii_digit())
        || lower.contains("://")
        || ["www.", "gh-", "mailto:", "xmpp:"].into_iter().any(|start| {
            lower.match_indices(start).any(|(at, _)| !lower.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric)))
        })
}

fn escape(text: &str, out: &mut String) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let marks = match c {
            '\\' | '*' | '[' | ']' | '<' | '&' | '~' => true,
            // Inside of a word it is a letter.
            '_' => !before.is_alphanumeric() || !after.is_alphanumeric(),
            '#' | '>' => before == ' ',
            '!' => after == '[',
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// A name as code.
pub(super) fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.is_empty() {
        true => String::new(),
        // Blanks at both ends belong to the fence.
        false if longest > 0 || (text.starts_with(' ') && text.ends_with(' ')) => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// What begins and ends a block of code that holds this.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// A table of which the columns line up on a terminal, too.
pub(super) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
    right: [bool; N],
}

impl<const N: usize> Table<N> {
    pub(super) fn new(heads: [String; N]) -> Table<N> {
        Table { rows: vec![heads], right: [false; N] }
    }

    /// Numbers: to the right.
    pub(super) fn right(mut self, column: usize) -> Table<N> {
        self.right[column] = true;
        self
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    pub(super) fn print(self) -> String {
        // A bar ends a cell, in code, too.
        let rows: Vec<[String; N]> = self.rows.into_iter().map(|row| row.map(|cell| cell.replace('|', "\\|"))).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].width()).filter(|width| *width <= WIDEST).max().unwrap_or(0).max(3);
        // The last column needs no filling, except for numbers.
        let last = |column: usize| column + 1 == N && !self.right[column];
        let widths: [usize; N] = std::array::from_fn(|column| if last(column) { rows[0][column].width().max(3) } else { width(column) });
        let mut out = String::new();
        for (number, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let fill = " ".repeat(widths[column].saturating_sub(cell.width()));
                match self.right[column] {
                    true => out.push_str(&format!("| {fill}{cell} ")),
                    false => out.push_str(&format!("| {cell}{fill} ")),
                }
            }
            out.push_str("|\n");
            if number == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let dashes = "-".repeat(width + 1);
                    out.push_str(&if self.right[column] { format!("|{dashes}:") } else { format!("|-{dashes}") });
                }
                out.push_str("|\n");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_markdown_is_text() {
        assert_eq!(
            prose("`location = /a|b` is *used* by html/token_manager.html"),
            "`location = /a|b` is \\*used\\* by html/token_manager.html"
        );
        assert_eq!(prose("</script><img src=x onerror=alert(1)>"), "\\</script>\\<img src=x onerror=alert(1)>");
        assert_eq!(prose("[x](javascript:alert(1)) _a_ # b"), "\\[x\\](javascript:alert(1)) \\_a\\_ \\# b");
        assert_eq!(prose("a ` b"), "a \\` b");
        assert_eq!(prose("a `` b ``"), "a \\`\\` b \\`\\`");
        assert_eq!(prose("a\nb\u{1b}[31m"), "a b\\\\u{1b}\\[31m");
    }

    #[test]
    fn nobody_is_told_and_nothing_is_a_link() {
        for (text, shown) in [
            ("ask @octocat or @octo/team, see #12 and (octo/x#3)", "ask `@octocat` or `@octo/team`, see `#12` and (`octo/x#3`)"),
            ("at https://a.example/x_y, and WWW.a.example", "at `https://a.example/x_y`, and `WWW.a.example`"),
            ("`proxy_pass`は、http://a.example/ではない", "`proxy_pass`は、`http://a.example/`ではない"),
            ("`/a`@octocat`/b`", "`/a` `@octocat` `/b`"),
            ("a ` @octo`cat `", "a \\` `@octo`\\`cat \\`"),
            ("# 1 is @ no one, a high-1 figure", "\\# 1 is @ no one, a high-1 figure"),
        ] {
            assert_eq!(prose(text), shown);
        }
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code("~ ^/a|b$"), "`~ ^/a|b$`");
        assert_eq!(code(""), "");
        assert_eq!(fence("a\n```\n"), "````");
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(["a".to_owned(), "回数".to_owned()]).right(1);
        table.row(["`x|y`".to_owned(), "1,204".to_owned()]);
        table.row(["使用中".to_owned(), "7".to_owned()]);
        let lines = ["| a      |  回数 |", "|--------|------:|", "| `x\\|y` | 1,204 |", "| 使用中 |     7 |", ""];
        assert_eq!(table.print(), lines.join("\n"));
    }
}

//! What an `if` asks (`ngx_http_rewrite_if_condition`).

/// What is wrong with a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It does not begin with `(`.
    Open,
    /// It does not end with `)`.
    Close,
    /// Too many or too few words.
    Words,
    /// The word in the middle is no operator.
    Operator,
    /// It begins with neither a variable nor a test of a file.
    Start,
}

/// A condition as nginx reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition<'a> {
    /// A variable that is neither empty nor `0`.
    Set(&'a str),
    /// `=` or `!=`: variable, operator, text.
    Compare(&'a str, &'a str, &'a str),
    /// `~` and its relatives: variable, operator, regex.
    Match(&'a str, &'a str, &'a str),
    /// `-f` and its relatives: operator, path.
    File(&'a str, &'a str),
}

/// Reads a condition; what is wrong comes with the argument where nginx notices it.
pub fn read<T: AsRef<str>>(args: &[T]) -> Result<Condition<'_>, (usize, Trouble)> {
    let last = args.len().checked_sub(1).ok_or((0, Trouble::Open))?;
    let word = |index: usize| args.get(index).map_or("", |word| word.as_ref());
    let first = word(0).strip_prefix('(').ok_or((0, Trouble::Open))?;
    if !word(last).ends_with(')') || last == 0 && first.is_empty() {
        return Err((last, Trouble::Close));
    }
    // Without the parentheses; a word that was one of them only is gone.
    let start = usize::from(first.is_empty());
    let end = if word(last).len() == 1 { last } else { last + 1 };
    let inner = |index: usize| {
        let text = if index == 0 { first } else { word(index) };
        if index == last { text.strip_suffix(')').unwrap_or(text) } else { text }
    };
    let count = end.saturating_sub(start);
    if count == 0 {
        return Err((start.min(last), Trouble::Start));
    }
    let subject = inner(start);
    if subject.len() > 1 && subject.starts_with('$') {
        return match count {
            1 => Ok(Condition::Set(subject)),
            3 => {
                let (operator, value) = (inner(start + 1), inner(start + 2));
                match operator {
                    "=" | "!=" => Ok(Condition::Compare(subject, operator, value)),
                    "~" | "~*" | "!~" | "!~*" => Ok(Condition::Match(subject, operator, value)),
                    _ => Err((start + 1, Trouble::Operator)),
                }
            }
            _ => Err((start, Trouble::Words)),
        };
    }
    let test = subject.strip_prefix('!').unwrap_or(subject);
    if test.len() == 2 && test.starts_with('-') {
        return match count {
            2 if matches!(test, "-f" | "-d" | "-e" | "-x") => Ok(Condition::File(subject, inner(start + 1))),
            2 => Err((start, Trouble::Operator)),
            _ => Err((start, Trouble::Words)),
        };
    }
    Err((start, Trouble::Start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let read = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            super::read(&words).map(|read| format!("{read:?}"))
        };
        for right in ["($a)", "( $a )", "($a = b)", "( $a != b )", "($a ~* ^x(y)$)", "(-f $a)", "(!-e $a)", "( -d $a )"] {
            assert!(read(right).is_ok(), "{right}: {:?}", read(right));
        }
        assert_eq!(read("$a = b"), Err((0, Trouble::Open)));
        assert_eq!(read("($a = b"), Err((2, Trouble::Close)));
        assert_eq!(read("($a == b)"), Err((1, Trouble::Operator)));
        assert_eq!(read("($a = b && $c)"), Err((0, Trouble::Words)));
        assert_eq!(read("($a =b)"), Err((0, Trouble::Words)));
        assert_eq!(read("(a = b)"), Err((0, Trouble::Start)));
        assert_eq!(read("(-z $a)"), Err((0, Trouble::Operator)));
        assert_eq!(read("(-f)"), Err((0, Trouble::Words)));
        assert!(read("()").is_err() && read("(").is_err() && read("( )").is_err() && read("").is_err());
    }
}

//! Several things in one sentence, joined as the language joins them.

use super::Language;

/// How a list is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Joint {
    /// `a, b and c`
    And,
    /// `a, b or c`
    Or,
    /// `a, b, c`
    Comma,
    /// Clauses: `a is so, b is so, and c is so`.
    Clauses,
    /// Clauses one after the other: `a is so, b is so`.
    Apart,
}

/// The items in one phrase; empty when there are none.
pub fn join(language: Language, joint: Joint, items: &[String]) -> String {
    let Some((last, rest)) = items.split_last() else { return String::new() };
    let Some((first, middle)) = rest.split_first() else { return last.clone() };
    let between = if matches!(joint, Joint::Clauses | Joint::Apart) { "list-clause" } else { "list-comma" };
    let head = middle.iter().fold(first.clone(), |head, next| crate::message!(language, between, head = head, next = next));
    match joint {
        Joint::Comma => crate::message!(language, "list-comma", head = head, next = last),
        Joint::And if middle.is_empty() => crate::message!(language, "list-and", head = head, last = last),
        Joint::And => crate::message!(language, "list-and-more", head = head, last = last),
        Joint::Or => crate::message!(language, "list-or", head = head, last = last),
        Joint::Apart => crate::message!(language, "list-clause", head = head, next = last),
        Joint::Clauses => crate::message!(language, "list-clauses", head = head, last = last),
    }
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`: where more than one would have to go, `most` are shown.
pub fn list(language: Language, items: &[String], most: usize) -> String {
    let shown = if items.len() > most + 1 { most } else { items.len() };
    let (head, rest) = items.split_at(shown);
    match rest.len() {
        0 => join(language, Joint::And, head),
        more => crate::message!(language, "list-more", head = join(language, Joint::Comma, head), count = more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_well() {
        let all = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let of = |count: usize| list(Language::English, &all[..count], 3);
        assert_eq!([of(0), of(1), of(2), of(3), of(4), of(5)], ["", "a", "a and b", "a, b and c", "a, b, c and d", "a, b, c and 2 more"]);
        let of = |count: usize| list(Language::Japanese, &all[..count], 3);
        assert_eq!([of(1), of(2), of(3), of(5)], ["a", "aとb", "a、b、c", "a、b、cほか2件"]);
        let joined = |joint| join(Language::English, joint, &all[..3]);
        assert_eq!([joined(Joint::Or), joined(Joint::Comma), joined(Joint::Clauses)], ["a, b or c", "a, b, c", "a, b, and c"]);
    }
}

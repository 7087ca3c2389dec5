//! Names that nginx compares without case.

use std::borrow::Cow;

/// A name as nginx keeps those of variables, upstreams and hosts (`ngx_strlow`): with the capital letters of ASCII made small. A copy only where
/// there is one, which is rare: rules ask of every name after every keystroke.
pub fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_capital_letters_is_copied() {
        assert!(matches!(lower("a-b.\u{c9}"), Cow::Borrowed("a-b.\u{c9}")));
        assert!(matches!(lower("aB\u{c9}"), Cow::Owned(small) if small == "ab\u{c9}"));
    }
}

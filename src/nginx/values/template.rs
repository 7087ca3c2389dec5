//! Text with variables in it.

/// What is wrong with a text that nginx looks for variables in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A `$` with no name behind it.
    Dollar,
    /// A `${` without its `}`.
    Brace,
}

/// Reads the variables of a text (`ngx_http_script_compile`): the first thing that is wrong, with its place.
pub fn trouble(text: &str) -> Option<(usize, Trouble)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'$')).map(|found| at + found) {
        at = start + 1;
        if bytes.get(at).is_some_and(|byte| (b'1'..=b'9').contains(byte)) {
            at += 1;
            continue;
        }
        let brace = bytes.get(at) == Some(&b'{');
        at += usize::from(brace);
        if at >= bytes.len() {
            return Some((start, Trouble::Dollar));
        }
        let length = name_length(bytes.get(at..).unwrap_or_default());
        at += length;
        if brace {
            if bytes.get(at) != Some(&b'}') {
                return Some((start, Trouble::Brace));
            }
            at += 1;
        }
        if length == 0 {
            return Some((start, Trouble::Dollar));
        }
    }
    None
}

fn name_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for right in ["", "a", "$a", "${a}b", "$1$2", "a$b-c", "$10"] {
            assert_eq!(trouble(right), None, "{right}");
        }
        for wrong in ["$", "a$", "$-", "$$a", "${}", "${", "$ a"] {
            assert!(matches!(trouble(wrong), Some((_, Trouble::Dollar))), "{wrong}");
        }
        assert_eq!(trouble("ab${c"), Some((2, Trouble::Brace)));
        assert_eq!(trouble("${a-b}"), Some((0, Trouble::Brace)));
    }
}

//! What is printed in a job of GitHub Actions is read along for workflow commands. Lines of a configuration must not be taken for some.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

/// Set to `true` in every job.
const JOB: &str = "GITHUB_ACTIONS";

/// The text as it is printed here: in a job, and where a line of it would be obeyed, within `stop-commands`.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let in_job = std::env::var_os(JOB).is_some_and(|value| value == "true");
    match in_job && text.lines().any(is_obeyed) {
        // Nobody who wrote the text can know what ends it.
        true => stopped(text, &format!("nginx-analyzer-{:016x}", RandomState::new().hash_one(text))),
        false => Cow::Borrowed(text),
    }
}

/// As the runner tells commands (`ActionCommand.TryParseV2` behind blank space, `ActionCommand.TryParse` anywhere); what it then does not know is
/// a text to it, too.
fn is_obeyed(line: &str) -> bool {
    let line = anstream::adapter::strip_str(line).to_string();
    line.trim_start().starts_with("::") || line.contains("##[")
}

fn stopped<'a>(text: &str, token: &str) -> Cow<'a, str> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runner_obeys() {
        for line in ["::error::x", " ::add-mask::x", "\u{1b}[1m::error::x", "+ # ##[error]x"] {
            assert!(is_obeyed(line), "{line}");
        }
        for line in ["", "+::error::x", "proxy_pass http://[::1]:80;", "## [x]"] {
            assert!(!is_obeyed(line), "{line}");
        }
        assert_eq!(stopped("a\n ::b::", "t"), "::stop-commands::t\na\n ::b::\n::t::\n");
    }
}

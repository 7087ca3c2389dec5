//! `nginx-analyzer explain RULE`: a rule's page.

use std::io::Write;

use anyhow::{Context, bail};

use super::OK;
use crate::message;
use crate::messages::Language;
use crate::rules::{self, registry};

/// Prints the page of a rule, or the list of all.
pub(super) fn run(rule: Option<&str>, language: Language) -> anyhow::Result<u8> {
    let mut out = String::new();
    match rule {
        None => {
            let width = registry::RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            for rule in registry::RULES {
                out.push_str(&format!("{:width$}  {}\n", rule.id, rules::summary(rule, language)));
            }
        }
        Some(id) => match registry::page(id) {
            Some(page) => out.push_str(page),
            None => match registry::nearest(id) {
                Some(near) => bail!(message!(language, "cli-no-rule-near", rule = id, near = near)),
                None => bail!(message!(language, "cli-no-rule", rule = id)),
            },
        },
    }
    match std::io::stdout().lock().write_all(out.as_bytes()) {
        // A reader that went away is no failure.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context(message!(language, "cli-standard-output")),
        _ => Ok(OK),
    }
}

//! The list of all rules, by id.

use super::Rule;

/// All rules, in the order of their ids.
pub const RULES: &[&Rule] = &[&super::dead_location::RULE];

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

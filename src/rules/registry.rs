//! The list of all rules, by id, with their pages.

use super::{Rule, Severity, summary};
use crate::messages::Language;
use crate::project::settings::Level;
use crate::project::settings::schema::AboutRule;

/// Where the pages of the rules are on the web.
pub const PAGES: &str = "https://nginx-analyzer.dev/rules/";

/// Lists the rules: `id => module;` gives the rule's constant and its page in docs/rules/.
macro_rules! rules {
    ($($id:literal => $module:ident;)*) => {
        /// All rules, in the order of their ids.
        pub const RULES: &[&Rule] = &[$(&super::$module::RULE),*];
        const PAGE_TEXTS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../docs/rules/", $id, ".md")))),*];
    };
}

rules! {
    "alias-mismatch" => alias_mismatch;
    "argument-count" => argument_count;
    "conflicting-options" => conflicting_options;
    "constant-condition" => constant_condition;
    "dead-access-rule" => dead_access_rule;
    "dead-directive" => dead_directive;
    "dead-error-page" => dead_error_page;
    "dead-location" => dead_location;
    "dead-map-entry" => dead_map_entry;
    "dead-server" => dead_server;
    "dead-server-name" => dead_server_name;
    "dead-upstream" => dead_upstream;
    "deprecated-directive" => deprecated_directive;
    "duplicate-definition" => duplicate_definition;
    "duplicate-directive" => duplicate_directive;
    "empty-server" => empty_server;
    "error-page-target" => error_page_target;
    "expired-keep" => expired_keep;
    "include-problem" => include_problem;
    "inert-directive" => inert_directive;
    "invalid-value" => invalid_value;
    "lost-inheritance" => lost_inheritance;
    "misplaced-directive" => misplaced_directive;
    "missing-directive" => missing_directive;
    "missing-file" => missing_file;
    "nginx-refuses" => nginx_refuses;
    "orphan-file" => orphan_file;
    "redundant-location" => redundant_location;
    "replaced-handler" => replaced_handler;
    "request-fails" => request_fails;
    "server-try-files" => server_try_files;
    "settings-problem" => settings_problem;
    "silent-server" => silent_server;
    "stale-commented-block" => stale_commented_block;
    "syntax-error" => syntax_error;
    "try-files-problem" => try_files_problem;
    "undefined-name" => undefined_name;
    "unknown-directive" => unknown_directive;
    "unknown-upstream-host" => unknown_upstream_host;
    "unreachable-backend-route" => unreachable_backend_route;
    "unreadable-file" => unreadable_file;
    "unused-definition" => unused_definition;
    "unused-location" => unused_location;
    "unused-named-location" => unused_named_location;
    "unused-upstream-server" => unused_upstream_server;
    "upstream-lacks-part" => upstream_lacks_part;
    "upstream-lacks-route" => upstream_lacks_route;
    "upstream-port-mismatch" => upstream_port_mismatch;
    "upstream-scheme-mismatch" => upstream_scheme_mismatch;
    "uri-stripped" => uri_stripped;
}

/// Rules that are run only where the settings give them a level: what they tell is right, and more than most people want to read.
pub const ONLY_WHEN_ASKED: &[&str] = &["upstream-lacks-part"];

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The Markdown page of the rule of that id.
pub fn page(id: &str) -> Option<&'static str> {
    PAGE_TEXTS.iter().find(|(rule, _)| *rule == id).map(|(_, page)| *page)
}

/// The web address of a rule's page.
pub fn url(id: &str) -> String {
    format!("{PAGES}{id}")
}

/// The id that was probably meant; `None` when nothing is near.
pub fn nearest(id: &str) -> Option<&'static str> {
    RULES
        .iter()
        .map(|rule| (strsim::damerau_levenshtein(id, rule.id), rule.id))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, id)| id)
}

/// How loud a rule is where the settings say nothing of it.
pub fn level(rule: &Rule) -> Level {
    match rule.severity {
        _ if ONLY_WHEN_ASKED.contains(&rule.id) => Level::Off,
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Info,
        Severity::Hint => Level::Hint,
    }
}

/// All rules, for the schema of the settings.
pub fn about(language: Language) -> Vec<AboutRule> {
    RULES.iter().map(|rule| AboutRule { id: rule.id, summary: summary(rule, language), level: level(rule) }).collect()
}

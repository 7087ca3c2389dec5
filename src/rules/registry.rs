//! The list of all rules, by id, with their pages.

use super::Rule;

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
    "dead-location" => dead_location;
}

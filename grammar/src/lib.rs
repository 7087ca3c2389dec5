//! nginx's configuration language for tree-sitter.
//!
//! The grammar is *total*: every text has a tree without `ERROR` or `MISSING` nodes, and what nginx would refuse is a
//! named node (`incomplete_directive`, `stray_semicolon`, `stray_close`, `nameless_block`, `missing_close`,
//! `unterminated_word`, `unbalanced_lua_code`). Words are atomic: whether a `$` in one starts a variable depends on the
//! directive.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_nginx_conf() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
// SAFETY: the generated function takes nothing and returns a pointer to a static, immutable table.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_nginx_conf) };

/// The types of the tree's nodes, as JSON.
pub const NODE_TYPES: &str = include_str!("node-types.json");

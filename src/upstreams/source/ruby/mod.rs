//! Ruby, with Rails and Sinatra.

mod code;
mod folder;
mod gems;
mod pattern;
mod rack;
mod rails;
mod sinatra;

use std::path::Path;

use super::facts::{Facts, Why};
use super::making::{has_any, no_module, place_of};
use super::{Language, syntax};

/// Ruby.
pub(super) const LANGUAGE: Language =
    Language { name: "Ruby", wants, read, skim: None, module: no_module, beside: Some(|_, _| true), folder: folder::folder };

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

fn wants(path: &Path) -> bool {
    let name = name_of(path);
    name.ends_with(".rb") || name.ends_with(".ru") || name == "Gemfile"
}

/// Frameworks that are not read.
const OTHERS: &[&str] = &[
    "Grape::API",
    "Hanami::",
    "< Roda",
    "Cuba.define",
    "Padrino::",
    "Camping.goes",
    "Syro.new",
    "Rack::API",
    "WEBrick::HTTPServer",
    "Agoo::",
    "Iodine.",
];

fn read(path: &Path, text: &str) -> Facts {
    let mut facts = Facts::default();
    let name = name_of(path);
    if matches!(name, "Gemfile" | "gems.rb") {
        gems::read(text, &mut facts);
        return facts;
    }
    let Some(tree) = syntax::parse(text, &tree_sitter_ruby::LANGUAGE.into()) else {
        facts.doubt(Why::Unparsed, place_of(text, ""));
        return facts;
    };
    const WEB: &[&str] = &["inatra", "routes.draw", "Rack::", "run "];
    if tree.root_node().has_error() && has_any(text, WEB) {
        facts.doubt(Why::Unparsed, place_of(text, ""));
    }
    if text.contains("bundler/inline") {
        gems::read(text, &mut facts);
    }
    if let Some(word) = OTHERS.iter().find(|word| text.contains(**word)) {
        facts.doubt(Why::Option, place_of(text, word));
    }
    // Of the file of routes, the folder tells what it is.
    const DRAWS: &[&str] = &["routes.draw", "routes.append", "routes.prepend"];
    if !path.ends_with("config/routes.rb")
        && let Some(word) = DRAWS.iter().find(|word| text.contains(**word))
    {
        facts.doubt(Why::Computed, place_of(text, word));
    }
    if name.ends_with(".ru") {
        rack::read(text, tree.root_node(), &mut facts);
    } else if !path.iter().any(|part| part == "config") {
        sinatra::read(text, tree.root_node(), &mut facts);
    }
    facts
}

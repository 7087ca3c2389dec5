//! C#, with ASP.NET Core: minimal endpoints, controllers, pages. F# and Visual Basic are not read: where they serve, an application is
//! open.

mod controllers;
mod endpoints;
mod folder;
mod middleware;
mod pages;
mod pattern;
mod values;

use std::path::Path;

use super::facts::{Facts, Why};
use super::making::{has_any, no_module, place_of};
use super::{Language, syntax};

/// C#.
pub(super) const LANGUAGE: Language =
    Language { name: "C#", wants, read, skim: None, module: no_module, beside: Some(|_, _| true), folder: folder::folder };

/// As people write it.
const FRAMEWORK: &str = "ASP.NET Core";
/// What routes are registered on where no variable has it. No program has such a name.
const APP: &str = "<app>";
/// What `UsePathBase` takes away from paths; nothing, too.
const PATH_BASE: &str = "<path base>";
/// Actions without a route of their own.
const CONVENTIONAL: &str = "<conventional>";

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or("")
}

fn wants(path: &Path) -> bool {
    matches!(extension(path), "cs" | "cshtml" | "razor" | "csproj" | "fs" | "vb" | "fsproj" | "vbproj")
}

fn read(path: &Path, text: &str) -> Facts {
    let mut facts = Facts::default();
    match extension(path) {
        "cs" => read_code(text, &mut facts),
        "cshtml" | "razor" => pages::read(path, text, &mut facts),
        "fs" | "vb" => {
            const WEB: &[&str] = &["AspNetCore", "Giraffe", "Suave", "Saturn", "Falco", "WebSharper"];
            if let Some(word) = WEB.iter().find(|word| text.contains(**word)) {
                facts.doubt(Why::Unparsed, place_of(text, word));
            }
        }
        _ => folder::project(text, &mut facts),
    }
    facts
}

fn read_code(text: &str, facts: &mut Facts) {
    let Some(tree) = syntax::parse(text, &tree_sitter_c_sharp::LANGUAGE.into()) else {
        return facts.doubt(Why::Unparsed, place_of(text, ""));
    };
    let root = tree.root_node();
    const WEB: &[&str] =
        &[".Map", ".Use", "Controller", "[Http", "[Route", "IEndpointRouteBuilder", "IApplicationBuilder", "WebApplication"];
    if root.has_error() && has_any(text, WEB) {
        facts.doubt(Why::Unparsed, place_of(text, ""));
    }
    let nodes = syntax::nodes(root);
    let mut file = values::File::new(text, facts);
    file.declare(&nodes);
    endpoints::read(&mut file, &nodes);
    middleware::classes(&mut file, &nodes);
    controllers::read(&mut file, &nodes);
}

//! Razor pages and components: routes by files and `@page`.

use std::path::Path;

use super::super::facts::{Expr, Facts};
use super::super::making::global;
use super::APP;
use super::pattern::{any_slash, as_path};
use crate::text::Span;

pub(super) fn read(path: &Path, text: &str, facts: &mut Facts) {
    let page = path.extension().is_some_and(|extension| extension == "cshtml");
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.trim_start().strip_prefix("@page") {
            let template = rest.split('"').nth(1).unwrap_or("");
            let span = Span::new(offset, offset + line.trim_end().len() as u32);
            if template.starts_with(['/', '~']) {
                facts.add_route(global(APP), &[], any_slash(as_path(Expr::text(template))), span);
            } else if page {
                for own in by_file(path) {
                    let whole = format!("{own}/{template}");
                    facts.add_route(global(APP), &[], any_slash(as_path(Expr::text(&whole))), span);
                }
            }
        }
        offset += line.len() as u32;
    }
}

/// Where a page is by its file: `Pages/Orders/Index.cshtml` is `/Orders` and `/Orders/Index`.
fn by_file(path: &Path) -> Vec<String> {
    let written = path.with_extension("").to_string_lossy().replace('\\', "/");
    let Some((before, inside)) = written.rsplit_once("Pages/") else { return Vec::new() };
    let area = before.split_once("Areas/").map(|(_, area)| format!("/{}", area.trim_end_matches('/'))).unwrap_or_default();
    let whole = format!("{area}/{inside}");
    match whole.strip_suffix("/Index") {
        Some(folder) => vec![folder.to_owned(), whole],
        None => vec![whole],
    }
}

//! PHP, with Laravel. Any other application in PHP is open.

mod code;
mod folder;
mod laravel;
mod packages;
mod pattern;

use std::path::Path;

use super::Language;
use super::facts::Facts;
use super::making::no_module;

/// PHP. What a file of routes means depends on who loads it: all is told by the folder.
pub(super) const LANGUAGE: Language = Language {
    name: "PHP",
    wants,
    read: |_, _| Facts::default(),
    skim: None,
    module: no_module,
    beside: Some(|_, _| true),
    folder: folder::folder,
};

fn wants(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name.ends_with(".php") && !name.ends_with(".blade.php") || name == "composer.json"
}

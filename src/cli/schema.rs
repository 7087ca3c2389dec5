//! `nginx-analyzer schema`

use serde_json::Value;

use super::args::SchemaReader;
use crate::messages::Language;
use crate::project::settings::schema;
use crate::rules::registry;

/// Prints what settings there are, for programs.
pub fn run(reader: SchemaReader, language: Language) -> anyhow::Result<u8> {
    let rules = registry::about(language);
    let schema = match reader {
        SchemaReader::Toml => schema::of_file(&rules, language),
        SchemaReader::Vscode => Value::Object(schema::of_editor(&rules, language)),
    };
    super::print(&format!("{}\n", serde_json::to_string_pretty(&schema)?), None)?;
    Ok(super::OK)
}

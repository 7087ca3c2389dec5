//! `cargo xtask settings`: what the server's settings are, for editors. `nginx-analyzer schema` says it; this puts it where editors read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};

/// The schema of nginx-analyzer.toml.
const SCHEMA: &str = "docs/nginx-analyzer.schema.json";
/// Where VS Code reads settings.
const EXTENSION: &str = "editors/vscode/package.json";

/// Where the IDEs of JetBrains read them, by LSP4IJ.
const TEMPLATE: &str = "editors/jetbrains/nginx-analyzer/settings.schema.json";

/// Writes the files, or with `check` compares them.
pub fn run(binary: Option<PathBuf>, check: bool) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?;
    let says = |reader| says(root, binary.as_deref(), reader);
    let package = std::fs::read_to_string(root.join(EXTENSION)).context(EXTENSION)?;
    let schema = says("toml")?;
    let template = below_section(&schema)?;
    let wanted = [(SCHEMA, schema), (TEMPLATE, template), (EXTENSION, with_settings(&package, &says("vscode")?)?)];
    for (name, wanted) in wanted {
        let path = root.join(name);
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        if there == wanted {
            println!("{name} is up to date");
        } else if check {
            bail!("{name} has other settings than the server: run `cargo xtask settings`");
        } else {
            std::fs::write(&path, wanted).context(name)?;
            println!("{name} written");
        }
    }
    Ok(())
}

fn says(root: &Path, binary: Option<&Path>, reader: &str) -> anyhow::Result<String> {
    let mut command = match binary {
        Some(binary) => Command::new(binary),
        None => {
            let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo.args(["run", "--quiet", "--package", "nginx-analyzer", "--"]);
            cargo
        }
    };
    let output = command.args(["--lang", "en", "schema", "--for", reader]).current_dir(root).output().context("nginx-analyzer schema")?;
    ensure!(output.status.success(), "nginx-analyzer schema: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The schema of what the server is answered when it asks for its settings: those of the file, below the section's name.
fn below_section(schema: &str) -> anyhow::Result<String> {
    let mut settings: Map<String, Value> = serde_json::from_str(schema).context(SCHEMA)?;
    let dialect = settings.get("$schema").cloned().context("the schema has no $schema")?;
    settings.retain(|name, _| !name.starts_with('$'));
    let template = json!({
        "$schema": dialect,
        "$id": "LSP4IJ/nginx-analyzer/settings.schema.json",
        "title": "Settings of nginx-analyzer",
        "type": "object",
        "additionalProperties": false,
        "properties": { "nginxAnalyzer": settings },
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&template)?))
}

/// The extension's manifest with the server's settings in place of those that it has. Settings of the extension itself stay: they are
/// below names that no section of the server's has (`nginxAnalyzer.server`, `nginxAnalyzer.trace`).
fn with_settings(package: &str, settings: &str) -> anyhow::Result<String> {
    let mut package: Value = serde_json::from_str(package).context(EXTENSION)?;
    let settings: Map<String, Value> = serde_json::from_str(settings)?;
    let section = |name: &str| name.split('.').nth(1).unwrap_or_default().to_owned();
    let properties = package
        .pointer_mut("/contributes/configuration/properties")
        .and_then(Value::as_object_mut)
        .context("the extension has no contributes.configuration.properties")?;
    let sections: Vec<String> = settings.keys().map(|name| section(name)).collect();
    let own = std::mem::take(properties).into_iter().filter(|(name, _)| !sections.contains(&section(name)));
    properties.extend(own);
    properties.extend(settings);
    Ok(format!("{}\n", serde_json::to_string_pretty(&package)?))
}

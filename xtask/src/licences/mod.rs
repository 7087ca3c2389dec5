//! `cargo xtask licences`: what others have made and the binary contains, and under which licences. Its authors ask that the texts of these go along
//! with every copy (`texts.rs`); `docs/licences.md` is the list of them (`list.rs`).

mod list;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// The package whose dependencies these are.
const PROGRAM: &str = "nginx-analyzer";
const LIST: &str = "docs/licences.md";
/// Texts of crates that do not bring them, by the crate's name: from the same version's package in another registry, or from its sources.
const SUPPLEMENTS: &str = "xtask/licences";

/// Writes the list, or only compares; or writes the texts into a file.
pub fn run(check: bool, into: Option<&Path>) -> anyhow::Result<()> {
    let root = root()?;
    let metadata = metadata(root)?;
    if let Some(path) = into {
        return std::fs::write(path, texts(&metadata)?).with_context(|| path.display().to_string());
    }
    let path = root.join(LIST);
    let list = list::of(&foreign(&metadata, PROGRAM)?)?;
    if check {
        ensure!(std::fs::read_to_string(&path).is_ok_and(|there| there == list), "{LIST} lists other crates: run `cargo xtask licences`");
        return Ok(());
    }
    std::fs::write(&path, list).with_context(|| path.display().to_string())
}

/// One text with all licences, as packages carry it.
pub fn texts(metadata: &Value) -> anyhow::Result<String> {
    texts::of(&foreign(metadata, PROGRAM)?, &root()?.join(SUPPLEMENTS))
}

/// What cargo knows of the workspace and all that it is built from.
pub fn metadata(root: &Path) -> anyhow::Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(cargo);
    let output = command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(root).output().context("cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")
}

/// Somebody else's crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    /// As SPDX writes it.
    licence: String,
    folder: PathBuf,
}

/// The crates that end up in the binary of a package, without our own.
fn foreign(metadata: &Value, name: &str) -> anyhow::Result<BTreeSet<Crate>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let by_id: BTreeMap<&str, &Value> = packages.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let mut found = BTreeSet::new();
    for id in linked(metadata, name)? {
        let package = by_id.get(id).with_context(|| id.to_owned())?;
        // Our own have no registry that they come from.
        if package["source"].is_null() {
            continue;
        }
        let field = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
        let (name, version) = (field("name"), field("version"));
        // Cargo once wrote alternatives with a slash.
        let licence = field("license").split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
        if licence.is_empty() {
            bail!("{name} {version} does not name its licence");
        }
        let folder = Path::new(&field("manifest_path")).parent().context("a manifest in a folder")?.to_owned();
        found.insert(Crate { name, version, licence, folder });
    }
    Ok(found)
}

/// Packages that end up in the binary: what it depends on, and what that does; not what only builds or tests it. Those of other systems are
/// among them, which is more than is needed and never less.
fn linked<'a>(metadata: &'a Value, name: &str) -> anyhow::Result<BTreeSet<&'a str>> {
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo metadata has no resolve")?;
    let by_id: BTreeMap<&str, &Value> = nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let root = packages.iter().find(|package| package["name"] == name).and_then(|package| package["id"].as_str());
    let mut pending = vec![root.with_context(|| format!("no package {name}"))?];
    let mut found = BTreeSet::new();
    while let Some(id) = pending.pop() {
        if !found.insert(id) {
            continue;
        }
        let dependencies = by_id.get(id).and_then(|node| node["deps"].as_array());
        for dependency in dependencies.into_iter().flatten() {
            let kinds = dependency["dep_kinds"].as_array();
            if kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null())) {
                pending.extend(dependency["pkg"].as_str());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_builds_or_tests_is_not_in_the_binary() {
        let normal = json!([{ "kind": null }]);
        let metadata = json!({
            "packages": [{ "name": "own", "id": "own" }],
            "resolve": { "nodes": [
                { "id": "own", "deps": [
                    { "pkg": "a", "dep_kinds": normal },
                    { "pkg": "built-with", "dep_kinds": [{ "kind": "build" }] },
                    { "pkg": "both", "dep_kinds": [{ "kind": "dev" }, { "kind": null }] },
                ] },
                { "id": "a", "deps": [{ "pkg": "b", "dep_kinds": normal }] },
                { "id": "b", "deps": [{ "pkg": "a", "dep_kinds": normal }] },
                { "id": "built-with", "deps": [] },
                { "id": "both", "deps": [] },
            ] },
        });
        assert_eq!(linked(&metadata, "own").expect("packages").into_iter().collect::<Vec<_>>(), ["a", "b", "both", "own"]);
    }

    #[test]
    fn crates_of_others_have_a_licence() {
        let metadata = |licence: Value| {
            json!({
                "packages": [
                    { "name": "own", "id": "own", "source": null },
                    { "name": "a", "id": "a", "version": "1.0.0", "source": "registry", "license": licence, "manifest_path": "/a/Cargo.toml" },
                ],
                "resolve": { "nodes": [{ "id": "own", "deps": [{ "pkg": "a", "dep_kinds": [{ "kind": null }] }] }] },
            })
        };
        let found = foreign(&metadata(json!("MIT/Apache-2.0")), "own").expect("crates");
        let wanted =
            Crate { name: "a".to_owned(), version: "1.0.0".to_owned(), licence: "MIT OR Apache-2.0".to_owned(), folder: "/a".into() };
        assert_eq!(found, BTreeSet::from([wanted]));
        assert!(foreign(&metadata(Value::Null), "own").is_err());
    }

    #[test]
    fn the_committed_list_is_up_to_date() {
        run(true, None).expect("docs/licences.md");
    }

    #[test]
    fn no_text_is_kept_that_no_crate_needs() {
        let root = root().expect("the workspace");
        let crates = foreign(&metadata(root).expect("metadata"), PROGRAM).expect("crates");
        for entry in std::fs::read_dir(root.join(SUPPLEMENTS)).expect("the folder").flatten() {
            let name = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
            assert!(crates.iter().any(|one| one.name == name), "{name} is not in the binary");
        }
    }

    #[test]
    fn the_grammars_crate_has_the_licences_too() {
        let root = root().expect("the workspace");
        for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let read = |path: PathBuf| std::fs::read_to_string(&path).expect("a licence");
            assert_eq!(read(root.join(name)), read(root.join("grammar").join(name)), "{name}");
        }
    }
}

//! The licences of all that is linked into the binary: their authors ask that these go along with every copy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

/// How deep below a crate the licence of C sources may lie that it brings (`libgit2/deps/zlib/LICENSE`).
const DEPTH: usize = 3;

/// One text: every crate with its licence, then each different licence text with the crates that it is of.
pub fn of(metadata: &Value, name: &str) -> anyhow::Result<String> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let by_id: BTreeMap<&str, &Value> = packages.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let mut crates = Vec::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for id in linked(metadata, name)? {
        let package = by_id.get(id).with_context(|| id.to_owned())?;
        // Our own, which has no registry that it comes from.
        if package["source"].is_null() {
            continue;
        }
        let field = |name: &str| package[name].as_str().unwrap_or_default();
        let title = format!("{} {}", field("name"), field("version"));
        crates.push(format!("{title}: {}", if field("license").is_empty() { "see below" } else { field("license") }));
        let folder = Path::new(field("manifest_path")).parent().context("a manifest in a folder")?;
        for path in files(folder, DEPTH) {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            let place = path.parent().and_then(|parent| parent.strip_prefix(folder).ok()).map(|inner| inner.display().to_string());
            let whose = match place.as_deref() {
                None | Some("") => title.clone(),
                Some(inner) => format!("{title}, {inner}"),
            };
            texts.entry(text.trim_end().to_owned()).or_default().insert(whose);
        }
    }
    crates.sort();
    let mut out = String::from("nginx-analyzer contains these packages. The texts of their licences follow.\n\n");
    for line in crates {
        writeln!(out, "- {line}")?;
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (text, whose) in texts {
        let whose: Vec<String> = whose.into_iter().collect();
        write!(out, "\n{}\n{}\n\n{text}\n", "=".repeat(80), whose.join("\n"))?;
    }
    Ok(out)
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

/// Files whose name says that they are a licence, in this folder and below.
fn files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        let is_licence = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"].iter().any(|begin| name.starts_with(begin));
        if path.is_dir() {
            // Texts in a folder `LICENSES`, and sources that are brought along.
            if depth > 0 && !["TESTS", "TEST", "EXAMPLES", "BENCHES"].contains(&name.as_str()) {
                found.extend(files(&path, depth - 1));
            }
        } else if is_licence && !["RS", "C", "H", "PY", "JS"].iter().any(|ending| name.ends_with(&format!(".{ending}"))) {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{linked, of};

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
    fn each_text_is_there_once_with_all_whose_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["one", "two"] {
            std::fs::create_dir_all(folder.path().join(name).join("vendor")).expect("folders");
            std::fs::write(folder.path().join(name).join("LICENSE-MIT"), "MIT text\n").expect("a file");
        }
        std::fs::write(folder.path().join("two/vendor/COPYING"), "C text\r\n").expect("a file");
        let package = |name: &str| {
            let manifest = folder.path().join(name).join("Cargo.toml");
            json!({ "name": name, "id": name, "version": "1.0.0", "license": "MIT", "source": "registry", "manifest_path": manifest })
        };
        let deps = ["one", "two"].map(|name| json!({ "pkg": name, "dep_kinds": [{ "kind": null }] }));
        let metadata = json!({
            "packages": [{ "name": "own", "id": "own", "source": null }, package("one"), package("two")],
            "resolve": { "nodes": [{ "id": "own", "deps": deps }] },
        });
        let text = of(&metadata, "own").expect("a text");
        assert!(text.contains("- one 1.0.0: MIT\n- two 1.0.0: MIT\n"), "{text}");
        assert!(text.contains("one 1.0.0\ntwo 1.0.0\n\nMIT text\n"), "{text}");
        assert!(text.contains("two 1.0.0, vendor\n\nC text\n"), "{text}");
        assert_eq!(text.matches("MIT text").count(), 1);
    }
}

//! The texts of licences: each once, with all whose it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{Crate, SUPPLEMENTS};

/// How deep below a crate the licence of C sources may lie that it brings (`libgit2/deps/zlib/LICENSE`).
const DEPTH: usize = 3;

/// One text: every crate with its licence, then each different licence text with the crates that it is of. `supplements` is the folder of those
/// that crates do not bring.
pub fn of(crates: &BTreeSet<Crate>, supplements: &Path) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in crates {
        let title = format!("{} {}", one.name, one.version);
        let mut found = Vec::new();
        for path in files(&one.folder, DEPTH) {
            let place = path.parent().and_then(|parent| parent.strip_prefix(&one.folder).ok()).map(|inner| inner.display().to_string());
            let whose = match place.as_deref() {
                None | Some("") => title.clone(),
                Some(inner) => format!("{title}, {inner}"),
            };
            found.push((path, whose));
        }
        let supplement = supplements.join(format!("{}.txt", one.name));
        if supplement.exists() {
            found.push((supplement, title.clone()));
        }
        let mut line = format!("{title}: {}", one.licence);
        if found.is_empty() {
            // That licence asks for a copy of it and no more; ours is beside this text.
            if !one.licence.split([' ', '(', ')']).any(|id| id == "Apache-2.0") {
                bail!("{title} ({}) brings no text of its licence: put it into {SUPPLEMENTS}/{}.txt", one.licence, one.name);
            }
            line += "; it brings no text, the one of Apache-2.0 is in LICENSE-APACHE";
        }
        lines.push(line);
        for (path, whose) in found {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            texts.entry(text.trim_end().to_owned()).or_default().insert(whose);
        }
    }
    let mut out = String::from("nginx-analyzer contains these packages. The texts of their licences follow.\n\n");
    for line in lines {
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
    use super::*;

    /// Crates `one` and `two` in a folder, with these files.
    fn texts(licence: &str, files: &[(&str, &str)]) -> anyhow::Result<String> {
        let folder = tempfile::tempdir()?;
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().context("a folder")?)?;
            std::fs::write(path, text)?;
        }
        let one = |name: &str| Crate {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            folder: folder.path().join(name),
        };
        of(&BTreeSet::from([one("one"), one("two")]), &folder.path().join("more"))
    }

    #[test]
    fn each_text_is_there_once_with_all_whose_it_is() {
        let files = [("one/LICENSE-MIT", "MIT text\n"), ("two/LICENSE-MIT", "MIT text\n"), ("two/vendor/COPYING", "C text\r\n")];
        let text = texts("MIT", &files).expect("a text");
        assert!(text.contains("- one 1.0.0: MIT\n- two 1.0.0: MIT\n"), "{text}");
        assert!(text.contains("one 1.0.0\ntwo 1.0.0\n\nMIT text\n"), "{text}");
        assert!(text.contains("two 1.0.0, vendor\n\nC text\n"), "{text}");
        assert_eq!(text.matches("MIT text").count(), 1);
    }

    #[test]
    fn a_crate_without_a_text_needs_one_from_elsewhere() {
        let mut files = vec![("one/LICENSE", "first\n")];
        assert!(texts("MIT", &files).is_err_and(|error| error.to_string().contains("xtask/licences/two.txt")));
        assert!(texts("MIT OR Apache-2.0", &files).is_ok_and(|text| text.contains("- two 1.0.0: MIT OR Apache-2.0; it brings no text")));
        files.push(("more/two.txt", "second\n"));
        assert!(texts("MIT", &files).is_ok_and(|text| text.contains("two 1.0.0\n\nsecond\n")));
    }
}

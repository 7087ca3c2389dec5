//! `docs/licences.md`: the crates with their licences, and what of other languages comes with them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;

use super::Crate;

/// What a crate brings that is not its authors' own: which, and under which licence. One that brings sources in C and is neither here nor in
/// [`OWN`] has to be looked at first.
const BROUGHT: [(&str, &str, &str); 15] = [
    ("libgit2-sys", "libgit2", "GPL-2.0-only, with the permission to link it into any program without restriction"),
    ("libgit2-sys", "xdiff, in libgit2", "LGPL-2.1-or-later"),
    ("libgit2-sys", "llhttp, in libgit2", "MIT"),
    ("libgit2-sys", "PCRE2 and sljit, in libgit2", "BSD-3-Clause, with an exemption for binaries; BSD-2-Clause"),
    ("libgit2-sys", "the detection of SHA-1 collisions, in libgit2", "MIT"),
    ("libgit2-sys", "SHA-256 of RFC 6234, in libgit2", "BSD-3-Clause"),
    ("libgit2-sys", "wildmatch, in libgit2", "BSD, by Rich Salz"),
    ("libgit2-sys", "xoroshiro256**, in libgit2", "public domain"),
    ("libmimalloc-sys", "mimalloc", "MIT"),
    ("libz-sys", "zlib", "Zlib"),
    ("pcre2-sys", "PCRE2", "BSD-3-Clause, with an exemption for binaries"),
    ("pcre2-sys", "sljit, in PCRE2", "BSD-2-Clause"),
    ("ring", "parts of BoringSSL", "Apache-2.0, ISC"),
    ("ring", "code of fiat-crypto", "MIT"),
    ("tree-sitter", "parts of ICU", "Unicode and ICU licences"),
];

/// Crates whose sources in C are their authors' own: grammars, and files that nothing of ours compiles.
fn is_own(name: &str) -> bool {
    name.starts_with("tree-sitter-") || OWN.contains(&name)
}

/// `walkdir` has a program to compare itself with.
const OWN: [&str; 1] = ["walkdir"];

/// How deep below a crate sources are looked for.
const DEPTH: usize = 4;

/// The page; an error where a crate brings something of which nothing is known here, or where something is known of none.
pub fn of(crates: &BTreeSet<Crate>) -> anyhow::Result<String> {
    let is_listed = |name: &str| BROUGHT.iter().any(|(whose, ..)| *whose == name);
    for one in crates.iter().filter(|one| !is_own(&one.name) && !is_listed(&one.name)) {
        ensure!(
            !has_c(&one.folder, DEPTH),
            "{} {} brings sources in C: whose are they? (xtask/src/licences/list.rs)",
            one.name,
            one.version
        );
    }
    for (whose, what, _) in BROUGHT {
        ensure!(crates.iter().any(|one| one.name == whose), "{what} is gone together with {whose} (xtask/src/licences/list.rs)");
    }
    let mut out = String::from(
        "# What others have made\n\nnginx-analyzer contains these crates, and what they bring along. Every package has the texts of their licences, in `THIRD-PARTY-LICENSES.txt`.\n\
         The list is made: `cargo xtask licences`. Crates for other systems than the one at hand are in it, those that only build or test it are not.\n\n\
         | crate | version | licence |\n|---|---|---|\n",
    );
    for Crate { name, version, licence, .. } in crates {
        writeln!(out, "| {name} | {version} | {licence} |")?;
    }
    out.push_str(
        "\nSources in C and assembly, and code of other projects, that come with them:\n\n| crate | what | licence |\n|---|---|---|\n",
    );
    for (whose, what, licence) in BROUGHT {
        writeln!(out, "| {whose} | {what} | {licence} |")?;
    }
    Ok(out)
}

/// Whether there are sources in C in a folder, outside of tests and examples.
fn has_c(folder: &Path, depth: usize) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if path.is_dir() {
            return depth > 0 && !["tests", "test", "examples", "benches"].contains(&name.as_str()) && has_c(&path, depth - 1);
        }
        [".c", ".cc", ".cpp", ".s", ".asm"].iter().any(|ending| name.ends_with(ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], folder: &Path) -> BTreeSet<Crate> {
        let one = |name: &&str| Crate {
            name: (*name).to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            folder: folder.join(name),
        };
        names.iter().map(one).collect()
    }

    #[test]
    fn what_a_crate_brings_has_to_be_known() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut names: Vec<&str> = BROUGHT.iter().map(|(whose, ..)| *whose).collect();
        names.extend(["new", "tree-sitter-x"]);
        for path in ["new/tests", "new/deep/er", "tree-sitter-x"] {
            std::fs::create_dir_all(folder.path().join(path)).expect("folders");
        }
        for path in ["new/tests/a.c", "tree-sitter-x/parser.c"] {
            std::fs::write(folder.path().join(path), "").expect("a file");
        }
        let list = of(&named(&names, folder.path())).expect("a list");
        assert!(list.contains("| new | 1.0.0 | MIT |\n"), "{list}");
        assert!(list.contains("| libz-sys | zlib | Zlib |\n"), "{list}");
        std::fs::write(folder.path().join("new/deep/er/a.c"), "").expect("a file");
        assert!(of(&named(&names, folder.path())).is_err_and(|error| error.to_string().starts_with("new 1.0.0 brings sources in C")));
        assert!(of(&named(&["new"], &folder.path().join("none"))).is_err_and(|error| error.to_string().starts_with("libgit2 is gone")));
    }
}

//! The packages for npm: `nginx-analyzer`, which people install and which only starts the binary, and one for each platform with the binary in it.
//! The first names the others as optional dependencies, and npm takes the one whose `os` and `cpu` fit: nothing is downloaded by a script.

use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value, json};

use super::About;
use super::payload::Payload;
use super::platform::{Platform, Processor, System};
use super::tree::{self, Tree};
use super::wheel::absolute_links;

/// Everything that is published, as npm calls it: `process.platform` and `process.arch`.
const PUBLISHED: [(&str, &str); 5] = [("darwin", "arm64"), ("darwin", "x64"), ("linux", "arm64"), ("linux", "x64"), ("win32", "x64")];

/// The script that starts the binary.
const LAUNCHER: &str = "packaging/npm/nginx-analyzer.js";

/// The platform's package and the one that people install, each with its name as `npm pack` has it.
pub fn build(root: &Path, about: &About, platform: &Platform, payload: &Payload, when: u64) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let (os, cpu) = named(platform);
    let mut own = Tree::default();
    own.add_program(format!("bin/{}", platform.program(&about.name)), payload.binary.clone());
    own.add(
        "README.md",
        format!("The binary of [{0}]({1}) for {os} on {cpu}. Install `{0}`, which chooses it.\n", about.name, about.repository),
    );
    let mut described = described(about, &scoped(about, os, cpu), &format!("{} for {os} on {cpu}", about.name));
    described.insert("os".to_owned(), json!([os]));
    described.insert("cpu".to_owned(), json!([cpu]));
    described.insert("preferUnplugged".to_owned(), json!(true));
    let own = pack(own, &described, payload, when)?;

    let mut main = Tree::default();
    main.add_program("bin/nginx-analyzer.js", std::fs::read(root.join(LAUNCHER)).context(LAUNCHER)?);
    main.add("README.md", absolute_links(payload.document("README.md")?, &about.repository));
    let mut described = self::described(about, &about.name, &about.description);
    described.insert("keywords".to_owned(), json!(["nginx", "openresty", "linter", "language-server", "lsp"]));
    described.insert("bin".to_owned(), json!({ &about.name: "bin/nginx-analyzer.js" }));
    described.insert("engines".to_owned(), json!({ "node": ">=18" }));
    let others = PUBLISHED.map(|(os, cpu)| (scoped(about, os, cpu), json!(about.version)));
    described.insert("optionalDependencies".to_owned(), Value::Object(others.into_iter().collect()));
    let main = pack(main, &described, payload, when)?;
    Ok(vec![(format!("{}-{os}-{cpu}-{}.tgz", about.name, about.version), own), (format!("{}-{}.tgz", about.name, about.version), main)])
}

fn named(platform: &Platform) -> (&'static str, &'static str) {
    let os = match platform.system {
        System::Linux(_) => "linux",
        System::Mac => "darwin",
        System::Windows => "win32",
    };
    let cpu = match platform.processor {
        Processor::X64 => "x64",
        Processor::Arm64 => "arm64",
    };
    (os, cpu)
}

/// `@nginx-analyzer/linux-x64`
fn scoped(about: &About, os: &str, cpu: &str) -> String {
    format!("@{}/{os}-{cpu}", about.name)
}

fn described(about: &About, name: &str, description: &str) -> Map<String, Value> {
    let fields = [
        ("name", json!(name)),
        ("version", json!(about.version)),
        ("description", json!(description)),
        ("license", json!(about.licence)),
        ("repository", json!({ "type": "git", "url": format!("git+{}.git", about.repository) })),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn pack(mut tree: Tree, described: &Map<String, Value>, payload: &Payload, when: u64) -> anyhow::Result<Vec<u8>> {
    tree.add("package.json", format!("{}\n", serde_json::to_string_pretty(described)?));
    for (file, text) in payload.documents.iter().filter(|(file, _)| file.contains("LICENSE")) {
        tree.add(file, text.as_bytes());
    }
    tree::gzip(&tree.tar("package/", false, when)?)
}

#[cfg(test)]
mod tests {
    use super::{PUBLISHED, named};
    use crate::packages::platform::{Libc, Platform, Processor, System};

    #[test]
    fn the_launcher_knows_the_platforms_that_are_published() {
        let launcher = include_str!("../../../packaging/npm/nginx-analyzer.js");
        for (os, cpu) in PUBLISHED {
            assert!(launcher.contains(&format!("'{os}-{cpu}'")), "{os}-{cpu}");
        }
    }

    #[test]
    fn platforms_are_named_as_node_does() {
        let windows = Platform { system: System::Windows, processor: Processor::X64 };
        assert_eq!(named(&windows), ("win32", "x64"));
        let linux = Platform { system: System::Linux(Libc::None), processor: Processor::Arm64 };
        assert!(PUBLISHED.contains(&named(&linux)));
    }
}

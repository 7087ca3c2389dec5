//! What the architecture promises, as far as text can show it.

use std::path::{Path, PathBuf};

/// Each layer may use those before it.
const LAYERS: &[&str] = &[
    "parallel",
    "text",
    "syntax",
    "nginx",
    "messages",
    "project",
    "config",
    "routing",
    "upstreams",
    "usage",
    "world",
    "rules",
    "cleanup",
    "ide",
    "store",
    "server",
    "cli",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() && !["target", "node_modules", ".git", "out", "dist"].iter().any(|name| path.ends_with(name)) {
                pending.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// Code without tests and comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source file");
    let text = text.split("\nmod tests {").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn layer_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("below src");
    inside.iter().next().and_then(|part| part.to_str()).unwrap_or("").trim_end_matches(".rs").to_owned()
}

#[test]
fn layers_use_only_those_above_them() {
    let mut wrong = Vec::new();
    for path in files_below(&root().join("src"), "rs") {
        let layer = layer_of(&path);
        let Some(own) = LAYERS.iter().position(|name| *name == layer) else { continue };
        let code = code(&path);
        for (at, name) in LAYERS.iter().enumerate() {
            let used = [format!("crate::{name}::"), format!("crate::{name};"), format!("crate::{name} ")]
                .iter()
                .any(|text| code.contains(text.as_str()));
            let forbidden = at > own || (layer == "nginx" && at < own) || (layer == "server" && *name == "cli");
            if used && forbidden {
                wrong.push(format!("{}: {layer} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn types_of_the_protocol_stay_in_the_server() {
    let inside = |path: &&PathBuf| layer_of(path) != "server" && !path.ends_with("tests.rs");
    for path in files_below(&root().join("src"), "rs").iter().filter(inside) {
        let code = code(path);
        for name in ["tower_lsp", "ls_types", "lsp_types", "tokio::"] {
            assert!(!code.contains(name), "{}: {name}", path.display());
        }
    }
}

#[test]
fn only_the_vfs_the_store_the_server_and_the_command_touch_the_file_system() {
    for path in files_below(&root().join("src"), "rs") {
        let allowed = path.ends_with("project/vfs.rs") || ["store", "server", "cli"].contains(&layer_of(&path).as_str());
        assert!(allowed || !code(&path).contains("std::fs"), "{}", path.display());
        assert!(path.ends_with("text.rs") || !code(&path).contains("ropey"), "{}: only text.rs knows ropey", path.display());
    }
}

#[test]
fn only_probe_uses_the_network() {
    for path in files_below(&root().join("src"), "rs") {
        // Other people's programs that listen are named where their source is read.
        if path.starts_with(root().join("src/upstreams/source")) {
            continue;
        }
        let code = code(&path);
        let network = ["ureq", "std::net::Tcp", "TcpStream", "TcpListener", "UdpSocket"].iter().any(|name| code.contains(name));
        assert!(!network || path.parent().is_some_and(|folder| folder.ends_with("cli/probe")), "{}", path.display());
    }
}

#[test]
fn the_extension_asks_the_server_and_nobody_else() {
    const MODULES: [&str; 6] = ["vscode", "vscode-languageclient/node", "node:child_process", "node:crypto", "node:fs", "node:path"];
    const WAYS: [&str; 7] = ["fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "import(", "elemetry"];
    let mut sources = files_below(&root().join("editors/vscode/src"), "ts");
    sources.extend(files_below(&root().join("editors/vscode/webview"), "ts"));
    let mut known = 0;
    for path in sources {
        let code = code(&path);
        assert_eq!(WAYS.iter().find(|way| code.contains(**way)), None, "{}", path.display());
        for module in code.split(" from '").skip(1).filter_map(|rest| rest.split('\'').next()).filter(|module| !module.starts_with('.')) {
            assert!(MODULES.contains(&module), "{}: {module}", path.display());
            known += 1;
        }
        assert!(!code.contains("require("), "{}", path.display());
    }
    assert!(known > 20, "{known}");
}

#[test]
fn only_the_test_command_of_a_clean_up_starts_a_process() {
    for path in files_below(&root().join("src"), "rs") {
        let starts = code(&path).contains("Command::new(");
        assert!(!starts || path.ends_with("cli/cleanup/test.rs"), "{}", path.display());
    }
}

#[test]
fn nothing_is_left_undone() {
    for folder in ["src", "grammar/src", "xtask/src", "tests", "benches", "editors"] {
        let folder = root().join(folder);
        for path in ["rs", "ts", "lua"].iter().filter(|_| folder.is_dir()).flat_map(|extension| files_below(&folder, extension)) {
            if path.ends_with("library/tidy.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            // The server has a request that waits, for tests of what happens meanwhile; no test waits for time to pass.
            assert!(!(folder.ends_with("tests") && text.contains("thread::sleep")), "{}: a test that sleeps", path.display());
            for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "dbg!("] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn the_generated_parser_is_what_the_grammar_gives() {
    let status = std::process::Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "xtask", "--", "grammar", "--check"])
        .current_dir(root())
        .status();
    assert!(status.expect("cargo").success(), "run `cargo xtask grammar`");
}

#[test]
fn links_in_the_documentation_lead_somewhere() {
    for path in files_below(root(), "md") {
        if path.starts_with(root().join("examples")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if link.is_empty() || link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let target = path.parent().expect("a folder").join(link);
            assert!(target.exists(), "{}: {link} leads nowhere", path.display());
        }
    }
}

#[test]
fn the_readme_and_the_changelog_list_every_rule() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).expect(name);
    let (readme, changelog) = (read("README.md"), read("CHANGELOG.md"));
    for rule in nginx_analyzer::rules::registry::RULES {
        let row = format!("| [`{0}`](docs/rules/{0}.md) | ", rule.id);
        assert!(readme.contains(&row), "README.md has no row for {}", rule.id);
        assert!(changelog.contains(&format!("`{}`", rule.id)), "CHANGELOG.md does not name {}", rule.id);
    }
}

/// The string literals of code, each with what stands before it on the same line and the two before that.
fn literals(code: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut before = 0;
    let bytes = code.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            // A character: `'"'`, `'\\''`; not a lifetime.
            b'\'' if bytes.get(at + 1) == Some(&b'\\') => at += code[at + 3..].find('\'').map_or(4, |end| end + 4),
            b'\'' if code[at + 1..].chars().nth(1) == Some('\'') => at += 2 + code[at + 1..].chars().next().map_or(1, char::len_utf8),
            b'"' => {
                let raw = bytes.get(..at).is_some_and(|code| code.ends_with(b"r"));
                let mut end = at + 1;
                while end < bytes.len() && bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' && !raw { 2 } else { 1 };
                }
                out.push((code[before..at].to_owned(), code[at + 1..end.min(code.len())].to_owned()));
                before = (end + 1).min(code.len());
                at = before;
            }
            _ => at += 1,
        }
    }
    out
}

/// Two words of English one after the other.
fn reads_as_a_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.windows(2).any(|pair| pair.iter().all(|word| plain(&word.trim_end_matches([',', ':', ';', '.', '?']))))
}

/// What a person reads stands in the message files: none of these says anything in English by itself.
#[test]
fn no_rule_speaks_english_by_itself() {
    // What differences are about is named as in the table.
    let table = std::fs::read_to_string(root().join("src/nginx/merging.tsv")).expect("the table");
    let mut wrong = Vec::new();
    let mut files = files_below(&root().join("src/rules"), "rs");
    files.extend(files_below(&root().join("src/cleanup"), "rs"));
    files.extend(["src/ide/hover.rs", "src/ide/actions.rs", "src/usage/takeover.rs"].map(|file| root().join(file)));
    for path in files {
        for (before, text) in literals(&code(&path)) {
            if reads_as_a_sentence(&text) && !table.contains(&text) && !before.trim_end().ends_with("summary:") {
                wrong.push(format!("{}: {text:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "these belong into src/messages/*.ftl:\n{}", wrong.join("\n"));
}

#[test]
fn every_message_is_said_and_every_message_that_is_said_exists() {
    let source = nginx_analyzer::messages::Language::English.source();
    let id = |line: &str| line.split_once(" = ").map(|(id, _)| id.to_owned()).filter(|id| !id.starts_with([' ', '#']));
    let known: std::collections::BTreeSet<String> = source.lines().filter_map(id).collect();
    let rules: Vec<&str> = nginx_analyzer::rules::registry::RULES.iter().map(|rule| rule.id).collect();
    let mut said: std::collections::BTreeSet<String> = rules.iter().map(|rule| format!("{rule}-summary")).collect();
    let mut missing = Vec::new();
    for path in files_below(&root().join("src"), "rs") {
        for (before, text) in literals(&code(&path)) {
            let macros = ["phrase!(", "message!(language, ", "message!(\n"];
            let named = macros.iter().any(|call| before.trim_end().ends_with(call.trim_end()))
                || before
                    .rsplit_once("message!(")
                    .is_some_and(|(_, rest)| rest.matches(',').count() == 1 && rest.trim_end().ends_with(','));
            let of_a_rule = !rules.contains(&text.as_str())
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && rules.iter().any(|rule| text.strip_prefix(rule).is_some_and(|rest| rest.starts_with('-')));
            if (named || of_a_rule) && !known.contains(&text) {
                missing.push(format!("{}: {text}", path.display()));
            }
            said.insert(text);
        }
    }
    assert!(missing.is_empty(), "not in src/messages/en.ftl:\n{}", missing.join("\n"));
    // The words that all share, at the top, are there for whoever needs them.
    let shared = source.split("\n## ").nth(1).unwrap_or_default();
    said.extend(shared.lines().filter_map(id));
    // `logs-column-{}`: one of several, by a name.
    let begins: Vec<&str> =
        said.iter().filter_map(|text| text.split_once('{')).map(|(begin, _)| begin).filter(|begin| begin.ends_with('-')).collect();
    let one_of_several = |id: &String| begins.iter().any(|begin| id.starts_with(begin));
    let unsaid: Vec<&String> = known.iter().filter(|id| !said.contains(*id) && !one_of_several(id)).collect();
    assert!(unsaid.is_empty(), "nobody says {unsaid:#?}");
}

#[test]
fn editors_have_the_settings_that_there_are() {
    let language = nginx_analyzer::messages::Language::English;
    let rules = nginx_analyzer::rules::registry::about(language);
    let read = |name: &str| std::fs::read_to_string(root().join(name)).expect(name);
    let schema = nginx_analyzer::project::settings::schema::of_file(&rules, language);
    let pretty = format!("{}\n", serde_json::to_string_pretty(&schema).expect("JSON"));
    assert!(read("docs/nginx-analyzer.schema.json") == pretty, "docs/nginx-analyzer.schema.json: run `cargo xtask settings`");
    let template: serde_json::Value = serde_json::from_str(&read("editors/jetbrains/nginx-analyzer/settings.schema.json")).expect("JSON");
    let there = &template["properties"]["nginxAnalyzer"]["properties"];
    assert!(*there == schema["properties"], "editors/jetbrains/nginx-analyzer/settings.schema.json: run `cargo xtask settings`");
    let package: serde_json::Value = serde_json::from_str(&read("editors/vscode/package.json")).expect("JSON");
    let there = package["contributes"]["configuration"]["properties"].as_object().expect("settings");
    let wanted = nginx_analyzer::project::settings::schema::of_editor(&rules, language);
    for (name, property) in &wanted {
        assert!(there.get(name) == Some(property), "editors/vscode/package.json, {name}: run `cargo xtask settings`");
    }
    // What else there is, is the extension's own: no section of the server's has a setting that it does not know.
    let section = |name: &str| name.split('.').nth(1).map(str::to_owned);
    let unknown: Vec<&String> =
        there.keys().filter(|name| !wanted.contains_key(*name) && wanted.keys().any(|known| section(known) == section(name))).collect();
    assert!(unknown.is_empty(), "editors/vscode/package.json has settings that nobody reads: {unknown:?}");
}

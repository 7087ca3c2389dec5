//! The files that modules are in.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::super::Tree;

/// What a file imports to mean itself as a module.
pub(super) const SELF: &str = "\0self";

/// The endings that may be left out, in the order in which they are tried.
const ENDINGS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
/// How many settings of TypeScript are read for one module.
const MOST_SETTINGS: usize = 8;

/// The files that a module means.
pub(super) fn module(from: &Path, module: &str, tree: &Tree<'_>) -> Vec<PathBuf> {
    if module == SELF {
        return vec![from.to_owned()];
    }
    if let Some(file) = super::next::file_of(module) {
        return vec![file];
    }
    let folder = from.parent().unwrap_or(Path::new(""));
    if module.starts_with('.') {
        return clean(&folder.join(module)).and_then(|path| file(&path, tree)).into_iter().collect();
    }
    if module.starts_with("node:") || module.starts_with('/') {
        return Vec::new();
    }
    aliased(folder, module, tree).or_else(|| workspace(module, tree)).into_iter().collect()
}

/// A path without `.` and `..`; `None` for one outside of the folder.
pub(super) fn clean(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::Normal(name) => out.push(name),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}

/// The file of a path that may lack its ending, or be a folder.
fn file(path: &Path, tree: &Tree<'_>) -> Option<PathBuf> {
    if tree.has(path) {
        return Some(path.to_owned());
    }
    let with = |path: &Path, ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    };
    // `./x.js` in TypeScript means `./x.ts`.
    if let Some(ending) = path.extension().and_then(|ending| ending.to_str())
        && let Some(others) = match ending {
            "js" => Some(["ts", "tsx"]),
            "jsx" => Some(["tsx", "ts"]),
            "mjs" => Some(["mts", "ts"]),
            "cjs" => Some(["cts", "ts"]),
            _ => None,
        }
        && let Some(found) = others.iter().map(|other| path.with_extension(other)).find(|path| tree.has(path))
    {
        return Some(found);
    }
    let found = ENDINGS.iter().map(|ending| with(path, ending)).find(|path| tree.has(path));
    found.or_else(|| ENDINGS.iter().map(|ending| path.join(format!("index.{ending}"))).find(|path| tree.has(path)))
}

/// By `paths` and `baseUrl` in the settings of TypeScript, the nearest ones first.
fn aliased(folder: &Path, module: &str, tree: &Tree<'_>) -> Option<PathBuf> {
    for base in folder.ancestors() {
        for name in ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"] {
            let found = by_settings(&base.join(name), module, tree, MOST_SETTINGS);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn by_settings(settings: &Path, module: &str, tree: &Tree<'_>, depth: usize) -> Option<PathBuf> {
    if depth == 0 || !tree.has(settings) {
        return None;
    }
    let value: Value = serde_json::from_str(&without_comments(&tree.text(settings)?)).ok()?;
    let here = settings.parent().unwrap_or(Path::new(""));
    let options = value.get("compilerOptions");
    let base = options.and_then(|options| options.get("baseUrl")).and_then(Value::as_str);
    let root = clean(&here.join(base.unwrap_or(".")))?;
    for (pattern, targets) in options.and_then(|options| options.get("paths")).and_then(Value::as_object).into_iter().flatten() {
        let rest = match pattern.split_once('*') {
            Some((head, tail)) => module.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)),
            None if pattern == module => Some(""),
            None => None,
        };
        let Some(rest) = rest else { continue };
        let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut found = targets.filter_map(|target| file(&clean(&root.join(target.replacen('*', rest, 1)))?, tree));
        if let Some(found) = found.next() {
            return Some(found);
        }
    }
    if base.is_some()
        && let Some(found) = file(&clean(&root.join(module))?, tree)
    {
        return Some(found);
    }
    let more = value.get("extends").and_then(Value::as_str).filter(|more| more.starts_with('.'))?;
    let more = clean(&here.join(more))?;
    let more = if tree.has(&more) { more } else { more.with_extension("json") };
    by_settings(&more, module, tree, depth - 1)
}

/// A package of the same workspace.
fn workspace(module: &str, tree: &Tree<'_>) -> Option<PathBuf> {
    let package = super::packages::package(module);
    let inside = module.get(package.len()..).unwrap_or("").trim_start_matches('/');
    for manifest in tree.named("package.json").iter().take(200) {
        let folder = manifest.parent().unwrap_or(Path::new(""));
        // A cheap look first: most manifests are of others.
        let Some(text) = tree.text(manifest).filter(|text| text.contains(package)) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        if value.get("name").and_then(Value::as_str) != Some(package) {
            continue;
        }
        let main = value.get("main").and_then(Value::as_str).unwrap_or("index");
        let tries = match inside {
            "" => [folder.join("src/index"), folder.join(main), folder.join("index")],
            inside => [folder.join(inside), folder.join("src").join(inside), folder.join("lib").join(inside)],
        };
        return tries.iter().filter_map(|path| clean(path)).find_map(|path| file(&path, tree));
    }
    None
}

/// JSON as TypeScript allows it, as JSON.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let (mut quoted, mut escaped) = (false, false);
    while let Some(c) = chars.next() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
        } else if c == '/' && chars.peek() == Some(&'/') {
            while chars.peek().is_some_and(|c| *c != '\n') {
                chars.next();
            }
        } else if c == '/' && chars.peek() == Some(&'*') {
            chars.next();
            let mut last = ' ';
            for c in chars.by_ref() {
                if last == '*' && c == '/' {
                    break;
                }
                last = c;
            }
        } else {
            // A comma before a bracket.
            if matches!(c, '}' | ']') && out.trim_end().ends_with(',') {
                out.truncate(out.trim_end().len() - 1);
            }
            quoted = c == '"';
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_files() {
        let mut files: Vec<PathBuf> =
            ["src/app.ts", "src/routes/index.ts", "src/users.ts", "tsconfig.json", "packages/x/package.json", "packages/x/src/index.ts"]
                .iter()
                .map(PathBuf::from)
                .collect();
        files.sort();
        let text = |path: &Path| {
            Some(match path.to_str()? {
                "tsconfig.json" => {
                    "{ // a\n \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@/*\": [\"src/*\"], }, } }".to_owned()
                }
                "packages/x/package.json" => "{\"name\": \"@org/x\"}".to_owned(),
                _ => String::new(),
            })
        };
        let tree = Tree::new(&files, &text);
        for (name, expected) in [
            ("./routes", "src/routes/index.ts"),
            ("./users.js", "src/users.ts"),
            ("../src/users", "src/users.ts"),
            ("@/users", "src/users.ts"),
            ("src/users", "src/users.ts"),
            ("@org/x", "packages/x/src/index.ts"),
            ("express", ""),
            ("../../x", ""),
        ] {
            let found = module(Path::new("src/app.ts"), name, &tree);
            assert_eq!(found.first().and_then(|path| path.to_str()).unwrap_or(""), expected, "{name}");
        }
    }
}

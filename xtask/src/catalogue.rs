//! `cargo xtask catalogue`: the tables of src/nginx/ from records of nginx's sources and documentation.
//!
//! The records are JSON as an extractor of nginx's C tables, its documentation and its history writes them; the tables keep the facts
//! in a form that the library reads without a parser. What people write about a directive (summaries, what to use instead) is in
//! files of its own, which this does not touch.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

const DIRECTIVES: &str = "src/nginx/directives.tsv";
const REMOVED: &str = "src/nginx/removed.tsv";
const VARIABLES: &str = "src/nginx/variables.tsv";

/// Between several syntaxes or defaults of one directive.
const OR: &str = " \u{23ce} ";

/// Makes the tables from the records in a folder; with `check` changes nothing, and fails when they would change.
pub fn run(records: &Path, check: bool) -> Result<()> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the task runner is in a folder of the project")?;
    let read = |name: &str| -> Result<Value> {
        let path = records.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    };
    let (directives, variables) = (read("directives.json")?, read("variables.json")?);
    let removed = removed(&directives)?;
    for (name, text) in [
        (DIRECTIVES, self::directives(&directives)?),
        (REMOVED, removed),
        (VARIABLES, self::variables(&variables, &project.join(VARIABLES))?),
    ] {
        let path = project.join(name);
        let old = fs::read_to_string(&path).unwrap_or_default();
        let (old, new) = (old.lines().count(), (old != text).then(|| text.lines().count()));
        match new {
            None => println!("{name}: as the records say ({old} lines)"),
            Some(new) => {
                ensure!(!check, "{name} has {old} lines and is not what `cargo xtask catalogue` makes of the records ({new} lines)");
                fs::write(&path, text).with_context(|| format!("cannot write {name}"))?;
                println!("{name}: {new} lines");
            }
        }
    }
    Ok(())
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts<'a>(record: &'a Value, key: &str) -> Vec<&'a str> {
    record.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn records<'a>(all: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    all.get(key).and_then(Value::as_array).with_context(|| format!("the records have no list {key:?}"))
}

/// The module of a variable; the records leave it out for those that a package's main module defines.
fn module(record: &Value) -> String {
    let (package, protocol) = (text(record, "package"), text(record, "proto"));
    match (text(record, "module"), package) {
        ("", "nginx") => format!("ngx_{protocol}_core_module"),
        ("", "srcache") => "ngx_http_srcache_filter_module".to_owned(),
        ("", "vts") => "ngx_http_vhost_traffic_status_module".to_owned(),
        ("", package) => format!("ngx_{protocol}_{package}_module"),
        (module, _) => module.to_owned(),
    }
}

/// `1.2.3`; the first version that has it.
fn since(record: &Value) -> &str {
    match text(record, "since_c") {
        "" => texts(record, "since_doc").first().copied().unwrap_or_default(),
        version => version,
    }
}

fn documentation(record: &Value) -> String {
    let url = text(record, "url");
    url.strip_prefix("https://nginx.org/en/docs/").map_or(url.to_owned(), |page| format!("~{page}"))
}

fn directives(all: &Value) -> Result<String> {
    let mut lines: BTreeMap<(&str, &str, &str), String> = BTreeMap::new();
    for record in records(all, "directives")? {
        let (name, protocol, module) = (text(record, "name"), text(record, "proto"), text(record, "module"));
        let form = match record.get("block").and_then(Value::as_bool) {
            Some(true) if name.ends_with("_by_lua_block") => "lua",
            Some(true) => "block",
            _ => "",
        };
        let mut contexts = texts(record, "contexts");
        contexts.sort_unstable();
        let bounds = texts(record, "bounds");
        let mut value = text(record, "type").to_owned();
        let values = texts(record, "values");
        if !values.is_empty() {
            write!(value, " {}", values.join("|"))?;
        } else if let [low, high] = bounds[..]
            && low.parse::<u32>().is_ok()
        {
            write!(value, " {low}..{high}")?;
        }
        let known = |key: &str, yes: &'static str, no: &'static str| match record.get(key).and_then(Value::as_bool) {
            Some(true) => yes,
            Some(false) => no,
            None => "",
        };
        let columns = [
            name,
            protocol,
            text(record, "package"),
            module,
            &contexts.join(","),
            text(record, "args"),
            form,
            &value,
            known("repeat", "many", "once"),
            known("variables", "variables", "plain"),
            since(record),
            &texts(record, "default").join(OR),
            &texts(record, "syntax").join(OR),
            &documentation(record),
        ];
        ensure!(columns.iter().all(|column| !column.contains(['\t', '\n'])), "{name}: a fact with a tab or a line end");
        let earlier = lines.insert((name, protocol, module), columns.join("\t"));
        ensure!(earlier.is_none(), "{name} of {module} is there twice");
    }
    let mut out = String::from(
        "# name\tprotocol\tpackage\tmodule\tcontexts\targuments\tform\tvalue\trepeat\tvariables\tsince\tdefault\tsyntax\tdocumentation (made by `cargo xtask catalogue`)\n",
    );
    lines.values().for_each(|line| out.extend([line, "\n"]));
    Ok(out)
}

fn removed(all: &Value) -> Result<String> {
    let mut lines: Vec<String> = Vec::new();
    for record in records(all, "removed")? {
        let columns = ["name", "proto", "since_c", "last_release", "removed_in"].map(|key| text(record, key));
        lines.push(columns.join("\t"));
    }
    lines.sort();
    Ok(format!("# name\tprotocol\tsince\tlast version that has it\tremoved in (made by `cargo xtask catalogue`)\n{}\n", lines.join("\n")))
}

/// Those of the records, and those of versions that the records leave out, which the table has already.
fn variables(all: &Value, table: &Path) -> Result<String> {
    let mut lines: BTreeMap<(String, String), String> = BTreeMap::new();
    for record in records(all, "variables")? {
        let prefix = record.get("prefix").and_then(Value::as_bool) == Some(true);
        let name = format!("{}{}", text(record, "name"), if prefix { "*" } else { "" });
        let set = record.get("settable").and_then(Value::as_bool) == Some(true)
            || record.get("changeable").and_then(Value::as_bool) == Some(true);
        let protocol = text(record, "proto");
        let columns = [
            &*name,
            protocol,
            text(record, "package"),
            &module(record),
            if set { "changeable" } else { "" },
            since(record),
            &documentation(record),
        ];
        lines.insert((name.clone(), protocol.to_owned()), columns.join("\t"));
    }
    for line in fs::read_to_string(table).unwrap_or_default().lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(name), Some(protocol), Some(package)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let old = format!(
            "{name}\t{protocol}\t{package}\t{}",
            columns.next().map_or("\t\t\t".to_owned(), |module| {
                [module, columns.next().unwrap_or_default(), columns.next().unwrap_or_default(), columns.next().unwrap_or_default()]
                    .join("\t")
            })
        );
        lines.entry((name.to_owned(), protocol.to_owned())).or_insert(old);
    }
    let mut out = String::from(
        "# name or prefix (with *)\tprotocol\tpackage\tmodule\tchangeable\tsince\tdocumentation (made by `cargo xtask catalogue`)\n",
    );
    lines.values().for_each(|line| out.extend([line, "\n"]));
    Ok(out)
}

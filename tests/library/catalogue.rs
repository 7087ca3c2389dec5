//! The catalogue of nginx's language: complete as the sources list it, and each entry with words of our own.

use nginx_analyzer::nginx::{directives, summaries, variables};
use serde_json::Value;

use crate::common;

fn records(name: &str, key: &str) -> Option<Vec<Value>> {
    let path = common::shared("data")?.join(name);
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the records")).expect("JSON");
    Some(all[key].as_array().expect("a list").clone())
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key].as_str().unwrap_or_default()
}

#[test]
fn every_directive_of_the_sources_is_there() {
    let Some(records) = records("directives.json", "directives") else { return };
    let mut missing = Vec::new();
    for record in &records {
        let (name, module) = (text(record, "name"), text(record, "module"));
        let found = directives::named(name).iter().find(|directive| directive.module == module);
        let contexts = record["contexts"].as_array().into_iter().flatten().filter_map(Value::as_str);
        match found {
            Some(found) => missing.extend(
                contexts
                    .filter(|context| *context != "*" && !found.contexts.iter().any(|own| own.name() == *context))
                    .map(|context| format!("{name} of {module} in {context}")),
            ),
            None => missing.push(format!("{name} of {module}")),
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(directives::all().len(), records.len(), "and no other");
}

#[test]
fn every_variable_of_the_sources_is_there() {
    let Some(records) = records("variables.json", "variables") else { return };
    let known =
        |record: &&Value| !variables::all().iter().any(|own| own.name == text(record, "name") && own.protocol == text(record, "proto"));
    let missing: Vec<&str> = records.iter().filter(known).map(|record| text(record, "name")).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_entry_has_a_summary() {
    let directives = directives::all().iter().filter(|one| summaries::of_directive(one).is_none());
    let variables = variables::all().iter().filter(|one| summaries::of_variable(one).is_none());
    let missing: Vec<String> = directives
        .map(|one| format!("{} of {}", one.name, one.module))
        .chain(variables.map(|one| format!("${} of {}", one.name, one.module)))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn summaries_are_short_and_belong_to_something() {
    let mut wrong = Vec::new();
    for (section, name, summary) in summaries::all() {
        let known = match section.strip_prefix('$') {
            Some(module) => variables::all().iter().any(|one| one.name == name && one.module == module),
            None => directives::named(name).iter().any(|one| one.module == section),
        };
        let words = summary.split_whitespace().count();
        if !known || summary.len() > 260 || words < 4 || !summary.ends_with('.') || summary.contains("  ") {
            wrong.push(format!("[{section}] {name}: {summary}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

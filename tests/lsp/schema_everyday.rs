//! The shapes of what an editor asks for all the time: symbols, tokens, folds, selections.

use serde_json::{Value, json};

use crate::schema::{Check, any, boolean, ensure, list, location, object, one_to, range, string, unsigned, uri};

fn name(value: &Value) -> Check {
    ensure(value.as_str().is_some_and(|it| !it.is_empty() && !it.contains('\n')), "a name on one line", value)
}

pub fn symbol(value: &Value) -> Check {
    let children = |value: &Value| list(value, &symbol);
    object(
        value,
        &[("name", &name), ("kind", &one_to(26)), ("range", &range), ("selectionRange", &range)],
        &[("detail", &string), ("children", &children)],
    )?;
    within(&value["selectionRange"], &value["range"])?;
    value["children"].as_array().into_iter().flatten().try_for_each(|child| within(&child["range"], &value["range"]))
}

fn at(range: &Value, end: &str) -> (Option<u64>, Option<u64>) {
    (range[end]["line"].as_u64(), range[end]["character"].as_u64())
}

pub fn within(inner: &Value, outer: &Value) -> Check {
    let holds = at(outer, "start") <= at(inner, "start") && at(inner, "end") <= at(outer, "end");
    ensure(holds, "a range within the one around it", &json!([inner, outer]))
}

pub fn symbol_information(value: &Value) -> Check {
    object(value, &[("name", &name), ("kind", &one_to(26)), ("location", &location)], &[("containerName", &string)])
}

pub fn tokens_provider(value: &Value) -> Check {
    let names = |value: &Value| list(value, &string);
    let legend = |value: &Value| object(value, &[("tokenTypes", &names), ("tokenModifiers", &names)], &[]);
    let full = |value: &Value| boolean(value).or_else(|_| object(value, &[], &[("delta", &boolean)]));
    object(value, &[("legend", &legend)], &[("range", &boolean), ("full", &full)])
}

pub fn highlight(value: &Value) -> Check {
    object(value, &[("range", &range), ("kind", &one_to(3))], &[])
}

/// On one line, and to a file.
pub fn link(value: &Value) -> Check {
    object(value, &[("range", &range), ("target", &uri)], &[])?;
    ensure(value["range"]["start"]["line"] == value["range"]["end"]["line"], "a link on one line", value)
}

pub fn typed_provider(value: &Value) -> Check {
    object(value, &[("firstTriggerCharacter", &string)], &[("moreTriggerCharacter", &|it| list(it, &string))])
}

/// Five numbers a token, none of no length, each behind the one before.
pub fn tokens(value: &Value) -> Check {
    object(value, &[("data", &|it| list(it, &unsigned))], &[("resultId", &string)])?;
    let data: Vec<u64> = value["data"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    ensure(data.len().is_multiple_of(5), "five numbers a token", &value["data"])?;
    let mut before = 0;
    for (index, token) in data.chunks(5).enumerate() {
        let apart = token[0] > 0 || token[1] >= before || index == 0;
        ensure(token[2] > 0 && apart && token[3] < 13 && token[4] < 32, "a token of the legend behind the one before", &json!(token))?;
        before = token[2];
    }
    Ok(())
}

pub fn tokens_or_delta(value: &Value) -> Check {
    if value.get("data").is_some() {
        return tokens(value);
    }
    let edit = |value: &Value| object(value, &[("start", &unsigned), ("deleteCount", &unsigned)], &[("data", &|it| list(it, &unsigned))]);
    object(value, &[("edits", &|it| list(it, &edit))], &[("resultId", &string)])
}

/// In order, each over more than a line, at most one for each line.
pub fn folding_ranges(value: &Value) -> Check {
    let kind = |value: &Value| ensure(["comment", "imports", "region"].iter().any(|it| value == it), "a kind of fold", value);
    let one = |value: &Value| {
        object(
            value,
            &[("startLine", &unsigned), ("endLine", &unsigned)],
            &[("startCharacter", &unsigned), ("endCharacter", &unsigned), ("kind", &kind)],
        )?;
        ensure(value["startLine"].as_u64() < value["endLine"].as_u64(), "a fold over more than a line", value)
    };
    list(value, &one)?;
    let lines: Vec<Option<u64>> = value.as_array().into_iter().flatten().map(|fold| fold["startLine"].as_u64()).collect();
    ensure(lines.windows(2).all(|pair| pair[0] < pair[1]), "folds in order", value)
}

/// Each range within its parent's.
pub fn selection_range(value: &Value) -> Check {
    object(value, &[("range", &range)], &[("parent", &any)])?;
    match value.get("parent") {
        Some(parent) => {
            within(&value["range"], &parent["range"])?;
            selection_range(parent)
        }
        None => Ok(()),
    }
}

//! A plan, what waits and what a finish would do, as a person and as a program read them.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use similar::TextDiff;

use super::finish::Finish;
use super::plan::{Change, Item, Plan};
use super::status::{Missed, Waiting};
use crate::message;
use crate::messages::Language;
use crate::messages::printable::one_line;
use crate::rules::Confidence;
use crate::usage::logs::Seconds;
use crate::world::Analysis;

/// Version of the JSON of `cleanup --format json`; raised by changes that break readers.
pub const VERSION: u32 = 1;

/// How many lines are shown around what changes.
const CONTEXT: usize = 3;

/// How files are named.
pub type Name<'a> = &'a dyn Fn(&Path) -> String;

/// The unified diff of some changes.
pub fn diff(changes: &[Change], name: Name<'_>) -> String {
    let mut out = String::new();
    for change in changes {
        out.push_str(&unified(&name(&change.path), &change.before.to_str(), &change.after.to_str()));
    }
    out
}

/// The unified diff of one file.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(CONTEXT).header(&one_line(&format!("a/{name}")), &one_line(&format!("b/{name}"))).to_string()
}

/// A plan as a page: what goes, what does not and why, the files, the diff, the steps.
pub fn plan(analysis: &Analysis, plan: &Plan, name: Name<'_>, conf: &str) -> String {
    let language = analysis.language;
    let mut out = String::new();
    let at = |item: &Item| {
        let text = analysis.project.text(item.place.file);
        format!("{}:{}", name(&analysis.project.vfs.path(item.place.file)), text.line_of(item.place.span.start) + 1)
    };
    let list = |out: &mut String, items: &[Item]| {
        for item in items {
            out.push_str(&format!("  {}  {}{}\n", at(item), one_line(&item.title), sureness(language, item)));
            if !item.message.is_empty() {
                out.push_str(&format!("      {}\n", one_line(&item.message)));
            }
        }
    };
    match plan.items.len() {
        0 => line(&mut out, message!(language, "cleanup-plan-none")),
        count => {
            line(&mut out, message!(language, "cleanup-plan-blocks", count = count, until = plan.until.to_string()));
            list(&mut out, &plan.items);
        }
    }
    if !plan.files.is_empty() {
        out.push('\n');
        line(&mut out, message!(language, "cleanup-plan-files"));
        plan.files.iter().for_each(|path| out.push_str(&format!("  {}\n", name(path))));
    }
    if !plan.refused.is_empty() {
        out.push('\n');
        line(&mut out, message!(language, "cleanup-plan-refused"));
        for (item, refusal) in &plan.refused {
            out.push_str(&format!(
                "  {}  {}{}\n      {}\n",
                at(item),
                one_line(&item.title),
                sureness(language, item),
                one_line(&refusal.say(language))
            ));
        }
    }
    if !plan.held.is_empty() {
        out.push('\n');
        line(&mut out, message!(language, "cleanup-plan-held", count = plan.held.len()));
        list(&mut out, &plan.held);
    }
    problems(&mut out, &plan.problems);
    if !plan.changes.is_empty() {
        out.push('\n');
        out.push_str(&diff(&plan.changes, name));
        out.push('\n');
        line(&mut out, message!(language, "cleanup-steps"));
        for (index, step) in steps(analysis, plan, conf).iter().enumerate() {
            out.push_str(&format!("  {}. {}\n", index + 1, one_line(step)));
        }
    }
    out
}

fn line(out: &mut String, text: String) {
    out.push_str(&text);
    out.push('\n');
}

fn problems(out: &mut String, problems: &[String]) {
    if !problems.is_empty() {
        out.push('\n');
        problems.iter().for_each(|problem| line(out, one_line(problem).into_owned()));
    }
}

fn sureness(language: Language, item: &Item) -> String {
    let confidence = match item.confidence {
        Some(Confidence::Proven) => message!(language, "cleanup-proven"),
        Some(Confidence::Likely) => message!(language, "cleanup-likely"),
        Some(Confidence::Hint) => message!(language, "cleanup-to-check"),
        None => return String::new(),
    };
    format!("  ({}, {confidence})", item.rule.unwrap_or_default())
}

/// What to do, one after the other, with the commands of this project.
pub fn steps(analysis: &Analysis, plan: &Plan, conf: &str) -> Vec<String> {
    let language = analysis.language;
    let (test, reload) = commands(analysis, &plan.changes);
    let command = |step: &str| [env!("CARGO_PKG_NAME"), "cleanup", step, conf].join(" ");
    vec![
        message!(language, "cleanup-step-apply", command = command("apply")),
        message!(language, "cleanup-step-test", command = test),
        message!(language, "cleanup-step-reload", command = reload),
        message!(language, "cleanup-step-watch", command = command("status"), until = plan.until.to_string()),
        message!(language, "cleanup-step-finish", finish = command("finish"), restore = command("restore")),
    ]
}

/// How this project's nginx is tested and told to read its configuration again: in its compose service where there is one.
pub fn commands(analysis: &Analysis, changes: &[Change]) -> (String, String) {
    let project = &analysis.project;
    let mut paths = changes.iter().map(|change| &change.path);
    let deployment = paths.find_map(|path| project.deployments.of(path).find(|deployment| !deployment.is_cluster()));
    let openresty = |name: &str| name.contains("openresty");
    let image = deployment.and_then(|deployment| deployment.image_name.as_deref()).unwrap_or_default();
    let known = deployment.and_then(|deployment| deployment.image).is_some_and(|image| openresty(image.prefix));
    let server = changes.iter().filter_map(|change| project.deployments.server_path_of(&change.path)).any(|path| openresty(&path));
    let program = if openresty(image) || known || server { "openresty" } else { "nginx" };
    let inside = match deployment.and_then(|deployment| deployment.service.as_ref()) {
        Some(service) => ["docker", "compose", "exec", service, program].join(" "),
        None => program.to_owned(),
    };
    let test = &project.settings.cleanup.test;
    let test = if test.is_empty() { format!("{inside} -t") } else { test.join(" ") };
    (test, format!("{inside} -s reload"))
}

/// A plan for programs (docs/output.md).
pub fn plan_json(analysis: &Analysis, plan: &Plan, conf: &str) -> Value {
    let project = &analysis.project;
    let item = |item: &Item| {
        let text = project.text(item.place.file);
        json!({
            "file": project.display_path(item.place.file),
            "line": text.line_of(item.place.span.start) + 1,
            "end_line": text.line_of(item.place.span.end) + 1,
            "block": item.title,
            "rule": item.rule,
            "confidence": item.confidence,
            "safe": item.safe,
            "message": item.message,
        })
    };
    let refused = plan.refused.iter().map(|(refused, refusal)| {
        let mut value = item(refused);
        value["refused"] = refusal.say(analysis.language).into();
        value
    });
    json!({
        "version": VERSION,
        "workspace": project.workspace.to_string_lossy(),
        "today": plan.today.to_string(),
        "until": plan.until.to_string(),
        "blocks": plan.items.iter().map(item).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "held": plan.held.iter().map(item).collect::<Vec<_>>(),
        "files": plan.files.iter().map(|path| project.display(path)).collect::<Vec<_>>(),
        "problems": plan.problems,
        "diff": diff(&plan.changes, &|path| project.display(path)),
        "steps": if plan.changes.is_empty() { Vec::new() } else { steps(analysis, plan, conf) },
    })
}

/// What waits, as a page.
pub fn status(analysis: &Analysis, waiting: &[Waiting], name: Name<'_>) -> String {
    let language = analysis.language;
    let mut out = String::new();
    if waiting.is_empty() {
        line(&mut out, message!(language, "cleanup-status-none"));
        return out;
    }
    let due = waiting.iter().filter(|it| it.due).count();
    line(&mut out, message!(language, "cleanup-status-count", count = waiting.len(), due = due));
    for it in waiting {
        let file = name(&analysis.project.vfs.path(it.file));
        out.push_str(&format!("\n  {file}:{}  {}\n", it.line + 1, one_line(&it.hidden.title)));
        let said = it.off.as_ref().and_then(|off| off.said.as_ref()).and_then(|said| said.header.as_ref());
        if let Some(header) = said {
            let rule = header.rule.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
            if !header.reason.is_empty() {
                out.push_str(&format!("      {}\n", one_line(&format!("{}{rule}", header.reason))));
            }
        }
        out.push_str(&format!("      {}\n", since(language, it)));
        if let Some(text) = requests(language, it, name) {
            out.push_str(&format!("      {}\n", one_line(&text)));
        }
    }
    out
}

fn since(language: Language, it: &Waiting) -> String {
    let Some(off) = &it.off else { return message!(language, "cleanup-status-undated") };
    let due = off.due.to_string();
    let mut text = match (off.since, it.due) {
        (Some(since), true) => message!(language, "cleanup-status-due", since = since.to_string(), due = due),
        (Some(since), false) => message!(language, "cleanup-status-kept", since = since.to_string(), due = due),
        (None, true) => message!(language, "cleanup-status-due-alone", due = due),
        (None, false) => message!(language, "cleanup-status-kept-alone", due = due),
    };
    if off.said.is_none() {
        text.push_str(&message!(language, "cleanup-status-by-history"));
    }
    text
}

fn requests(language: Language, it: &Waiting, name: Name<'_>) -> Option<String> {
    match &it.missed {
        Missed::NotAsked => None,
        Missed::Unknown => Some(message!(language, "cleanup-status-no-logs")),
        Missed::Count { total: 0, window, .. } => {
            let shown = |time: Option<Seconds>| time.and_then(day).map_or_else(|| "?".to_owned(), |day| day.to_string());
            let (from, to) = (shown(window.map(|it| it.0)), shown(window.map(|it| it.1)));
            Some(message!(language, "cleanup-status-no-requests", from = from, to = to))
        }
        Missed::Count { total, others, last, example, .. } => {
            let last = last.and_then(day).map_or_else(|| "?".to_owned(), |day| day.to_string());
            let mut text = message!(language, "cleanup-status-requests", total = *total, others = *others, last = last);
            if let Some((path, number, request)) = example {
                text.push_str(&format!(": {request} ({}:{number})", name(Path::new(path))));
            }
            Some(text)
        }
    }
}

fn day(time: Seconds) -> Option<Date> {
    Some(jiff::Timestamp::from_second(time).ok()?.to_zoned_datetime(TimeZone::system()).date())
}

fn moment(time: Seconds) -> Option<String> {
    jiff::Timestamp::from_second(time).ok().map(|time| time.to_string())
}

/// What waits, for programs.
pub fn status_json(analysis: &Analysis, waiting: &[Waiting]) -> Vec<Value> {
    let project = &analysis.project;
    let one = |it: &Waiting| {
        let text = project.text(it.file);
        let off = it.off.as_ref();
        let header = off.and_then(|off| off.said.as_ref()).and_then(|said| said.header.as_ref());
        let source = off.map(|off| match &off.said {
            Some(said) if said.header.is_some() => "header",
            Some(_) => "comment",
            None => "git",
        });
        let missed = match &it.missed {
            Missed::Count { total, others, last, window, example } => json!({
                "total": total,
                "others": others,
                "last": last.and_then(moment),
                "log_from": window.and_then(|window| moment(window.0)),
                "log_to": window.and_then(|window| moment(window.1)),
                "example": example.as_ref().map(|(path, line, request)| json!({ "file": project.display(Path::new(path)), "line": line, "request": request })),
            }),
            Missed::NotAsked | Missed::Unknown => Value::Null,
        };
        json!({
            "file": project.display_path(it.file),
            "line": it.line + 1,
            "end_line": text.line_of(it.hidden.span.end) + 1,
            "block": it.hidden.title,
            "since": off.and_then(|off| off.since).map(|date| date.to_string()),
            "until": off.map(|off| off.due.to_string()),
            "date_from": source,
            "due": it.due,
            "rule": header.and_then(|header| header.rule.as_ref()),
            "reason": header.map(|header| &header.reason),
            "requests_since": missed,
        })
    };
    waiting.iter().map(one).collect()
}

/// What a finish would do, as a page.
pub fn finish(language: Language, finish: &Finish, name: Name<'_>) -> String {
    let mut out = String::new();
    let parts = || finish.changes.iter().flat_map(|change| change.parts.iter().map(move |part| (change, part)));
    match parts().count() {
        0 => line(&mut out, message!(language, "cleanup-finish-none")),
        count => {
            line(&mut out, message!(language, "cleanup-finish-blocks", count = count));
            for (change, part) in parts() {
                out.push_str(&format!(
                    "  {}:{}  {}\n",
                    name(&change.path),
                    change.before.line_of(part.before.start) + 1,
                    one_line(&part.title)
                ));
            }
        }
    }
    if !finish.files.is_empty() {
        out.push('\n');
        line(&mut out, message!(language, "cleanup-finish-files"));
        finish.files.iter().for_each(|path| out.push_str(&format!("  {}\n", name(path))));
    }
    problems(&mut out, &finish.problems);
    if !finish.changes.is_empty() {
        out.push('\n');
        out.push_str(&diff(&finish.changes, name));
    }
    out
}

/// What a finish would do, for programs.
pub fn finish_json(analysis: &Analysis, finish: &Finish) -> Value {
    let project = &analysis.project;
    let blocks = finish.changes.iter().flat_map(|change| {
        change.parts.iter().map(|part| {
            json!({
                "file": project.display(&change.path),
                "line": change.before.line_of(part.before.start) + 1,
                "end_line": change.before.line_of(part.before.end.saturating_sub(1).max(part.before.start)) + 1,
                "block": part.title,
                "rule": part.rule,
                "reason": part.reason,
            })
        })
    });
    json!({
        "blocks": blocks.collect::<Vec<_>>(),
        "files": finish.files.iter().map(|path| project.display(path)).collect::<Vec<_>>(),
        "problems": finish.problems,
        "diff": diff(&finish.changes, &|path| project.display(path)),
    })
}

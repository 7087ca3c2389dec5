//! What access logs say, as a table for each server, and for programs.

use serde_json::{Value, json};

use super::{escaped, one_line, printable};
use crate::config::{EntryId, LocationId, ServerId};
use crate::message;
use crate::messages::Language;
use crate::usage::logs::{Hits, Limit, Logs, Sight, time};
use crate::usage::words;
use crate::world::{Analysis, View};

/// Tables with a line for each location.
pub(in crate::cli) fn text(analysis: &Analysis) -> String {
    let mut out = String::new();
    for view in analysis.views() {
        if let Some(logs) = view.logs() {
            one(&mut out, view, logs, analysis.language);
        }
    }
    out
}

fn one(out: &mut String, view: View<'_>, logs: &Logs, language: Language) {
    for source in &logs.sources {
        let path = one_line(&view.project.display(&source.path)).into_owned();
        let formats = source.formats.iter().map(|name| one_line(name).into_owned()).collect::<Vec<_>>().join(", ");
        out.push_str(&message!(
            language,
            "logs-source",
            path = path,
            lines = words::count(source.lines),
            requests = words::count(source.requests),
            formats = if formats.is_empty() { "-".to_owned() } else { formats },
        ));
        if let Some(problem) = &source.problem {
            out.push_str(&format!(" ({})", one_line(&problem.say(language))));
        }
        out.push('\n');
    }
    if let Some((first, last)) = logs.window {
        let line = message!(language, "logs-window", from = words::minute(logs, first), to = words::minute(logs, last));
        out.push_str(&line);
        out.push('\n');
    }
    let verdicts = view.verdicts();
    for (index, server) in view.config.servers.iter().enumerate() {
        let id = ServerId(index as u32);
        let hits = logs.servers.get(index).cloned().unwrap_or_default();
        let place = view.config.header(server.entry);
        let at = view.project.path_and_line(place);
        out.push_str(&format!(
            "\n\x1b[1m{}\x1b[0m ({})  {}\n",
            one_line(&view.config.display_server(id)),
            one_line(&at),
            message!(language, "logs-requests", count = hits.total, shown = words::count(hits.total))
        ));
        let names = ["line", "location", "hits", "2xx", "3xx", "4xx", "5xx", "404", "clients", "machines", "first", "last", "verdict"];
        let mut rows: Vec<Vec<String>> =
            vec![names.iter().map(|name| message!(language, format!("logs-column-{name}").as_str())).collect()];
        let locations =
            (0..view.config.locations.len() as u32).map(LocationId).filter(|location| view.config.location(*location).server == id);
        for location in locations {
            let place = view.config.header(view.config.location(location).entry);
            let line = view.project.line(place);
            let hits = logs.locations.get(location.index()).cloned().unwrap_or_default();
            let verdict = verdicts.locations.get(location.index()).map(|usage| words::verdict_name(usage.verdict, language));
            let notes: Vec<String> = verdict.into_iter().chain(notes(view, logs, location, &hits, language)).collect();
            let number = |count: u64| if count == 0 { "-".to_owned() } else { words::count(count) };
            let minute = |time: Option<i64>| time.map_or("-".to_owned(), |time| words::minute(logs, time));
            let machines = hits.agents.bots + hits.agents.scanners + hits.agents.checks;
            let class = |class: usize| number(hits.classes.get(class).copied().unwrap_or_default());
            let name = view.config.location(location).matcher.display();
            rows.push(vec![
                line.to_string(),
                printable(&name).replace(['\n', '\t'], " "),
                number(hits.total),
                class(2),
                class(3),
                class(4),
                class(5),
                number(hits.not_found),
                number(hits.clients),
                number(machines),
                minute(hits.first),
                minute(hits.last),
                one_line(&notes.join("; ")).into_owned(),
            ]);
        }
        table(out, &rows);
    }
    if logs.unplaced > 0 {
        let text = message!(language, "logs-unplaced", count = logs.unplaced, shown = words::count(logs.unplaced));
        out.push_str(&format!("\n{text}\n"));
    }
    for limit in &logs.limits {
        out.push_str(&format!("\n\x1b[33m{}\x1b[0m\n", one_line(&self::limit(view, logs, limit, language))));
    }
}

/// What the numbers do not say.
fn notes(view: View<'_>, logs: &Logs, location: LocationId, hits: &Hits, language: Language) -> Vec<String> {
    let mut out = Vec::new();
    let at = |entry: &EntryId| {
        let place = view.config.header(*entry);
        view.project.line(place)
    };
    match logs.sights.get(location.index()) {
        Some(Sight::Off(entry)) => out.push(message!(language, "logs-off", line = at(entry))),
        Some(Sight::Conditional(entry)) => out.push(message!(language, "logs-conditional", line = at(entry))),
        Some(Sight::Moved(entry)) => out.push(message!(language, "logs-moved", line = at(entry))),
        Some(Sight::Internal) => out.push(message!(language, "logs-internal")),
        Some(Sight::Blind(_, missing)) => out.push(message!(language, "logs-blind", missing = missing.join(", "))),
        Some(Sight::NotRead) | None => out.push(message!(language, "logs-not-read")),
        Some(Sight::Seen) => {}
    }
    for (count, id) in [(hits.passed, "logs-passed"), (hits.relayed, "logs-relayed"), (hits.perhaps, "logs-perhaps")] {
        if count > 0 {
            out.push(message!(language, id, count = words::count(count)));
        }
    }
    out
}

fn limit(view: View<'_>, logs: &Logs, limit: &Limit, language: Language) -> String {
    let at = |entry: EntryId| {
        let place = view.config.header(entry);
        view.project.path_and_line(place)
    };
    match limit {
        Limit::NoRequest(None) => message!(language, "logs-no-request"),
        Limit::NoRequest(Some(newest)) => message!(language, "logs-too-old", newest = words::minute(logs, *newest)),
        Limit::ShortWindow(asked, covered) => message!(language, "logs-short", asked = span(*asked), covered = span(*covered)),
        Limit::Hole(_, missing) => message!(language, "logs-hole", missing = span(*missing)),
        Limit::Format { entry, missing, better } => {
            let at = entry.map_or("combined".to_owned(), at);
            message!(language, "logs-format", at = at, missing = missing.join(", "), better = better.as_str())
        }
        Limit::Unreadable(entry, why) => message!(language, "logs-unreadable", at = at(*entry), why = why.as_str()),
        Limit::NoZone => message!(language, "logs-no-zone"),
        Limit::Ahead(count) => message!(language, "logs-ahead", count = *count),
        Limit::Cut => message!(language, "logs-cut"),
    }
}

/// `7d`, `36h`, `90m`
fn span(seconds: i64) -> String {
    match seconds {
        seconds if seconds >= 2 * time::DAY => format!("{:.1}d", seconds as f64 / time::DAY as f64).replace(".0d", "d"),
        seconds if seconds >= 7_200 => format!("{}h", seconds / 3_600),
        seconds => format!("{}m", seconds / 60),
    }
}

/// How many columns of a terminal a text takes: letters of East Asia take two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xff60) {
                2
            } else {
                1
            }
        })
        .sum()
}

/// Rows with columns below each other; numbers stand to the right. The first row is a heading.
fn table(out: &mut String, rows: &[Vec<String>]) {
    /// A longer regex is cut.
    const WIDEST: usize = 60;
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell).min(WIDEST)).max().unwrap_or(0))
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let wide = widths.get(column).copied().unwrap_or(0);
            let cut: String = if width(cell) > WIDEST && column + 1 < columns {
                cell.chars().take(WIDEST - 1).chain(['…']).collect()
            } else {
                cell.clone()
            };
            let space = " ".repeat(wide.saturating_sub(width(&cut)));
            let right = column == 0 || (2..10).contains(&column);
            line.push_str("  ");
            match right {
                true => line.extend([space.as_str(), cut.as_str()]),
                false => line.extend([cut.as_str(), space.as_str()]),
            }
        }
        let line = line.trim_end();
        match index {
            0 => out.push_str(&format!("\x1b[2m{line}\x1b[0m\n")),
            _ => out.push_str(&format!("{line}\n")),
        }
    }
}

/// One JSON object.
pub(in crate::cli) fn json(analysis: &Analysis) -> serde_json::Result<String> {
    let views = analysis.views().filter_map(|view| Some((view, view.logs()?)));
    let configurations: Vec<Value> = views.map(|(view, logs)| configuration(view, logs, analysis.language)).collect();
    let object = json!({
        "version": 1,
        "tool": { "name": "nginx-analyzer", "version": env!("CARGO_PKG_VERSION") },
        "workspace": analysis.project.workspace.to_string_lossy(),
        "configurations": configurations,
    });
    Ok(escaped(serde_json::to_string_pretty(&object)?) + "\n")
}

fn configuration(view: View<'_>, logs: &Logs, language: Language) -> Value {
    let line = |entry: EntryId| {
        let place = view.config.header(entry);
        (view.project.display_path(place.file), view.project.line(place))
    };
    let sources = logs.sources.iter().map(|source| {
        json!({
            "path": view.project.display(&source.path),
            "bytes": source.bytes,
            "sha256": source.sha256,
            "lines": source.lines,
            "requests": source.requests,
            "garbled": source.garbled,
            "formats": source.formats.iter().map(|name| &**name).collect::<Vec<_>>(),
            "first": source.window.map(|(first, _)| time::show(first)),
            "last": source.window.map(|(_, last)| time::show(last)),
            "problem": source.problem.as_ref().map(|problem| problem.say(Language::English)),
        })
    });
    let limits = logs.limits.iter().map(|limit| {
        let (kind, at, better) = match limit {
            Limit::NoRequest(_) => ("no-request", None, None),
            Limit::ShortWindow(..) => ("short-window", None, None),
            Limit::Hole(..) => ("hole", None, None),
            Limit::Format { entry, better, .. } => ("format", entry.map(line), Some(better.as_str())),
            Limit::Unreadable(entry, _) => ("unreadable", Some(line(*entry)), None),
            Limit::NoZone => ("no-zone", None, None),
            Limit::Ahead(_) => ("ahead", None, None),
            Limit::Cut => ("cut", None, None),
        };
        json!({ "kind": kind, "text": self::limit(view, logs, limit, language), "file": at.as_ref().map(|at| &at.0), "line": at.as_ref().map(|at| at.1), "log_format": better })
    });
    let verdicts = view.verdicts();
    let servers = (0..view.config.servers.len() as u32).map(ServerId).map(|id| {
        let (file, at) = line(view.config.server(id).entry);
        let locations =
            (0..view.config.locations.len() as u32).map(LocationId).filter(|location| view.config.location(*location).server == id);
        let locations = locations.map(|location| {
            let (file, at) = line(view.config.location(location).entry);
            let sight = logs.sights.get(location.index());
            json!({
                "file": file,
                "line": at,
                "location": view.config.location(location).matcher.display(),
                "verdict": verdicts.locations.get(location.index()).map(|usage| usage.verdict.id()),
                "sight": sight.map_or("not-read", sight_id),
                "missing": match sight { Some(Sight::Blind(_, missing)) => missing.clone(), _ => Vec::new() },
                "hits": logs.locations.get(location.index()).map(|hits| hits_of(logs, hits)),
            })
        });
        json!({
            "file": file,
            "line": at,
            "server": view.config.display_server(id),
            "hits": logs.servers.get(id.index()).map(|hits| hits_of(logs, hits)),
            "locations": locations.collect::<Vec<_>>(),
        })
    });
    json!({
        "file": view.project.display_path(view.config.root),
        "sources": sources.collect::<Vec<_>>(),
        "first": logs.window.map(|(first, _)| time::show(first)),
        "last": logs.window.map(|(_, last)| time::show(last)),
        "asked_seconds": logs.asked,
        "covers": logs.covers(),
        "unplaced": logs.unplaced,
        "limits": limits.collect::<Vec<_>>(),
        "upstreams": logs.upstreams.iter().map(|(address, count)| json!({ "address": &**address, "requests": count })).collect::<Vec<_>>(),
        "servers": servers.collect::<Vec<_>>(),
    })
}

fn sight_id(sight: &Sight) -> &'static str {
    match sight {
        Sight::Seen => "seen",
        Sight::Off(_) => "off",
        Sight::Conditional(_) => "conditional",
        Sight::Moved(_) => "moved",
        Sight::Internal => "internal",
        Sight::Blind(..) => "blind",
        Sight::NotRead => "not-read",
    }
}

fn hits_of(logs: &Logs, hits: &Hits) -> Value {
    let class = |class: usize| hits.classes.get(class).copied().unwrap_or_default();
    let example = hits.example.as_ref().map(|example| {
        let source = logs.sources.get(example.source).map(|source| source.path.to_string_lossy());
        json!({ "source": source, "line": example.line, "request": example.request })
    });
    json!({
        "total": hits.total,
        "1xx": class(1),
        "2xx": class(2),
        "3xx": class(3),
        "4xx": class(4),
        "5xx": class(5),
        "other": class(0),
        "not_found": hits.not_found,
        "first": hits.first.map(time::show),
        "last": hits.last.map(time::show),
        "methods": hits.methods.iter().map(|(name, count)| json!({ "method": &**name, "count": count })).collect::<Vec<_>>(),
        "clients": hits.clients,
        "agents": { "others": hits.agents.others, "bots": hits.agents.bots, "scanners": hits.agents.scanners, "checks": hits.agents.checks },
        "perhaps": hits.perhaps,
        "passed": hits.passed,
        "relayed": hits.relayed,
        "example": example,
    })
}

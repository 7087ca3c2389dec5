//! The gateway's map on a terminal.

use rustc_hash::FxHashSet;
use unicode_width::UnicodeWidthStr;

use super::printable;
use crate::ide::routes::{Backend, Kind, Known, Location, Map, Pass, Route, Server};
use crate::message;
use crate::messages::Language;

/// A line of the table: methods, URL, location, backend, route, where it is written.
type Row = [String; 6];

/// What is printed of a location, in order.
enum Line {
    Row(Row),
    /// What is not known.
    Note(String),
}

/// Tables with a line for each route; where a terminal of `width` columns is too narrow, a paragraph for each location.
pub(in crate::cli) fn text(map: &Map, language: Language, width: Option<usize>) -> String {
    let writer = Writer { language };
    let mut out = String::new();
    for server in &map.servers {
        if !out.is_empty() {
            out.push('\n');
        }
        writer.server(&mut out, server, width);
    }
    if !map.unreachable.is_empty() {
        out.push_str(&format!("\n\x1b[1m{}\x1b[0m\n", message!(language, "routes-unreachable")));
    }
    for backend in &map.unreachable {
        let at = backend.service.as_ref().map(|service| format!(" ({}:{})", service.file, service.line)).unwrap_or_default();
        let count = message!(language, "routes-count", count = backend.routes.len());
        out.push_str(&format!("  {}\n", in_cell(&format!("{}{at}: {count}", backend.name))));
        let rows: Vec<Vec<String>> =
            backend.routes.iter().map(|route| vec![writer.methods(&route.methods), in_cell(&route.route), at_of(route)]).collect();
        let widths = widths(rows.iter().map(Vec::as_slice), 3);
        for row in &rows {
            out.push_str(&format!("  {}\n", aligned(row, &widths)));
        }
    }
    out
}

struct Writer {
    language: Language,
}

impl Writer {
    fn server(&self, out: &mut String, server: &Server, width: Option<usize>) {
        let at = format!("({}:{})", server.file, server.line);
        let (first, more) = match server.urls.split_first() {
            Some((first, more)) => (first.as_str(), more),
            None => ("", &[][..]),
        };
        let title = format!("{first} {} {at}", server.server);
        out.push_str(&format!("\x1b[1m{}\x1b[0m\n", in_cell(title.trim_start())));
        if !more.is_empty() {
            let also = message!(self.language, "routes-also", urls = more.join(" "));
            out.push_str(&format!("  \x1b[2m{}\x1b[0m\n", in_cell(&also)));
        }
        if server.dead {
            out.push_str(&format!("  \x1b[33m{}\x1b[0m\n", message!(self.language, "routes-dead")));
        }
        let mut lines: Vec<Line> = Vec::new();
        server.locations.iter().for_each(|location| self.location(&mut lines, location));
        // What is not known of a backend is the same for each location that leads to it.
        let mut told = FxHashSet::default();
        lines.retain(|line| match line {
            Line::Row(_) => true,
            Line::Note(note) => told.insert(note.clone()),
        });
        if lines.is_empty() {
            out.push_str(&format!("  \x1b[2m{}\x1b[0m\n", message!(self.language, "routes-no-location")));
            return;
        }
        let names = ["methods", "url", "location", "backend", "route", "defined"];
        let heading = names.map(|name| message!(self.language, format!("routes-column-{name}").as_str()));
        let rows = || {
            lines.iter().filter_map(|line| match line {
                Line::Row(row) => Some(row),
                Line::Note(_) => None,
            })
        };
        let widths = widths(std::iter::once(heading.as_slice()).chain(rows().map(Row::as_slice)), heading.len());
        // A column that is empty throughout is left out.
        let widths: Vec<usize> = widths
            .into_iter()
            .enumerate()
            .map(|(column, wide)| if rows().all(|row| row.get(column).is_none_or(String::is_empty)) { 0 } else { wide })
            .collect();
        let whole: usize = widths.iter().filter(|wide| **wide > 0).map(|wide| wide + 2).sum();
        if width.is_some_and(|width| whole > width) {
            return self.paragraphs(out, &lines);
        }
        out.push_str(&format!("\x1b[2m{}\x1b[0m\n", aligned(&heading, &widths)));
        let mut above: Option<&Row> = None;
        for line in &lines {
            match line {
                Line::Row(row) => {
                    let mut shown = row.clone();
                    // What is the same as above is not said again.
                    if let Some(above) = above.filter(|above| above[2] == row[2]) {
                        if above[3] == row[3] {
                            shown[3].clear();
                        }
                        shown[2].clear();
                    }
                    out.push_str(&format!("{}\n", aligned(&shown, &widths)));
                    above = Some(row);
                }
                Line::Note(note) => out.push_str(&format!("      \x1b[33m{note}\x1b[0m\n")),
            }
        }
    }

    /// For narrow terminals: where a location leads in a line, each of its routes in one of its own.
    fn paragraphs(&self, out: &mut String, lines: &[Line]) {
        let mut above = None;
        for line in lines {
            match line {
                Line::Row([methods, url, location, backend, route, at]) => {
                    if above != Some((location, backend)) {
                        out.push_str(&format!("  {location}\n    → {backend}\n"));
                        above = Some((location, backend));
                    }
                    if route.is_empty() && at.is_empty() {
                        continue;
                    }
                    out.push_str(&format!("      {methods} {url}\n"));
                    let at = if at.is_empty() { String::new() } else { format!("  \x1b[2m{at}\x1b[0m") };
                    out.push_str(&format!("        {route}{at}\n"));
                }
                Line::Note(note) => out.push_str(&format!("      \x1b[33m{note}\x1b[0m\n")),
            }
        }
    }

    fn location(&self, lines: &mut Vec<Line>, location: &Location) {
        let name = in_cell(&format!("{} ({}:{})", location.location, location.file, location.line));
        let url = match (location.internal, &location.path) {
            _ if location.dead => message!(self.language, "routes-dead-location"),
            (true, _) => message!(self.language, "routes-internal"),
            (false, Some(path)) => path.clone(),
            (false, None) => location.location.clone(),
        };
        let url = in_cell(&url);
        let methods = if location.methods.is_empty() { String::new() } else { self.methods(&location.methods) };
        let bare = |backend: String| Line::Row([methods.clone(), url.clone(), name.clone(), backend, String::new(), String::new()]);
        // In an `if`, something else may pass requests on.
        if location.passes.is_empty() || location.kind != Kind::Pass {
            lines.push(bare(in_cell(match (&location.kind, &location.handler) {
                (Kind::Lua, Some(file)) => file,
                _ => &location.written,
            })));
        }
        for pass in &location.passes {
            if pass.backends.is_empty() {
                lines.push(bare(in_cell(&pass.written)));
                lines.push(Line::Note(message!(self.language, "routes-variable")));
            }
            for backend in &pass.backends {
                let shown = self.backend(pass, backend);
                for route in &backend.routes {
                    let path = route.path.as_deref().filter(|_| !location.dead).map_or_else(|| url.clone(), in_cell);
                    let row = [self.methods(&route.methods), path, name.clone(), shown.clone(), in_cell(&route.route), at_of(route)];
                    lines.push(Line::Row(row));
                }
                if backend.routes.is_empty() {
                    lines.push(bare(shown));
                }
                lines.extend(self.note(backend).map(Line::Note));
            }
        }
    }

    /// `api:3000 (./api, FastAPI; complete)`
    fn backend(&self, pass: &Pass, backend: &Backend) -> String {
        let to = pass.upstream.as_ref().map(|upstream| format!("{} → ", upstream.name)).unwrap_or_default();
        let mut of: Vec<String> = backend.source.iter().cloned().chain(backend.frameworks.iter().cloned()).collect();
        if of.is_empty() {
            of.extend(backend.image.clone());
        }
        of.extend(backend.servers.iter().cloned());
        let known = match backend.known {
            Known::Complete => message!(self.language, "routes-complete"),
            Known::Incomplete => message!(self.language, "routes-incomplete"),
            Known::Unknown => message!(self.language, "routes-unknown"),
            Known::Here => message!(self.language, "routes-here"),
        };
        of.push(known);
        in_cell(&format!("{to}{} ({})", backend.addresses.join(" "), of.join("; ")))
    }

    fn note(&self, backend: &Backend) -> Option<String> {
        let name = backend.name.as_str();
        let note = match (&backend.why, backend.known) {
            (Some(why), Known::Incomplete) if !backend.routes.is_empty() => {
                message!(self.language, "routes-note-incomplete", name = name, why = why.as_str())
            }
            (Some(why), _) => why.clone(),
            (None, Known::Complete) if backend.routes.is_empty() => message!(self.language, "routes-note-none", name = name),
            (None, _) => return None,
        };
        Some(in_cell(&note))
    }

    fn methods(&self, methods: &[String]) -> String {
        match methods {
            [] => message!(self.language, "routes-any-method"),
            methods => in_cell(&methods.join(",")),
        }
    }
}

/// `api/main.py:12`
fn at_of(route: &Route) -> String {
    match (&route.file, route.line) {
        (Some(file), Some(line)) => in_cell(&format!("{file}:{line}")),
        _ => String::new(),
    }
}

/// A cell of a table or a line for people: with nothing that a terminal would obey, and blanks for what breaks the line (`one_line` shows it as
/// escapes, for programs that read it).
fn in_cell(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// The widest cell of each column, in columns of the terminal.
fn widths<'a>(rows: impl Iterator<Item = &'a [String]>, columns: usize) -> Vec<usize> {
    let mut out = vec![0; columns];
    for row in rows {
        for (wide, cell) in out.iter_mut().zip(row) {
            *wide = (*wide).max(cell.width());
        }
    }
    out
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, wide) in row.iter().zip(widths).filter(|(_, wide)| **wide > 0) {
        line.push_str("  ");
        line.push_str(cell);
        line.push_str(&" ".repeat(wide.saturating_sub(cell.width())));
    }
    line.trim_end().to_owned()
}

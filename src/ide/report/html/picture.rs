//! The picture of the graph: who calls, the servers with their locations, what those lead to. Drawn by our own layout, as SVG.
//!
//! What is in use stands in one box for each server: the picture is of what can go, and stays readable with hundreds of locations.

use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_width::UnicodeWidthChar;

use super::write::escape;
use crate::ide::report::{Endpoint, Report, markdown, verdict_name};
use crate::message;
use crate::messages::Language;
use crate::usage::verdict::Verdict;
use crate::usage::words::count;

/// Locations of one server and verdict that have a box of their own; of more, those in use as one box, the others up to here and a box
/// for the rest.
const BOXES: usize = 24;
/// Boxes in the columns to the left and right.
const BESIDE: usize = 40;
/// In the units of the picture: a box's height, and from one to the next.
const HEIGHT: f32 = 20.0;
const STEP: f32 = 26.0;
/// Left edges and widths of the columns.
const LEFT: (f32, f32) = (0.0, 270.0);
const MIDDLE: (f32, f32) = (390.0, 330.0);
const RIGHT: (f32, f32) = (850.0, 310.0);
const WIDTH: f32 = 1160.0;
/// Of one character.
const CHARACTER: f32 = 7.3;

/// A box of one location, or of several.
struct Row {
    label: String,
    title: String,
    verdict: &'static str,
    /// The row of the table that it leads to.
    link: Option<usize>,
    y: f32,
}

/// A caller, or what a location leads to.
struct Beside {
    label: String,
    title: String,
    class: &'static str,
    /// The rows that it hangs on, and whether that way is in use.
    rows: Vec<(usize, bool)>,
    y: f32,
}

/// The picture; `None` without locations.
pub(super) fn picture(report: &Report) -> Option<String> {
    if report.endpoints.is_empty() {
        return None;
    }
    let language = report.language();
    let (rows, of_endpoint, servers) = rows(report, language);
    let mut callers = callers(report, &rows, &of_endpoint, language);
    let mut targets = targets(report, &rows, &of_endpoint, language);
    place(&mut callers, &rows);
    place(&mut targets, &rows);
    let ends = |all: &[Beside]| all.last().map_or(0.0, |last| last.y);
    let height = servers.last().map_or(0.0, |(_, _, bottom)| *bottom).max(ends(&callers) + STEP).max(ends(&targets) + STEP) + 6.0;
    let mut out = String::new();
    let about = escape(&message!(language, "report-picture-about"));
    let _ = write!(out, "<svg class=\"graph\" viewBox=\"-2 0 {} {height:.0}\" role=\"img\" aria-label=\"{about}\">", WIDTH + 4.0);
    for (column, id) in [(LEFT, "report-picture-callers"), (MIDDLE, "report-picture-locations"), (RIGHT, "report-picture-targets")] {
        let _ = write!(out, "<text class=\"head\" x=\"{}\" y=\"14\">{}</text>", column.0, escape(&message!(language, id)));
    }
    for (name, top, bottom) in &servers {
        let (x, width) = (MIDDLE.0 - 8.0, MIDDLE.1 + 16.0);
        let _ = write!(
            out,
            "<rect class=\"server\" x=\"{x}\" y=\"{top:.1}\" width=\"{width}\" height=\"{:.1}\" rx=\"8\"/><text class=\"head\" x=\"{}\" y=\"{:.1}\">{}</text>",
            bottom - top,
            MIDDLE.0,
            top + 16.0,
            escape(&cut(name, MIDDLE.1))
        );
    }
    for caller in &callers {
        for (row, live) in &caller.rows {
            line(&mut out, (LEFT.0 + LEFT.1, caller.y), (MIDDLE.0, rows[*row].y), rows[*row].verdict, *live);
        }
    }
    for target in &targets {
        for (row, live) in &target.rows {
            line(&mut out, (MIDDLE.0 + MIDDLE.1, rows[*row].y), (RIGHT.0, target.y), rows[*row].verdict, *live);
        }
    }
    for caller in &callers {
        node(&mut out, LEFT, caller.y, caller.class, &caller.label, &caller.title, None);
    }
    for row in &rows {
        node(&mut out, MIDDLE, row.y, row.verdict, &row.label, &row.title, row.link);
    }
    for target in &targets {
        node(&mut out, RIGHT, target.y, target.class, &target.label, &target.title, None);
    }
    out.push_str("</svg>");
    Some(out)
}

/// A server's name, its top and its bottom.
type Frame = (String, f32, f32);

/// The boxes of the locations, which of them each endpoint is in, and the servers around them.
fn rows(report: &Report, language: Language) -> (Vec<Row>, Vec<usize>, Vec<Frame>) {
    let mut rows: Vec<Row> = Vec::new();
    let mut of_endpoint = vec![0; report.endpoints.len()];
    let mut servers = Vec::new();
    let (mut y, mut index) = (28.0, 0);
    for (server, endpoints) in markdown::by_server(report) {
        let top = y;
        y += 34.0;
        let of = |verdict: Verdict| endpoints.iter().filter(move |one| one.verdict == verdict.id()).count();
        let mut collapsed: FxHashMap<&'static str, usize> = FxHashMap::default();
        let mut alone: FxHashMap<&'static str, usize> = FxHashMap::default();
        // One box for what is in use comes first.
        let add = |rows: &mut Vec<Row>, y: &mut f32, label: String, title: String, verdict, link| {
            rows.push(Row { label, title, verdict, link, y: *y + HEIGHT / 2.0 - 10.0 });
            *y += STEP;
            rows.len() - 1
        };
        for verdict in [Verdict::InUse, Verdict::CannotTell] {
            if of(verdict) > if verdict == Verdict::InUse { 1 } else { BOXES } {
                let label =
                    message!(language, "report-picture-collapsed", count = of(verdict), verdict = verdict_name(verdict.id(), language));
                let names: Vec<&str> =
                    endpoints.iter().filter(|one| one.verdict == verdict.id()).map(|one| &*one.location).take(60).collect();
                collapsed.insert(verdict.id(), add(&mut rows, &mut y, label, names.join("\n"), verdict.id(), None));
            }
        }
        for endpoint in &endpoints {
            let verdict = endpoint.verdict;
            let at = match collapsed.get(verdict) {
                Some(at) => *at,
                None => {
                    let seen = alone.entry(verdict).or_default();
                    *seen += 1;
                    if *seen == BOXES && endpoints.iter().filter(|one| one.verdict == verdict).count() > BOXES {
                        let more = endpoints.iter().filter(|one| one.verdict == verdict).count() - BOXES + 1;
                        let label = message!(language, "report-more", count = more);
                        let at = add(&mut rows, &mut y, label, verdict_name(verdict, language), verdict, None);
                        collapsed.insert(verdict, at);
                        at
                    } else {
                        let title = format!("{} — {}:{}", verdict_name(verdict, language), endpoint.file, endpoint.line);
                        let title = format!("{}\n{title}", endpoint.location);
                        add(&mut rows, &mut y, endpoint.location.clone(), title, verdict, Some(index))
                    }
                }
            };
            of_endpoint[index] = at;
            index += 1;
        }
        y += 4.0;
        servers.push((server.to_owned(), top, y));
        y += 14.0;
    }
    (rows, of_endpoint, servers)
}

/// Requests in logs, and the files that call; what only calls collapsed locations stands in one box.
fn callers(report: &Report, rows: &[Row], of_endpoint: &[usize], language: Language) -> Vec<Beside> {
    let spare: FxHashSet<&str> = report.files.iter().map(|file| &*file.file).collect();
    let own: FxHashSet<&str> = report.read.configurations.iter().map(|file| &*file.file).collect();
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    let mut out: Vec<Beside> = Vec::new();
    let mut logged = Beside { label: String::new(), title: String::new(), class: "in-use", rows: Vec::new(), y: 0.0 };
    let mut total = 0;
    for (endpoint, at) in report.endpoints.iter().zip(of_endpoint) {
        if let Some(hits) = endpoint.hits.as_ref().filter(|hits| hits.total > 0) {
            total += hits.total;
            link(&mut logged.rows, *at, hits.used > 0);
        }
        // Other blocks of the configuration are not drawn as callers: they are locations themselves.
        for caller in endpoint.callers.iter().filter(|caller| !own.contains(&*caller.file)) {
            let index = *known.entry(&caller.file).or_insert_with(|| {
                let class = if spare.contains(&*caller.file) { "probably-unused" } else { "" };
                out.push(Beside { label: caller.file.clone(), title: caller.file.clone(), class, rows: Vec::new(), y: 0.0 });
                out.len() - 1
            });
            link(&mut out[index].rows, *at, caller.live != Some(false));
        }
    }
    let mut out = collapse(out, rows, language);
    if total > 0 {
        logged.label = message!(language, "report-picture-requests", count = total, shown = count(total));
        logged.title = report.read.window.as_ref().map(|window| window.text.clone()).unwrap_or_default();
        out.insert(0, logged);
    }
    out
}

/// Upstreams and files.
fn targets(report: &Report, rows: &[Row], of_endpoint: &[usize], language: Language) -> Vec<Beside> {
    let mut known: FxHashMap<(&'static str, &str), usize> = FxHashMap::default();
    let mut out: Vec<Beside> = Vec::new();
    let spare: FxHashSet<&str> = report.files.iter().map(|file| &*file.file).collect();
    for (endpoint, at) in report.endpoints.iter().zip(of_endpoint) {
        let upstreams = endpoint.upstreams.iter().map(|name| ("upstream", name));
        // What a file that goes with it loads goes with it, too.
        for (kind, name) in upstreams.chain(files(endpoint).map(|name| ("file", name))) {
            let index = *known.entry((kind, name)).or_insert_with(|| {
                let label = if kind == "upstream" { format!("→ {name}") } else { name.clone() };
                let class = if kind == "file" && spare.contains(&**name) { "probably-unused" } else { "" };
                out.push(Beside { title: name.clone(), label, class, rows: Vec::new(), y: 0.0 });
                out.len() - 1
            });
            link(&mut out[index].rows, *at, endpoint.verdict != Verdict::ProbablyUnused.id());
        }
    }
    collapse(out, rows, language)
}

fn files(endpoint: &Endpoint) -> impl Iterator<Item = &String> {
    endpoint.needs.iter().chain(endpoint.files.iter().filter(|file| !endpoint.needs.contains(file)))
}

fn link(all: &mut Vec<(usize, bool)>, row: usize, live: bool) {
    match all.iter_mut().find(|(known, _)| *known == row) {
        Some((_, known)) => *known |= live,
        None => all.push((row, live)),
    }
}

/// Those that hang on nothing but collapsed rows, and those that are too many, become one box.
fn collapse(all: Vec<Beside>, rows: &[Row], language: Language) -> Vec<Beside> {
    let single = |one: &Beside| one.rows.iter().any(|(row, _)| rows.get(*row).is_some_and(|row| row.link.is_some()));
    // Upstreams are few and worth a name.
    let (mut kept, mut rest): (Vec<Beside>, Vec<Beside>) = all.into_iter().partition(|one| single(one) || one.label.starts_with("→ "));
    if rest.len() == 1 {
        kept.append(&mut rest);
    }
    if kept.len() > BESIDE {
        rest.extend(kept.drain(BESIDE..));
    }
    if !rest.is_empty() {
        let names: Vec<&str> = rest.iter().map(|one| &*one.title).take(60).collect();
        let mut one = Beside {
            label: message!(language, "report-picture-more-files", count = rest.len()),
            title: names.join("\n"),
            class: "",
            rows: Vec::new(),
            y: 0.0,
        };
        for (row, live) in rest.iter().flat_map(|beside| &beside.rows) {
            link(&mut one.rows, *row, *live);
        }
        kept.push(one);
    }
    kept
}

/// Each as high as what it hangs on, and none over another.
fn place(all: &mut [Beside], rows: &[Row]) {
    for one in all.iter_mut() {
        let sum: f32 = one.rows.iter().map(|(row, _)| rows[*row].y).sum();
        one.y = if one.rows.is_empty() { 0.0 } else { sum / one.rows.len() as f32 };
    }
    all.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut free = 40.0;
    for one in all.iter_mut() {
        one.y = one.y.max(free);
        free = one.y + STEP;
    }
}

fn line(out: &mut String, from: (f32, f32), to: (f32, f32), verdict: &str, live: bool) {
    let bend = (to.0 - from.0) / 2.0;
    let idle = if live { "" } else { " idle" };
    let _ = write!(
        out,
        "<path class=\"{verdict}{idle}\" d=\"M{:.0} {:.1}C{:.0} {:.1} {:.0} {:.1} {:.0} {:.1}\"/>",
        from.0,
        from.1,
        from.0 + bend,
        from.1,
        to.0 - bend,
        to.1,
        to.0,
        to.1
    );
}

fn node(out: &mut String, column: (f32, f32), y: f32, class: &str, label: &str, title: &str, link: Option<usize>) {
    let (open, close) = match link {
        Some(index) => (format!("<a href=\"#location-{index}\" class=\"{class}\">"), "</a>"),
        None => (format!("<g class=\"{class}\">"), "</g>"),
    };
    let _ = write!(
        out,
        "{open}<title>{}</title><rect class=\"node\" x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"{HEIGHT}\" rx=\"5\"/><text x=\"{}\" y=\"{:.1}\">{}</text>{close}",
        escape(title),
        column.0,
        y - HEIGHT / 2.0,
        column.1,
        column.0 + 8.0,
        y + 4.2,
        escape(&cut(label, column.1 - 16.0))
    );
}

/// So much of a text that it fits; of a path the end matters, of anything else the beginning.
fn cut(text: &str, width: f32) -> String {
    let most = (width / CHARACTER) as usize;
    let wide = |c: char| c.width().unwrap_or(1);
    if text.chars().map(wide).sum::<usize>() <= most {
        return text.to_owned();
    }
    let is_path = text.contains('/') && !text.starts_with(['/', '=', '~', '^', '@']);
    let mut left = most.saturating_sub(1);
    let mut fits = |c: &char| {
        let fits = wide(*c) <= left;
        left = left.saturating_sub(wide(*c));
        fits
    };
    match is_path {
        true => {
            let mut kept: Vec<char> = text.chars().rev().take_while(&mut fits).collect();
            kept.reverse();
            format!("…{}", kept.into_iter().collect::<String>())
        }
        false => format!("{}…", text.chars().take_while(&mut fits).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_where_they_tell_least() {
        assert_eq!(cut("html/admin.html", 200.0), "html/admin.html");
        assert_eq!(cut("a/very/long/path/to/page.html", 100.0), "…to/page.html".to_owned());
        assert_eq!(cut("~ ^/(one|two|three|four)/", 100.0), "~ ^/(one|two…");
        assert_eq!(cut("設定設定設定設定設定", 60.0), "設定設…");
    }

    #[test]
    fn boxes_lie_beside_what_they_hang_on_and_not_on_each_other() {
        let rows: Vec<Row> = [50.0, 76.0, 300.0]
            .map(|y| Row { label: String::new(), title: String::new(), verdict: "in-use", link: None, y })
            .into_iter()
            .collect();
        let beside = |name: &str, rows: &[usize]| Beside {
            label: name.to_owned(),
            title: String::new(),
            class: "",
            rows: rows.iter().map(|row| (*row, true)).collect(),
            y: 0.0,
        };
        let mut all = [beside("last", &[2]), beside("first", &[0]), beside("second", &[0, 1])];
        place(&mut all, &rows);
        let found: Vec<(&str, f32)> = all.iter().map(|one| (&*one.label, one.y)).collect();
        assert_eq!(found, [("first", 50.0), ("second", 76.0), ("last", 300.0)]);
    }
}

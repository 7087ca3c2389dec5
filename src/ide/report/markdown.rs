//! The report for a terminal and for code hosts.

mod words;

use std::fmt::Write;

use self::words::{Table, code, prose};
use super::{Caution, Endpoint, Evidence, Group, Named, Report, minute, verdict_name};
use crate::message;
use crate::messages::Language;
use crate::project::REPORT_MARK;
use crate::usage::verdict::Verdict;
use crate::usage::words::count;

/// How many lines of evidence one list of a group has at most.
const LISTED: usize = 12;

/// The report as Markdown, as GitHub reads it.
pub fn markdown(report: &Report) -> String {
    let mut writer = Writer { report, language: report.language(), out: String::new() };
    writer.head();
    writer.read();
    writer.groups(Verdict::ProbablyUnused, "report-heading-unused");
    writer.groups(Verdict::ToCheck, "report-heading-to-check");
    writer.findings();
    writer.endpoints();
    writer.files();
    writer.steps();
    writer.cautions();
    writer.line(&format!("\n<!-- {REPORT_MARK} -->"));
    writer.out
}

struct Writer<'a> {
    report: &'a Report,
    language: Language,
    out: String,
}

impl Writer<'_> {
    fn say(&self, id: &str) -> String {
        message!(self.language, id)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn heading(&mut self, level: usize, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let _ = writeln!(self.out, "{} {text}\n", "#".repeat(level));
    }

    fn head(&mut self) {
        let report = self.report;
        let (language, summary) = (self.language, &report.summary);
        self.heading(1, &message!(language, "report-title", project = prose(report.project())));
        let made = match &report.date {
            Some(day) => message!(language, "report-made-on", day = day.as_str(), version = report.tool.version),
            None => message!(language, "report-made", version = report.tool.version),
        };
        self.line(&made);
        self.line("");
        let sentence = headline(report);
        self.line(&format!("**{sentence}**"));
        self.line("");
        for caution in foremost(report) {
            self.line(&format!("> {}\n", message!(language, "report-mind", text = prose(&caution.text))));
        }
        let mut table = Table::new(["".to_owned(), self.say("report-column-locations")]).right(1);
        for (verdict, count) in [
            (Verdict::InUse, summary.in_use),
            (Verdict::ProbablyUnused, summary.probably_unused),
            (Verdict::ToCheck, summary.to_check),
            (Verdict::CannotTell, summary.cannot_tell),
        ] {
            table.row([verdict_name(verdict.id(), language), count.to_string()]);
        }
        table.row([self.say("report-total"), summary.endpoints.to_string()]);
        self.out.push_str(&table.print());
        self.line("");
        self.line(&message!(language, "report-verdicts-mean"));
        self.line("");
        self.line(&found(report));
    }

    fn read(&mut self) {
        let (language, report) = (self.language, self.report);
        let read = &report.read;
        self.heading(2, &self.say("report-heading-read"));
        let mut table =
            Table::new([self.say("report-column-configuration"), self.say("report-column-lines"), "SHA-256".to_owned()]).right(1);
        for file in &read.configurations {
            table.row([code(&file.file), count(u64::from(file.lines)), file.sha256.clone().unwrap_or_else(|| "–".to_owned())]);
        }
        self.out.push_str(&table.print());
        self.line("");
        if !read.images.is_empty() {
            let images: Vec<String> = read.images.iter().map(|image| code(image)).collect();
            self.line(&format!("{}\n", message!(language, "report-runs-in", images = images.join(", "))));
        }
        if read.logs.is_empty() {
            self.line(&self.say("report-no-logs"));
        } else {
            let columns = ["log", "lines", "requests", "from", "to", "bytes"].map(|name| self.say(&format!("report-column-{name}")));
            let [log, lines, requests, from, to, bytes] = columns;
            let mut table = Table::new([log, lines, requests, from, to, bytes, "SHA-256".to_owned()]).right(1).right(2).right(5);
            for log in &read.logs {
                let time = |time: &Option<String>| time.as_deref().map_or_else(|| "–".to_owned(), minute);
                table.row([
                    code(&log.file),
                    count(log.lines),
                    count(log.requests),
                    time(&log.first),
                    time(&log.last),
                    count(log.bytes),
                    log.sha256.clone().unwrap_or_else(|| "–".to_owned()),
                ]);
            }
            self.out.push_str(&table.print());
            self.line("");
            if let Some(window) = &read.window {
                self.line(&message!(
                    language,
                    "report-window",
                    window = window.text.as_str(),
                    zone = window.last.get(19..).unwrap_or_default()
                ));
            }
        }
        self.line("");
        let (files, places) = (read.callers.files, read.callers.found);
        self.line(&message!(language, "report-callers", files = count(files as u64), places = count(places as u64)));
    }

    fn groups(&mut self, verdict: Verdict, heading: &str) {
        let groups: Vec<&Group> = self.report.groups.iter().filter(|group| group.verdict == verdict.id()).collect();
        self.heading(2, &self.say(heading));
        if groups.is_empty() {
            return self.line(&self.say(&format!("{heading}-none")));
        }
        self.line(&self.say(&format!("{heading}-text")));
        for group in groups {
            self.group(group);
        }
    }

    fn group(&mut self, group: &Group) {
        let language = self.language;
        self.heading(3, &format!("{}. {}", group.id, prose(&group.title)));
        if let Some(text) = &group.text {
            self.line(&format!("{}\n", prose(text)));
        }
        let columns = ["where", "location", "server", "handler"].map(|name| self.say(&format!("report-column-{name}")));
        let mut table = Table::new(columns);
        for part in &group.locations {
            table.row([
                lines(&part.file, part.line, part.end_line),
                code(&part.location),
                prose(&part.server),
                code(&short(&part.handler)),
            ]);
        }
        self.out.push_str(&table.print());
        self.line("");
        let all = group.locations.len();
        self.evidence("report-against", &group.against, all);
        self.evidence("report-for", &group.for_use, all);
        self.evidence("report-afterwards", &group.afterwards, all);
        if let Some(changed) = &group.changed {
            self.line(&format!("- {} {}", self.say("report-group-changed"), prose(&changed.text)));
        }
        let list = |items: Vec<String>| items.join(", ");
        if !group.files.is_empty() {
            let files = list(group.files.iter().map(|file| code(file)).collect());
            self.line(&format!("- {} {files}", message!(language, "report-group-files")));
        }
        if !group.upstreams.is_empty() {
            let upstreams = list(group.upstreams.iter().map(named).collect());
            self.line(&format!("- {} {upstreams}", message!(language, "report-group-upstreams")));
        }
        let safe = match (&group.why_not[..], group.verdict == Verdict::ProbablyUnused.id()) {
            ([], _) => message!(language, "report-safe", lines = group.lines),
            (why, true) => message!(language, "report-not-safe", why = prose(&why.join("; "))),
            (why, false) => message!(language, "report-decide", why = prose(&why.join("; "))),
        };
        self.line(&format!("- {safe}"));
    }

    fn evidence(&mut self, id: &str, all: &[Evidence], of: usize) {
        if all.is_empty() {
            return;
        }
        self.line(&format!("- {}", self.say(id)));
        for one in all.iter().take(LISTED) {
            let mut text = prose(&one.text);
            // Whoever reads on the terminal wants a place to go to; most sentences name it.
            if let (Some(file), Some(line)) = (&one.file, one.line)
                && !one.text.contains(&format!("{file}:{line}"))
            {
                let _ = write!(text, " ({file}:{line})", file = prose(file));
            }
            if of > 1 {
                let names = match one.of.len() {
                    whole if whole == of => message!(self.language, "report-of-all", count = of),
                    _ => one.of.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
                };
                let _ = write!(text, " — {names}");
            }
            self.line(&format!("  - {text}"));
        }
        if all.len() > LISTED {
            self.line(&format!("  - {}", message!(self.language, "report-more", count = all.len() - LISTED)));
        }
    }

    fn findings(&mut self) {
        let report = self.report;
        self.heading(2, &self.say("report-heading-findings"));
        let rules = other_rules(report);
        if rules.is_empty() {
            return self.line(&self.say("report-heading-findings-none"));
        }
        self.line(&self.say("report-heading-findings-text"));
        for (rule, all) in rules {
            self.heading(3, &format!("{} ({})", code(rule), all.len()));
            for finding in all {
                let confidence = message!(self.language, &format!("report-confidence-{}", confidence(finding)));
                let place = code(&format!("{}:{}", finding.range.file, finding.range.line));
                self.line(&format!("- {place} {} *({confidence})*", prose(&finding.message)));
                for beside in &finding.related {
                    let at = beside.range.as_ref().map(|range| format!(" ({}:{})", prose(&range.file), range.line)).unwrap_or_default();
                    self.line(&format!("  - {}{at}", prose(&beside.message)));
                }
            }
        }
    }

    fn endpoints(&mut self) {
        let report = self.report;
        self.heading(2, &self.say("report-heading-endpoints"));
        self.line(&self.say("report-heading-endpoints-text"));
        for (server, all) in by_server(report) {
            self.heading(3, &code(server));
            let columns =
                ["where", "location", "verdict", "hits", "last", "called-by"].map(|name| self.say(&format!("report-column-{name}")));
            let mut table = Table::new(columns).right(3);
            for endpoint in all {
                let (hits, last) = hits(endpoint);
                table.row([
                    lines(&endpoint.file, endpoint.line, endpoint.end_line),
                    code(&endpoint.location),
                    verdict_name(endpoint.verdict, self.language),
                    hits,
                    last,
                    prose(&why(endpoint, self.language)),
                ]);
            }
            self.out.push_str(&table.print());
        }
    }

    fn files(&mut self) {
        let report = self.report;
        self.heading(2, &self.say("report-heading-files"));
        if report.files.is_empty() {
            return self.line(&self.say("report-heading-files-none"));
        }
        let mut table = Table::new(["file", "why"].map(|name| self.say(&format!("report-column-{name}"))));
        for file in &report.files {
            table.row([code(&file.file), prose(&file.reason)]);
        }
        self.out.push_str(&table.print());
    }

    fn steps(&mut self) {
        let report = self.report;
        self.heading(2, &self.say("report-heading-steps"));
        if report.steps.is_empty() {
            return self.line(&self.say("report-heading-steps-none"));
        }
        self.line(&self.say("report-heading-steps-text"));
        self.line("");
        for (index, step) in report.steps.iter().enumerate() {
            let number = format!("{}. ", index + 1);
            let line = message!(self.language, "report-step-line", title = prose(&step.title), text = prose(&step.text));
            self.line(&format!("{number}{line}"));
            if !step.commands.is_empty() {
                let indent = " ".repeat(number.len());
                let body: String = step
                    .commands
                    .iter()
                    .flat_map(|command| command.lines().map(|line| format!("{indent}{}\n", words::clean(line))))
                    .collect();
                let fence = words::fence(&body);
                self.line(&format!("\n{indent}{fence}sh\n{body}{indent}{fence}\n"));
            }
        }
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        self.out.push('\n');
    }

    fn cautions(&mut self) {
        let report = self.report;
        self.heading(2, &self.say("report-heading-cautions"));
        for Caution { text, better, places, more, .. } in &report.cautions {
            let mut at: Vec<String> = places.iter().map(|spot| code(&format!("{}:{}", spot.file, spot.line))).collect();
            if *more > 0 {
                at.push(message!(self.language, "report-more", count = *more));
            }
            let at =
                if at.is_empty() { String::new() } else { format!(" {}", message!(self.language, "report-at", places = at.join(", "))) };
            self.line(&format!("- {}{at}", prose(text)));
            if let Some(better) = better {
                let body: String = better.lines().map(|line| format!("  {}\n", words::clean(line))).collect();
                let fence = words::fence(&body);
                self.line(&format!("\n  {fence}nginx\n{body}  {fence}\n"));
            }
        }
    }
}

/// The most important in one sentence.
pub(super) fn headline(report: &Report) -> String {
    let (language, summary) = (report.language(), &report.summary);
    match (summary.probably_unused, report.read.logs.is_empty()) {
        (_, true) => message!(language, "report-headline-no-logs", all = summary.endpoints),
        (0, _) => message!(language, "report-headline-none", all = summary.endpoints),
        (unused, _) => message!(
            language,
            "report-headline",
            unused = unused,
            all = summary.endpoints,
            groups = summary.groups,
            lines = summary.lines,
            files = summary.files
        ),
    }
}

/// The cautions without which the first sentence would be trusted too much: the logs are shorter than was asked for, could not be read, or
/// end longer ago than they reach.
pub(super) fn foremost(report: &Report) -> Vec<&Caution> {
    let stale = || {
        let window = report.read.window.as_ref()?;
        let last: jiff::civil::Date = window.last.get(..10)?.parse().ok()?;
        let today: jiff::civil::Date = report.date.as_deref()?.parse().ok()?;
        let ago = u64::try_from(last.until(today).ok()?.get_days()).ok()?;
        // With few requests the span between the first and the last says little of how far the logs reach.
        Some(ago > window.days.max(window.asked_days.unwrap_or(0)))
    };
    let weighs = |caution: &&Caution| match caution.kind {
        "log-problem" | "short-window" => true,
        "stale" => stale() == Some(true),
        _ => false,
    };
    report.cautions.iter().filter(weighs).collect()
}

/// How many findings of which severity there are.
pub(super) fn found(report: &Report) -> String {
    let all = report.summary.findings;
    message!(report.language(), "report-found", error = all.error, warning = all.warning, info = all.info, hint = all.hint)
}

/// The findings that are not told of as groups or files, by rule, in the order of their names.
pub(super) fn other_rules(report: &Report) -> Vec<(&'static str, Vec<&crate::ide::findings::Found>)> {
    let mut out: Vec<(&'static str, Vec<_>)> = Vec::new();
    for finding in report.findings.iter().filter(|finding| !["unused-location", "orphan-file"].contains(&finding.rule)) {
        match out.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, all)) => all.push(finding),
            None => out.push((finding.rule, vec![finding])),
        }
    }
    // What is worst comes first.
    out.sort_by_key(|(rule, all)| (std::cmp::Reverse(all.iter().map(|finding| finding.severity).max()), *rule));
    out
}

/// The locations of each server.
pub(super) fn by_server(report: &Report) -> Vec<(&str, Vec<&Endpoint>)> {
    let mut out: Vec<(&str, Vec<&Endpoint>)> = Vec::new();
    for endpoint in &report.endpoints {
        match out.last_mut().filter(|(server, _)| *server == endpoint.server) {
            Some((_, all)) => all.push(endpoint),
            None => out.push((&endpoint.server, vec![endpoint])),
        }
    }
    out
}

/// How many requests, and when the last one came.
pub(super) fn hits(endpoint: &Endpoint) -> (String, String) {
    match &endpoint.hits {
        None => ("–".to_owned(), "–".to_owned()),
        Some(hits) => (count(hits.total), hits.last.as_deref().map_or_else(|| "–".to_owned(), minute)),
    }
}

/// Who calls it, or else what else is most worth knowing.
pub(super) fn why(endpoint: &Endpoint, language: Language) -> String {
    match endpoint.callers.split_first() {
        Some((first, [])) => format!("{}:{}", first.file, first.line),
        Some((first, more)) => message!(language, "report-and-more", first = format!("{}:{}", first.file, first.line), count = more.len()),
        None => {
            // The column beside it has the figures.
            let shown = ["hits", "no-hits", "no-hits-so-far", "no-caller"];
            match endpoint.reasons.iter().find(|reason| !shown.contains(&reason.kind)) {
                Some(reason) if reason.kind == "guard" => message!(language, "report-why-guard"),
                Some(reason) => reason.text.clone(),
                None => String::new(),
            }
        }
    }
}

/// A directive with long paths cut down to their last part.
pub(super) fn short(directive: &str) -> String {
    const LONG: usize = 40;
    let cut = |word: &str| match word.rsplit_once('/') {
        Some((_, name)) if word.len() > LONG && word.starts_with('/') && !name.is_empty() => format!("…/{name}"),
        _ => word.to_owned(),
    };
    directive.split(' ').map(cut).collect::<Vec<_>>().join(" ")
}

/// As in JSON.
pub(super) fn confidence(finding: &crate::ide::findings::Found) -> &'static str {
    match finding.confidence {
        crate::rules::Confidence::Proven => "proven",
        crate::rules::Confidence::Likely => "likely",
        crate::rules::Confidence::Hint => "hint",
    }
}

fn lines(file: &str, first: u32, last: u32) -> String {
    match first == last {
        true => prose(&format!("{file}:{first}")),
        false => prose(&format!("{file}:{first}–{last}")),
    }
}

fn named(one: &Named) -> String {
    format!("{} ({}:{})", code(&one.location), prose(&one.file), one.line)
}

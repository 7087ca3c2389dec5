//! The report as one HTML file that needs nothing else: no network, no other file. A policy in it forbids whatever is not written here.

mod picture;
mod write;

use std::fmt::Write;

use self::write::{code, escape, prose};
use super::markdown::{by_server, confidence, foremost, found, headline, hits, other_rules, short, why};
use super::{Endpoint, Evidence, Group, Report, minute, verdict_name};
use crate::message;
use crate::messages::Language;
use crate::project::REPORT_MARK;
use crate::usage::verdict::Verdict;
use crate::usage::words::count;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");
const VERDICTS: [Verdict; 4] = [Verdict::ProbablyUnused, Verdict::ToCheck, Verdict::CannotTell, Verdict::InUse];

/// The report as an HTML page.
pub fn html(report: &Report) -> String {
    let mut page = Page { report, language: report.language(), out: String::new() };
    page.head();
    page.summary();
    page.picture();
    page.groups(Verdict::ProbablyUnused, "report-heading-unused");
    page.groups(Verdict::ToCheck, "report-heading-to-check");
    page.findings();
    page.endpoints();
    page.files();
    page.steps();
    page.cautions();
    page.read();
    let _ = write!(page.out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    page.out
}

struct Page<'a> {
    report: &'a Report,
    language: Language,
    out: String,
}

impl Page<'_> {
    /// A message as HTML.
    fn say(&self, id: &str) -> String {
        write::message(&message!(self.language, id))
    }

    fn add(&mut self, html: &str) {
        self.out.push_str(html);
        self.out.push('\n');
    }

    fn heading(&mut self, id: &str) {
        let text = self.say(id);
        self.add(&format!("<h2 id=\"{}\">{text}</h2>", section(id)));
    }

    fn heads(&self, names: &[(&str, &str)]) -> String {
        let cell = |(name, class): &(&str, &str)| format!("<th class=\"{class}\">{}</th>", self.say(&format!("report-column-{name}")));
        names.iter().map(cell).collect()
    }

    fn head(&mut self) {
        let report = self.report;
        let title = escape(&message!(self.language, "report-title", project = report.project()));
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            write::source(STYLE),
            write::source(SCRIPT)
        );
        let _ = write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"{REPORT_MARK}\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body class=\"no-script\">\n<main>\n<h1>{title}</h1>\n",
            report.language
        );
    }

    fn summary(&mut self) {
        let (report, language) = (self.report, self.language);
        let made = match &report.date {
            Some(day) => message!(language, "report-made-on", day = day.as_str(), version = report.tool.version),
            None => message!(language, "report-made", version = report.tool.version),
        };
        let window = report.read.window.as_ref().map(|window| format!(" · {}", window.text)).unwrap_or_default();
        self.add(&format!("<p class=\"soft\">{}{}</p>", escape(&made), escape(&window)));
        self.add(&format!("<p class=\"headline\">{}</p>", escape(&headline(report))));
        for caution in foremost(report) {
            let text = write::message(&message!(language, "report-mind", text = caution.text.replace('*', "")));
            self.add(&format!("<p class=\"verdict-line no\">{text}</p>"));
        }
        let summary = &report.summary;
        self.out.push_str("<div class=\"tiles\">");
        for verdict in VERDICTS {
            let number = match verdict {
                Verdict::InUse => summary.in_use,
                Verdict::ProbablyUnused => summary.probably_unused,
                Verdict::ToCheck => summary.to_check,
                Verdict::CannotTell => summary.cannot_tell,
            };
            let (id, name) = (verdict.id(), escape(&verdict_name(verdict.id(), language)));
            let _ = write!(self.out, "<div class=\"tile {id}\"><b>{number}</b>{name}</div>");
        }
        self.add("</div>");
        self.add(&format!("<p class=\"soft\">{}</p>", self.say("report-verdicts-mean")));
        self.add(&format!("<p>{}</p>", escape(&found(report))));
        let sections = ["unused", "to-check", "findings", "endpoints", "files", "steps", "cautions", "read"];
        let links = sections.map(|name| {
            let id = format!("report-heading-{name}");
            format!("<a href=\"#{}\">{}</a>", section(&id), self.say(&id))
        });
        self.add(&format!("<nav>{}</nav>", links.join(" ")));
    }

    fn picture(&mut self) {
        let Some(picture) = picture::picture(self.report) else { return };
        self.heading("report-heading-picture");
        self.add(&format!("<p class=\"soft\">{}</p>", self.say("report-heading-picture-text")));
        self.add(&format!("<div class=\"scroll\">{picture}</div>"));
    }

    fn groups(&mut self, verdict: Verdict, heading: &str) {
        self.heading(heading);
        let groups: Vec<&Group> = self.report.groups.iter().filter(|group| group.verdict == verdict.id()).collect();
        let text = if groups.is_empty() { format!("{heading}-none") } else { format!("{heading}-text") };
        self.add(&format!("<p class=\"soft\">{}</p>", self.say(&text)));
        for group in groups {
            self.group(group);
        }
    }

    fn group(&mut self, group: &Group) {
        let language = self.language;
        self.add(&format!("<section class=\"card {}\" id=\"group-{}\">", group.verdict, group.id));
        self.add(&format!("<h3>{}. {}</h3>", group.id, prose(&group.title)));
        if let Some(text) = &group.text {
            self.add(&format!("<p>{}</p>", prose(text)));
        }
        let heads = self.heads(&[("where", ""), ("location", ""), ("server", ""), ("handler", "")]);
        let _ = write!(self.out, "<div class=\"scroll\"><table><thead><tr>{heads}</tr></thead><tbody>");
        for part in &group.locations {
            let at = lines(&part.file, part.line, part.end_line);
            let (name, server, handler) = (code(&part.location), escape(&part.server), code(&short(&part.handler)));
            let _ = write!(self.out, "<tr><td class=\"at\">{at}</td><td>{name}</td><td>{server}</td><td>{handler}</td></tr>");
        }
        self.add("</tbody></table></div>");
        let all = group.locations.len();
        self.evidence("report-against", &group.against, all);
        self.evidence("report-for", &group.for_use, all);
        self.evidence("report-afterwards", &group.afterwards, all);
        if let Some(changed) = &group.changed {
            self.add(&format!("<p>{} {}</p>", self.say("report-group-changed"), prose(&changed.text)));
        }
        if !group.files.is_empty() {
            let files: Vec<String> = group.files.iter().map(|file| code(file)).collect();
            self.add(&format!("<p>{} {}</p>", self.say("report-group-files"), files.join(", ")));
        }
        if !group.upstreams.is_empty() {
            let name = |one: &super::Named| format!("{} <span class=\"at\">{}:{}</span>", code(&one.location), escape(&one.file), one.line);
            let upstreams: Vec<String> = group.upstreams.iter().map(name).collect();
            self.add(&format!("<p>{} {}</p>", self.say("report-group-upstreams"), upstreams.join(", ")));
        }
        let (class, start) = match (&group.why_not[..], group.verdict == Verdict::ProbablyUnused.id()) {
            ([], _) => ("yes", message!(language, "report-safe", lines = group.lines)),
            (_, true) => ("no", message!(language, "report-not-safe", why = "")),
            (_, false) => ("no", message!(language, "report-decide", why = "")),
        };
        let why = prose(&group.why_not.join("; "));
        self.add(&format!("<p class=\"verdict-line {class}\">{} {why}</p>\n</section>", write::message(start.trim_end())));
    }

    fn evidence(&mut self, id: &str, all: &[Evidence], of: usize) {
        if all.is_empty() {
            return;
        }
        let _ = write!(self.out, "<p class=\"what\">{}</p><ul>", self.say(id).replace("<strong>", "").replace("</strong>", ""));
        for one in all {
            let mut item = prose(&one.text);
            if let (Some(file), Some(line)) = (&one.file, one.line)
                && !one.text.contains(&format!("{file}:{line}"))
            {
                let _ = write!(item, " <span class=\"at\">{}:{line}</span>", escape(file));
            }
            if of > 1 {
                let names = match one.of.len() {
                    whole if whole == of => escape(&message!(self.language, "report-of-all", count = of)),
                    _ => one.of.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
                };
                let _ = write!(item, " <span class=\"soft\">— {names}</span>");
            }
            let _ = write!(self.out, "<li>{item}</li>");
        }
        self.add("</ul>");
    }

    fn findings(&mut self) {
        self.heading("report-heading-findings");
        let rules = other_rules(self.report);
        let text = if rules.is_empty() { "report-heading-findings-none" } else { "report-heading-findings-text" };
        self.add(&format!("<p class=\"soft\">{}</p>", self.say(text)));
        for (rule, all) in rules {
            self.add(&format!("<h3>{} ({})</h3>\n<ul>", code(rule), all.len()));
            for finding in all {
                let sure = escape(&message!(self.language, &format!("report-confidence-{}", confidence(finding))));
                let at = format!("{}:{}", escape(&finding.range.file), finding.range.line);
                let _ = write!(
                    self.out,
                    "<li class=\"finding\"><span class=\"at\">{at}</span> {} <em class=\"soft\">({sure})</em>",
                    prose(&finding.message)
                );
                if !finding.related.is_empty() {
                    self.out.push_str("<ul>");
                    for beside in &finding.related {
                        let place =
                            beside.range.as_ref().map(|range| format!(" <span class=\"at\">{}:{}</span>", escape(&range.file), range.line));
                        let _ = write!(self.out, "<li>{}{}</li>", prose(&beside.message), place.unwrap_or_default());
                    }
                    self.out.push_str("</ul>");
                }
                self.add("</li>");
            }
            self.add("</ul>");
        }
    }

    fn endpoints(&mut self) {
        let (report, language) = (self.report, self.language);
        self.heading("report-heading-endpoints");
        self.add(&format!("<p class=\"soft\">{}</p>", self.say("report-heading-endpoints-text")));
        let plain = |id: &str| escape(&message!(language, id));
        let mut controls = format!("<input type=\"search\" id=\"filter\" placeholder=\"{0}\" aria-label=\"{0}\">", plain("report-filter"));
        let mut servers: Vec<&str> = by_server(report).into_iter().map(|(server, _)| server).collect();
        servers.sort_unstable();
        servers.dedup();
        let options: String = servers.iter().map(|server| format!("<option value=\"{0}\">{0}</option>", escape(server))).collect();
        let _ = write!(
            controls,
            "<select id=\"server\" aria-label=\"{}\"><option value=\"\">{}</option>{options}</select>",
            plain("report-column-server"),
            plain("report-every-server")
        );
        for verdict in VERDICTS {
            let name = escape(&verdict_name(verdict.id(), language));
            let _ = write!(controls, "<label><input type=\"checkbox\" value=\"{}\" checked>{name}</label>", verdict.id());
        }
        self.add(&format!("<div class=\"controls\">{controls}<output id=\"shown\" class=\"soft\"></output></div>"));
        let columns =
            [("verdict", ""), ("location", ""), ("where", ""), ("handler", ""), ("hits", "number"), ("last", ""), ("called-by", "")];
        let heads: String = columns
            .iter()
            .map(|(name, class)| {
                format!("<th class=\"{class}\"><button type=\"button\">{}</button></th>", self.say(&format!("report-column-{name}")))
            })
            .collect();
        let _ = write!(self.out, "<div class=\"scroll\"><table id=\"locations\"><thead><tr>{heads}</tr></thead>\n<tbody>");
        for (index, endpoint) in report.endpoints.iter().enumerate() {
            self.endpoint(index, endpoint);
        }
        self.add("</tbody></table></div>");
    }

    fn endpoint(&mut self, index: usize, endpoint: &Endpoint) {
        let (hits, last) = hits(endpoint);
        let total = endpoint.hits.as_ref().map_or(-1, |hits| i64::try_from(hits.total).unwrap_or(i64::MAX));
        // What can go sorts first.
        let rank = VERDICTS.iter().position(|verdict| verdict.id() == endpoint.verdict).unwrap_or(0);
        let why = why_or_first(endpoint, self.language);
        let _ = write!(
            self.out,
            "<tr id=\"location-{index}\" data-n=\"{index}\" data-verdict=\"{verdict}\" data-server=\"{server}\"><td data-v=\"{rank}\"><span class=\"badge {verdict}\">{name}</span></td><td class=\"location\" data-v=\"{location}\">{code}</td><td data-v=\"{file}:{line}\"><span class=\"at\">{at}</span><br><span class=\"soft\">{server}</span></td><td class=\"handler\" data-v=\"{handler}\" title=\"{handler}\">{handler_code}</td><td class=\"number\" data-v=\"{total}\">{hits}</td><td class=\"time\" data-v=\"{last}\">{last}</td><td data-v=\"{why_text}\"><details><summary>{why}</summary>",
            verdict = endpoint.verdict,
            server = escape(&endpoint.server),
            name = escape(&verdict_name(endpoint.verdict, self.language)),
            location = escape(&endpoint.location),
            code = code(&endpoint.location),
            file = escape(&endpoint.file),
            line = endpoint.line,
            at = lines(&endpoint.file, endpoint.line, endpoint.end_line),
            handler = escape(&endpoint.handler),
            handler_code = code(&short(&endpoint.handler)),
            why_text = escape(&why.replace('`', "")),
            why = prose(&why),
        );
        self.out.push_str("<ul>");
        for reason in &endpoint.reasons {
            let at = match (&reason.file, reason.line) {
                (Some(file), Some(line)) if !reason.text.contains(&format!("{file}:{line}")) => {
                    format!(" <span class=\"at\">{}:{line}</span>", escape(file))
                }
                _ => String::new(),
            };
            let _ = write!(self.out, "<li>{}{at}</li>", prose(&reason.text));
        }
        if let Some(takes_over) = &endpoint.takes_over {
            let _ = write!(self.out, "<li>{}</li>", prose(&takes_over.text));
        }
        if let Some(requests) = endpoint.hits.as_ref().filter(|hits| hits.total > 0) {
            let listed = requests.statuses.iter().chain(&requests.methods).map(|one| format!("{} {}", escape(&one.name), count(one.count)));
            let clients = escape(&message!(self.language, "report-clients", count = requests.clients, shown = count(requests.clients)));
            let _ = write!(self.out, "<li>{} · {clients}</li>", listed.collect::<Vec<_>>().join(" · "));
            if let Some(example) = &requests.example {
                let _ = write!(
                    self.out,
                    "<li>{} <span class=\"at\">{}:{}</span></li>",
                    code(&example.request),
                    escape(&example.file),
                    example.line
                );
            }
        }
        self.add("</ul></details></td></tr>");
    }

    fn files(&mut self) {
        self.heading("report-heading-files");
        if self.report.files.is_empty() {
            return self.add(&format!("<p class=\"soft\">{}</p>", self.say("report-heading-files-none")));
        }
        let heads = self.heads(&[("file", ""), ("why", "")]);
        let _ = write!(self.out, "<div class=\"scroll\"><table><thead><tr>{heads}</tr></thead><tbody>");
        for file in &self.report.files {
            let _ = write!(self.out, "<tr><td>{}</td><td>{}</td></tr>", code(&file.file), prose(&file.reason));
        }
        self.add("</tbody></table></div>");
    }

    fn steps(&mut self) {
        self.heading("report-heading-steps");
        let steps = &self.report.steps;
        let text = if steps.is_empty() { "report-heading-steps-none" } else { "report-heading-steps-text" };
        self.add(&format!("<p class=\"soft\">{}</p>", self.say(text)));
        if steps.is_empty() {
            return;
        }
        self.add("<ol class=\"steps\">");
        for step in steps {
            let _ = write!(self.out, "<li><strong>{}</strong><br>{}", prose(&step.title), prose(&step.text));
            if !step.commands.is_empty() {
                let _ = write!(self.out, "<pre><code>{}</code></pre>", escape(&step.commands.join("\n")));
            }
            self.add("</li>");
        }
        self.add("</ol>");
    }

    fn cautions(&mut self) {
        self.heading("report-heading-cautions");
        self.add("<ul>");
        for caution in &self.report.cautions {
            let mut places: Vec<String> =
                caution.places.iter().map(|spot| format!("<span class=\"at\">{}:{}</span>", escape(&spot.file), spot.line)).collect();
            if caution.more > 0 {
                places.push(escape(&message!(self.language, "report-more", count = caution.more)));
            }
            let _ = write!(self.out, "<li>{} {}", prose(&caution.text), places.join(", "));
            if let Some(better) = &caution.better {
                let _ = write!(self.out, "<pre><code>{}</code></pre>", escape(better));
            }
            self.add("</li>");
        }
        self.add("</ul>");
    }

    fn read(&mut self) {
        let (language, read) = (self.language, &self.report.read);
        self.heading("report-heading-read");
        let heads = self.heads(&[("configuration", ""), ("lines", "number")]);
        let _ = write!(self.out, "<div class=\"scroll\"><table><thead><tr>{heads}<th>SHA-256</th></tr></thead><tbody>");
        for file in &read.configurations {
            let (name, lines) = (code(&file.file), count(u64::from(file.lines)));
            let hash = file.sha256.as_deref().unwrap_or("–");
            let _ = write!(self.out, "<tr><td>{name}</td><td class=\"number\">{lines}</td><td class=\"hash\">{hash}</td></tr>");
        }
        self.add("</tbody></table></div>");
        if !read.images.is_empty() {
            let images: Vec<String> = read.images.iter().map(|image| format!("`{}`", image.replace('`', ""))).collect();
            self.add(&format!("<p>{}</p>", prose(&message!(language, "report-runs-in", images = images.join(", ")))));
        }
        if read.logs.is_empty() {
            self.add(&format!("<p>{}</p>", self.say("report-no-logs")));
        } else {
            let columns = [("log", ""), ("lines", "number"), ("requests", "number"), ("from", ""), ("to", ""), ("bytes", "number")];
            let heads = self.heads(&columns);
            let _ = write!(self.out, "<div class=\"scroll\"><table><thead><tr>{heads}<th>SHA-256</th></tr></thead><tbody>");
            for log in &read.logs {
                let time = |time: &Option<String>| time.as_deref().map_or_else(|| "–".to_owned(), minute);
                let _ = write!(
                    self.out,
                    "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"time\">{}</td><td class=\"time\">{}</td><td class=\"number\">{}</td><td class=\"hash\">{}</td></tr>",
                    code(&log.file),
                    count(log.lines),
                    count(log.requests),
                    time(&log.first),
                    time(&log.last),
                    count(log.bytes),
                    escape(log.sha256.as_deref().unwrap_or("–"))
                );
            }
            self.add("</tbody></table></div>");
            if let Some(window) = &read.window {
                let zone = window.last.get(19..).unwrap_or_default();
                self.add(&format!("<p>{}</p>", escape(&message!(language, "report-window", window = window.text.as_str(), zone = zone))));
            }
        }
        let (files, places) = (count(read.callers.files as u64), count(read.callers.found as u64));
        self.add(&format!("<p>{}</p>", escape(&message!(language, "report-callers", files = files, places = places))));
    }
}

/// What stands in the table: the details unfold below it.
fn why_or_first(endpoint: &Endpoint, language: Language) -> String {
    let why = why(endpoint, language);
    if why.is_empty() { endpoint.reasons.first().map(|reason| reason.text.clone()).unwrap_or_default() } else { why }
}

fn lines(file: &str, first: u32, last: u32) -> String {
    let file = escape(file);
    if first == last { format!("{file}:{first}") } else { format!("{file}:{first}–{last}") }
}

/// The anchor of a section: the end of its heading's id.
fn section(id: &str) -> &str {
    id.strip_prefix("report-heading-").unwrap_or(id)
}

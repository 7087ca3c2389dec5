//! What a clean-up would do: which blocks go, which files go with them, what is refused, and the edits. Data only; nothing is changed.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Refusal, TextEdit, comment, files, needs};
use crate::project::commented::{self, Header, indentation};
use crate::project::{FileId, Place, SourceFile};
use crate::rules::finding::FixAction;
use crate::rules::{Confidence, Finding};
use crate::syntax::Directive;
use crate::text::{Span, Text};
use crate::world::Analysis;

/// Makes the analysis as it would be if these files had these texts.
pub type WhatIf<'a> = &'a dyn Fn(&[(FileId, Text)]) -> Arc<Analysis>;

/// What is asked for. Nothing at all means: everything that is safe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Findings of these rules only.
    pub rules: Vec<String>,
    /// The blocks that begin at these lines (from 0), whether or not there is a finding and whether or not it is safe.
    pub at: Vec<(FileId, u32)>,
    /// Only what is proven.
    pub proven: bool,
    /// Also those of which the fix is not safe: something that works today may stop working.
    pub all: bool,
}

/// What would be done.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The date.
    pub today: Date,
    /// Until when the blocks are kept.
    pub until: Date,
    /// What is commented out, by file and line.
    pub items: Vec<Item>,
    /// What was asked for and is not done.
    pub refused: Vec<(Item, Refusal)>,
    /// What is only done when it is asked for by `all` or by its line: the fix is not safe.
    pub held: Vec<Item>,
    /// Lua and HTML files that nothing else needs once the blocks are gone, sorted.
    pub files: Vec<PathBuf>,
    /// The edits.
    pub changes: Vec<Change>,
    /// What was asked for and is not there: one sentence each.
    pub problems: Vec<String>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The rule that found it; `None` for one that a person named.
    pub rule: Option<&'static str>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// True when nothing that works today can stop working by it.
    pub safe: bool,
    /// What was found.
    pub message: String,
    /// The directive with its block.
    pub place: Place,
    /// Its first words.
    pub title: String,
}

/// What happens to one file.
#[derive(Debug, Clone)]
pub struct Change {
    /// The file.
    pub file: FileId,
    /// Where it is on disk, links followed.
    pub path: PathBuf,
    /// The text that the edits are for.
    pub before: Text,
    /// The text afterwards.
    pub after: Text,
    /// The edits, in order.
    pub edits: Vec<TextEdit>,
    /// The blocks among them, in order.
    pub parts: Vec<Part>,
}

/// What happens to one block: whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its first words.
    pub title: String,
    /// The rule that found it.
    pub rule: Option<String>,
    /// Why.
    pub reason: String,
    /// Its lines in the text before.
    pub before: Span,
    /// Its lines in the text afterwards; empty where it is deleted.
    pub after: Span,
}

/// The plan for these findings, which are those of the analysis. `today` is the date in the lines that are written.
pub fn plan(analysis: &Analysis, findings: &[Finding], asked: &Asked, today: Date, what_if: WhatIf<'_>) -> Plan {
    let keep_days = analysis.project.settings.cleanup.keep_days;
    let mut plan = Plan { today, until: today.checked_add(i64::from(keep_days).days()).unwrap_or(Date::MAX), ..Plan::default() };
    let (mut chosen, mut held) = (Vec::new(), Vec::new());
    for item in candidates(analysis, findings) {
        let named = asked.at.iter().any(|(file, line)| begins_at(analysis, &item, *file, *line));
        let by_rule = item.rule.is_some_and(|rule| asked.rules.iter().any(|asked| asked == rule));
        let nothing_asked = asked.rules.is_empty() && asked.at.is_empty();
        if named || (by_rule || nothing_asked) && (item.safe || asked.all) && (!asked.proven || item.confidence == Some(Confidence::Proven))
        {
            chosen.push(item);
        } else if by_rule || nothing_asked {
            held.push(item);
        }
    }
    for (file, line) in &asked.at {
        if !chosen.iter().any(|item| begins_at(analysis, item, *file, *line)) {
            match by_hand(analysis, *file, *line) {
                Ok(item) => chosen.push(item),
                Err(problem) => plan.problems.push(problem),
            }
        }
    }
    chosen.sort_by_key(|item| item.place);
    chosen.dedup_by_key(|item| item.place);
    // What is inside a block that goes, goes with it.
    let places: Vec<Place> = chosen.iter().map(|item| item.place).collect();
    let inside = |place: Place| places.iter().any(|other| *other != place && other.file == place.file && other.span.covers(place.span));
    chosen.retain(|item| !inside(item.place));
    held.retain(|item| !places.contains(&item.place) && !inside(item.place));
    plan.held = held;
    refuse_unmarkable(analysis, &mut chosen, &mut plan.refused);
    refuse_needed(analysis, &mut chosen, &mut plan.refused);
    plan.changes = changes(analysis, &mut chosen, &mut plan.refused, today);
    plan.items = chosen;
    if !plan.changes.is_empty() {
        plan.files = files::left_over(analysis, &plan.changes, what_if);
    }
    plan
}

/// Every finding that commenting a block out settles, one a block: the safest, and before those that only take it along.
fn candidates(analysis: &Analysis, findings: &[Finding]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut add = |finding: &Finding, place: Place, safe: bool, along: bool| {
        let directive =
            analysis.project.files.get(&place.file).and_then(|source| comment::directive_at(&source.parse.directives, place.span));
        let Some(directive) = directive else { return };
        let item = Item {
            rule: Some(finding.rule),
            confidence: Some(finding.confidence),
            safe,
            message: finding.message.clone(),
            place,
            title: comment::title(directive),
        };
        match items.iter_mut().find(|other| other.place == place) {
            Some(other) if safe && !other.safe && !along => *other = item,
            Some(_) => {}
            None => items.push(item),
        }
    };
    let fixes = || findings.iter().flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)));
    for (finding, fix) in fixes() {
        if let FixAction::CommentOut(place) = &fix.action {
            add(finding, *place, fix.safe, false);
        }
    }
    for (finding, fix) in fixes() {
        if let FixAction::CommentOutAll(places) = &fix.action {
            places.iter().for_each(|place| add(finding, *place, fix.safe, true));
        }
    }
    items
}

fn begins_at(analysis: &Analysis, item: &Item, file: FileId, line: u32) -> bool {
    item.place.file == file && analysis.project.text(file).line_of(item.place.span.start) == line
}

/// The block that a person names by its line.
fn by_hand(analysis: &Analysis, file: FileId, line: u32) -> Result<Item, String> {
    let name = analysis.project.display_path(file);
    let Some(source) = analysis.project.files.get(&file) else {
        return Err(crate::message!(analysis.language, "cleanup-no-configuration", file = name));
    };
    fn first(source: &SourceFile, directives: &[Arc<Directive>], line: u32) -> Option<(Span, String)> {
        directives.iter().find_map(|directive| match source.text.line_of(directive.span.start) == line {
            true => Some((directive.span, comment::title(directive))),
            false => first(source, directive.children(), line),
        })
    }
    match first(source, &source.parse.directives, line) {
        Some((span, title)) => {
            Ok(Item { rule: None, confidence: None, safe: false, message: String::new(), place: Place { file, span }, title })
        }
        None => Err(crate::message!(analysis.language, "cleanup-nothing-there", file = name, line = line + 1)),
    }
}

/// Moves those that can't be commented out for their own sake to the refused.
fn refuse_unmarkable(analysis: &Analysis, chosen: &mut Vec<Item>, refused: &mut Vec<(Item, Refusal)>) {
    let marker = &analysis.project.settings.cleanup.marker;
    let mut files: Vec<FileId> = chosen.iter().map(|item| item.place.file).collect();
    files.dedup();
    let mut seen: Vec<(FileId, PathBuf)> = Vec::new();
    for file in files {
        let Some(source) = analysis.project.files.get(&file) else { continue };
        let real = analysis.project.vfs.canonical(&source.path);
        let whole_file = if source.problem.is_some() {
            Some(crate::message!(analysis.language, "cleanup-not-whole", file = analysis.project.display_path(file)))
        } else if !real.starts_with(analysis.project.vfs.canonical(&analysis.project.workspace)) {
            Some(crate::message!(analysis.language, "cleanup-outside", file = real.to_string_lossy().into_owned()))
        } else {
            // The same file under another name: what is done under the first one is done to both.
            seen.iter()
                .find(|(_, other)| *other == real)
                .map(|(other, _)| crate::message!(analysis.language, "cleanup-same-file", file = analysis.project.display_path(*other)))
        };
        seen.push((file, real));
        if let Some(reason) = whole_file {
            refuse(chosen, refused, |item| (item.place.file == file).then(|| Refusal::new(reason.clone())));
            continue;
        }
        let spans: Vec<Span> = chosen.iter().filter(|item| item.place.file == file).map(|item| item.place.span).collect();
        if let Err(together) = comment::comment_out(&source.text, &source.parse, &spans, marker) {
            let alone = |item: &Item| {
                if item.place.file != file {
                    return None;
                }
                comment::comment_out(&source.text, &source.parse, &[item.place.span], marker).err()
            };
            refuse(chosen, refused, alone);
            let spans: Vec<Span> = chosen.iter().filter(|item| item.place.file == file).map(|item| item.place.span).collect();
            if comment::comment_out(&source.text, &source.parse, &spans, marker).is_err() {
                refuse(chosen, refused, |item| (item.place.file == file).then(|| together.clone()));
            }
        }
    }
}

fn refuse(chosen: &mut Vec<Item>, refused: &mut Vec<(Item, Refusal)>, why: impl Fn(&Item) -> Option<Refusal>) {
    chosen.retain(|item| match why(item) {
        Some(refusal) => {
            refused.push((item.clone(), refusal));
            false
        }
        None => true,
    });
}

/// Moves those that something which stays needs to the refused; then those that they need, and so on.
fn refuse_needed(analysis: &Analysis, chosen: &mut Vec<Item>, refused: &mut Vec<(Item, Refusal)>) {
    loop {
        let go: Vec<Place> = chosen.iter().map(|item| item.place).collect();
        if needs::needed_of(analysis, &go, &go).is_none() {
            return;
        }
        let before = chosen.len();
        refuse(chosen, refused, |item| needs::needed_of(analysis, &go, &[item.place]));
        if chosen.len() == before {
            // Nobody is to blame alone: that would be a mistake here, and then nothing is touched.
            refuse(chosen, refused, |_| needs::needed_of(analysis, &go, &go));
            return;
        }
    }
}

/// The edits, with a dated line above each block; a file in which they could not be undone exactly is refused as a whole.
fn changes(analysis: &Analysis, chosen: &mut Vec<Item>, refused: &mut Vec<(Item, Refusal)>, today: Date) -> Vec<Change> {
    let mut files: Vec<FileId> = chosen.iter().map(|item| item.place.file).collect();
    files.dedup();
    let mut out = Vec::new();
    for file in files {
        let items: Vec<&Item> = chosen.iter().filter(|item| item.place.file == file).collect();
        match analysis.project.files.get(&file).and_then(|source| change(analysis, source, &items, today)) {
            Some(change) => out.push(change),
            None => {
                let reason = crate::message!(analysis.language, "cleanup-not-exact", file = analysis.project.display_path(file));
                refuse(chosen, refused, |item| (item.place.file == file).then(|| Refusal::new(reason.clone())));
            }
        }
    }
    out
}

fn change(analysis: &Analysis, source: &SourceFile, items: &[&Item], today: Date) -> Option<Change> {
    let cleanup = &analysis.project.settings.cleanup;
    let text = &source.text;
    let spans: Vec<Span> = items.iter().map(|item| item.place.span).collect();
    let marks = comment::comment_out(text, &source.parse, &spans, &cleanup.marker).ok()?;
    let mut edits = Vec::with_capacity(marks.len() + items.len());
    let mut parts: Vec<Part> = Vec::new();
    let mut marks = marks.into_iter().peekable();
    let mut shift = 0;
    for item in items {
        let lines = whole_lines(text, item.place.span);
        // Several on one line are one.
        if let Some(last) = parts.last_mut().filter(|part| lines.start < part.before.end) {
            let grown = lines.end.max(last.before.end);
            let mut inserted = 0;
            while let Some(mark) = marks.next_if(|mark| mark.span.start < grown) {
                inserted += mark.new.len() as u32;
                edits.push(mark);
            }
            last.after.end += grown - last.before.end + inserted;
            shift += inserted;
            last.before.end = grown;
            continue;
        }
        let reason = if item.message.is_empty() { crate::message!(analysis.language, "cleanup-by-hand") } else { item.message.clone() };
        let header = Header::new(today, cleanup.keep_days, &reason, item.rule);
        let content = text.slice(lines);
        let end = if content.ends_with("\r\n") { "\r\n" } else { "\n" };
        let mut head = TextEdit { span: Span::at(lines.start), new: format!("{}{}{end}", indentation(&content), header.line()) };
        let mut inserted = head.new.len() as u32;
        // Two insertions at one place are one: an editor need not keep their order.
        if let Some(mark) = marks.next_if(|mark| mark.span.start == lines.start) {
            inserted += mark.new.len() as u32;
            head.new.push_str(&mark.new);
        }
        edits.push(head);
        while let Some(mark) = marks.next_if(|mark| mark.span.start < lines.end) {
            inserted += mark.new.len() as u32;
            edits.push(mark);
        }
        let after = Span::new(lines.start + shift, lines.end + shift + inserted);
        shift += inserted;
        parts.push(Part { title: item.title.clone(), rule: item.rule.map(str::to_owned), reason, before: lines, after });
    }
    let after = super::apply(text, &edits);
    // Restoring is what a person, an editor or a later run does with the text alone.
    let restored: Vec<TextEdit> = commented::all(&after, &cleanup.marker)
        .iter()
        .filter(|hidden| parts.iter().any(|part| part.after.covers(hidden.lines)))
        .flat_map(|hidden| comment::restoration(&after, hidden).edits)
        .collect();
    if super::apply(&after, &restored).to_str() != text.to_str() {
        return None;
    }
    let path = analysis.project.vfs.canonical(&source.path);
    Some(Change { file: source.id, path, before: text.clone(), after, edits, parts })
}

/// The lines that a span touches, with the last line break.
pub(super) fn whole_lines(text: &Text, span: Span) -> Span {
    let source = text.to_str();
    let before = source.get(..span.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let behind = source.get(span.end as usize..).unwrap_or_default();
    let end = behind.find('\n').map_or(source.len(), |at| span.end as usize + at + 1);
    Span::new(start as u32, end as u32)
}

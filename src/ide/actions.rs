//! What can be done at a selection: fixes of findings, commenting out, restoring, ignoring a rule.

use std::sync::Arc;

use crate::cleanup::comment::Restoration;
use crate::cleanup::{self, FileEdits, Refusal, TextEdit, comment};
use crate::message;
use crate::messages::Language;
use crate::project::annotations::above;
use crate::project::commented;
use crate::project::{FileId, SourceFile};
use crate::rules::finding::{Finding, FixAction};
use crate::syntax::{Body, Directive};
use crate::text::Span;
use crate::world::Analysis;

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The menu entry.
    pub title: String,
    /// Where an editor shows it.
    pub kind: ActionKind,
    /// Index of the finding that it settles, in the findings that were given.
    pub finding: Option<usize>,
    /// True for the one to take when there is only one key for it: never for something that changes what a request gets.
    pub is_preferred: bool,
    /// What it changes; nothing when it is disabled.
    pub edits: FileEdits,
    /// Why it can't be done now.
    pub disabled: Option<String>,
}

/// Kinds of [`Action`], as in LSP's `CodeActionKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Settles a finding.
    QuickFix,
    /// Changes the text whether or not there is a finding.
    Refactor,
}

impl ActionKind {
    /// The protocol's name.
    pub fn as_str(self) -> &'static str {
        match self {
            ActionKind::QuickFix => "quickfix",
            ActionKind::Refactor => "refactor.rewrite",
        }
    }
}

impl Action {
    fn new(language: Language, title: String, kind: ActionKind, finding: Option<usize>, result: Result<FileEdits, Refusal>) -> Action {
        let (edits, disabled) = match result {
            Ok(edits) => (edits, None),
            Err(refusal) => (FileEdits::new(), Some(refusal.say(language))),
        };
        Action { title, kind, finding, is_preferred: false, edits, disabled }
    }
}

/// What can be done at a selection (an empty one is a cursor) of a configuration file, the best first. `findings` are those of
/// this analysis; only what touches the selection counts. Nothing for a file that is none of the configuration.
pub fn actions(analysis: &Analysis, file: FileId, selection: Span, findings: &[Finding]) -> Vec<Action> {
    let Some(source) = analysis.project.files.get(&file) else { return Vec::new() };
    let (marker, language) = (&analysis.project.settings.cleanup.marker, analysis.language);
    let mut out = Vec::new();
    let here: Vec<(usize, &Finding)> =
        findings.iter().enumerate().filter(|(_, finding)| finding.place.file == file && meets(finding.place.span, selection)).collect();
    for (index, finding) in &here {
        for fix in &finding.fixes {
            let title = match &fix.action {
                FixAction::CommentOut(place) => match analysis.project.files.get(&place.file).and_then(|source| at(source, place.span)) {
                    Some(directive) => comment_title(language, &[directive], marker),
                    None => fix.title.clone(),
                },
                FixAction::Edit(_) | FixAction::CommentOutAll(_) => fix.title.clone(),
            };
            let mut action = Action::new(language, title, ActionKind::QuickFix, Some(*index), cleanup::resolve(analysis, &fix.action));
            action.is_preferred = fix.safe && action.disabled.is_none() && matches!(fix.action, FixAction::Edit(_));
            out.push(action);
        }
    }
    // On a commented-out line the block around it is the last thing that a person means: restoring comes first.
    out.extend(restorations(language, source, file, selection, marker));
    let blocks = selected(source, selection);
    if !blocks.is_empty() {
        let spans: Vec<Span> = blocks.iter().map(|block| block.span).collect();
        let edits = cleanup::comment_out(analysis, file, &spans).map(|edits| vec![(file, edits)]);
        let action = Action::new(language, comment_title(language, &blocks, marker), ActionKind::Refactor, None, edits);
        if !out.iter().any(|other| other.title == action.title && other.edits == action.edits) {
            out.push(action);
        }
    }
    for (index, finding) in here {
        let title = message!(language, "action-ignore", rule = finding.rule);
        if !out.iter().any(|other| other.title == title) {
            let edit = ignore(source, finding);
            out.push(Action::new(language, title, ActionKind::QuickFix, Some(index), Ok(vec![(file, vec![edit])])));
        }
    }
    out
}

fn meets(span: Span, selection: Span) -> bool {
    span.start <= selection.end && selection.start <= span.end
}

fn comment_title(language: Language, blocks: &[&Directive], marker: &str) -> String {
    let marker = marker.trim_end();
    match blocks {
        [one] => {
            let id = if matches!(one.body, Body::Simple) { "action-comment-directive" } else { "action-comment-block" };
            message!(language, id, directive = comment::title(one), marker = marker)
        }
        several => message!(language, "action-comment-blocks", count = several.len(), marker = marker),
    }
}

fn at(source: &SourceFile, span: Span) -> Option<&Directive> {
    let mut directives = &source.parse.directives[..];
    loop {
        let directive = directives.iter().find(|directive| directive.span.covers(span))?;
        if directive.span == span {
            return Some(directive);
        }
        directives = directive.children();
    }
}

/// The blocks that a selection means: all that it holds wholly, at the outermost level where it holds one; else the innermost
/// block around it (for a cursor on a simple directive, the block that it stands in).
fn selected(source: &SourceFile, selection: Span) -> Vec<&Directive> {
    let trimmed = trim(source, selection);
    let mut around = None;
    let mut directives: &[Arc<Directive>] = &source.parse.directives;
    loop {
        let held: Vec<&Directive> = directives
            .iter()
            .filter(|directive| is_block(directive) && trimmed.covers(directive.span))
            .map(|directive| &**directive)
            .collect();
        if !held.is_empty() {
            return held;
        }
        match directives.iter().find(|directive| is_block(directive) && on_its_lines(source, directive, trimmed)) {
            Some(directive) => {
                around = Some(&**directive);
                directives = directive.children();
            }
            None => return around.into_iter().collect(),
        }
    }
}

fn is_block(directive: &Directive) -> bool {
    !matches!(directive.body, Body::Simple)
}

/// A cursor in the indentation before a block means the block, as does one behind its closing brace.
fn on_its_lines(source: &SourceFile, directive: &Directive, selection: Span) -> bool {
    let line = source.text.line_span(source.text.line_of(directive.span.start));
    let before = source.text.slice(Span::new(line.start, directive.span.start));
    let start = if before.trim().is_empty() { line.start } else { directive.span.start };
    Span::new(start, directive.span.end).covers(selection)
}

/// A selection of whole lines ends at the start of the next line: what it holds is what counts.
fn trim(source: &SourceFile, selection: Span) -> Span {
    if selection.is_empty() {
        return selection;
    }
    let text = source.text.slice(selection);
    let start = selection.start + (text.len() - text.trim_start().len()) as u32;
    let end = selection.end - (text.len() - text.trim_end().len()) as u32;
    if start >= end { Span::at(selection.start) } else { Span::new(start, end) }
}

fn restorations(language: Language, source: &SourceFile, file: FileId, selection: Span, marker: &str) -> Option<Action> {
    let text = &source.text;
    let (first, last) = (text.line_of(selection.start), text.line_of(trim(source, selection).end));
    let (start, end) = (text.line_span(first), text.line_span(last));
    let restorations: Vec<Restoration> = if first == last {
        let hidden = text.slice(start).trim_start().starts_with(marker.trim_end());
        if hidden { comment::restore(text, start.end, marker) } else { None }.into_iter().collect()
    } else {
        // A selection may hold several.
        let selected = commented::all(text, marker).into_iter().filter(|it| it.span.start <= end.end && start.start <= it.span.end);
        selected.map(|hidden| comment::restoration(text, &hidden)).collect()
    };
    let (mut edits, mut titles) = (Vec::new(), Vec::new());
    for restoration in restorations {
        titles.push(restoration.title);
        edits.extend(restoration.edits);
    }
    let title = match &titles[..] {
        [] => return None,
        [one] => message!(language, "action-restore", title = one),
        several => message!(language, "action-restore-several", count = several.len()),
    };
    Some(Action::new(language, title, ActionKind::Refactor, None, Ok(vec![(file, edits)])))
}

/// The comment stands on a line of its own above the directive that holds the place.
fn ignore(source: &SourceFile, finding: &Finding) -> TextEdit {
    let mut start = finding.place.span.start;
    let mut directives: &[Arc<Directive>] = &source.parse.directives;
    while let Some(directive) = directives.iter().find(|directive| directive.span.covers(finding.place.span)) {
        start = directive.span.start;
        directives = directive.children();
    }
    let (span, new) = above(&source.text, start, &format!("ignore {}", finding.rule));
    TextEdit { span, new }
}

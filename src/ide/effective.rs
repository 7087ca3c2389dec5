//! Everything that nginx reads for a configuration in one text: each include replaced by the files that it names, as `nginx -T` shows them but in
//! their places.
//!
//! *Invariant:* nginx reads the text as it reads the files: the words between the includes are copied byte for byte, only lines that begin
//! outside of a word and of Lua are indented. What can't be put in without a change of meaning (a file that nginx's tokenizer refuses, one
//! that is not here) stays an `include`, below a comment that says why. Depth and size are bounded.

use std::sync::Arc;

use crate::message;
use crate::messages::Language;
use crate::messages::printable::printable;
use crate::project::includes::Include;
use crate::project::{FileId, Place, Project, Root, SourceFile};
use crate::syntax::{Body, Directive};
use crate::text::{Span, Text};
use crate::world::View;

/// How large the text may become, in bytes: a file that is included a thousand times is there a thousand times.
const LARGEST: usize = 32 << 20;

/// How deep includes are put into one another.
const DEEPEST: usize = 64;

/// The longest name that is shown in a comment, in characters: nginx reads comments of up to 4095 bytes.
const NAME: usize = 300;

/// A configuration in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// What it is, for the title of a document.
    pub title: String,
    /// The text.
    pub text: String,
    /// Lines of the text, from 0, with where each comes from; only those that are written in a file.
    pub origins: Vec<(u32, Place)>,
    /// Names of files in the text, with the files.
    pub links: Vec<(Span, Place)>,
}

/// The text of a configuration.
pub fn of(view: View<'_>) -> Effective {
    let file = view.config.root;
    let mut writer = Writer {
        project: view.project,
        root: view.root,
        language: view.language,
        text: String::new(),
        starts: Vec::new(),
        links: Vec::new(),
        reading: Vec::new(),
    };
    let name = writer.name(file);
    writer.mark("effective-begin", file, "");
    if let Some(source) = view.project.files.get(&file) {
        writer.file(source, "");
    }
    let text = Text::new(&writer.text);
    Effective {
        title: message!(view.language, "effective-title", file = name),
        origins: writer.starts.iter().map(|(offset, place)| (text.line_of(*offset), *place)).collect(),
        links: writer.links,
        text: writer.text,
    }
}

struct Writer<'a> {
    project: &'a Project,
    root: &'a Root,
    language: Language,
    text: String,
    /// Where lines that come from files begin in the text, and where those are in their files.
    starts: Vec<(u32, Place)>,
    links: Vec<(Span, Place)>,
    /// The files that are being written, the outermost first.
    reading: Vec<FileId>,
}

impl Writer<'_> {
    /// A file, each of its lines behind `indent`.
    fn file(&mut self, source: &Arc<SourceFile>, indent: &str) {
        self.reading.push(source.id);
        let mut parts = Parts::default();
        collect(&source.parse.directives, &mut parts);
        let mut at = 0;
        for directive in &parts.includes {
            self.copy(source, &parts, Span::new(at, directive.span.start), indent);
            self.include(source, directive, indent);
            at = directive.span.end;
        }
        self.copy(source, &parts, Span::new(at, source.text.len()), indent);
        self.break_line();
        self.reading.pop();
    }

    /// A stretch between includes. Blanks around those are left out: each include gets lines of its own.
    fn copy(&mut self, source: &SourceFile, parts: &Parts, span: Span, indent: &str) {
        let mut at = span.start;
        while at < span.end {
            let line = source.text.line_of(at);
            let (whole, content) = (source.text.full_line_span(line), source.text.line_span(line));
            let piece = Span::new(at, whole.end.min(span.end));
            let text = source.text.slice(piece);
            let begins = at == whole.start;
            at = piece.end.max(at + 1);
            let is_part = !begins && piece.start == span.start || piece.end < whole.end;
            if is_part && text.trim_ascii().is_empty() {
                continue;
            }
            let starts = self.is_at_line_start();
            if starts && !text.trim_ascii().is_empty() && !parts.holds(piece.start) {
                self.text.push_str(indent);
            }
            if starts {
                let place = Place { file: source.id, span: Span::new(piece.start, content.end.clamp(piece.start, piece.end)) };
                self.starts.push((self.text.len() as u32, place));
            }
            let blank = |c: char| c == ' ' || c == '\t';
            self.text.push_str(if starts && !begins { text.trim_start_matches(blank) } else { &text });
        }
    }

    /// What an include leads to, or the include as it is written.
    fn include(&mut self, source: &SourceFile, directive: &Directive, indent: &str) {
        let place = Place { file: source.id, span: directive.span };
        let line = source.text.line_span(source.text.line_of(directive.span.start));
        let before = source.text.slice(line);
        let own: String = before.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        let indent = format!("{indent}{own}");
        self.break_line();
        let pattern = directive.arg(0).unwrap_or_default();
        let why = match self.root.includes.get(&place) {
            Some(Include::Files(files)) => match self.put(files, place, pattern, &indent) {
                Ok(()) => return,
                Err(why) => why,
            },
            Some(Include::Missing(path)) => message!(self.language, "effective-missing", file = shown(&self.project.display(path))),
            Some(Include::Loop(file)) => message!(self.language, "effective-loop", file = self.name(*file)),
            Some(Include::Unknown(why)) => shown(why),
            None => message!(self.language, "effective-unknown"),
        };
        self.keep(&source.text.slice(directive.span), place, &why, &indent);
    }

    /// An include that stays one.
    fn keep(&mut self, written: &str, place: Place, why: &str, indent: &str) {
        self.comment(indent, &message!(self.language, "effective-kept", why = why));
        self.text.push_str(indent);
        self.starts.push((self.text.len() as u32, place));
        self.text.push_str(written);
        self.break_line();
    }

    /// The files of an include, one after the other; or why none of them is put here.
    fn put(&mut self, files: &[FileId], place: Place, pattern: &str, indent: &str) -> Result<(), String> {
        let mut refused: Vec<Option<String>> = files.iter().map(|file| self.refusal(*file)).collect();
        // One of several can stand for itself, where the folder is written out.
        let names: Vec<Option<String>> = files.iter().map(|file| self.name_in(pattern, *file)).collect();
        let unnamed = refused.iter_mut().zip(&names).find_map(|(refused, name)| refused.take_if(|_| name.is_none() || files.len() == 1));
        if let Some(why) = unnamed {
            return Err(why);
        }
        self.text.push_str(indent);
        self.starts.push((self.text.len() as u32, place));
        let written = shown(pattern);
        self.text.push_str(&match files.len() {
            0 => message!(self.language, "effective-none", pattern = written),
            _ => message!(self.language, "effective-include", pattern = written),
        });
        self.break_line();
        for ((file, refused), name) in files.iter().zip(refused).zip(names) {
            match (self.project.files.get(file).cloned(), refused, name) {
                (_, Some(why), Some(name)) => self.keep(&format!("include {name};"), place, &why, indent),
                (Some(source), ..) => {
                    self.mark("effective-begin", *file, indent);
                    self.file(&source, indent);
                    self.mark("effective-end", *file, indent);
                }
                (None, ..) => {}
            }
        }
        Ok(())
    }

    /// Why a file can't be put in place of an include.
    fn refusal(&self, file: FileId) -> Option<String> {
        let name = self.name(file);
        let Some(source) = self.project.files.get(&file) else { return Some(message!(self.language, "effective-unknown")) };
        if let Some(problem) = &source.problem {
            let problem = problem.message().say(self.language);
            return Some(message!(self.language, "effective-unread", file = name, problem = shown(&problem)));
        }
        if let Some(problem) = source.parse.problems.first() {
            let line = source.text.line_of(problem.span.start) + 1;
            return Some(message!(self.language, "effective-refused", at = format!("{name}:{line}")));
        }
        if self.reading.contains(&file) {
            return Some(message!(self.language, "effective-loop", file = name));
        }
        if self.reading.len() >= DEEPEST || self.text.len() + source.text.len() as usize > LARGEST {
            return Some(message!(self.language, "effective-too-much"));
        }
        None
    }

    /// The name by which nginx finds a file of a pattern; `None` where the folder is a pattern, too, or the name would need quotes.
    fn name_in(&self, pattern: &str, file: FileId) -> Option<String> {
        let path = self.project.vfs.path(file);
        let name = path.file_name()?.to_str()?;
        let folder = pattern.rsplit_once('/').map_or("", |(folder, _)| folder);
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./_-".contains(&byte));
        let slash = if pattern.contains('/') { "/" } else { "" };
        (plain(folder) && plain(name)).then(|| format!("{folder}{slash}{name}"))
    }

    /// A comment that names a file, with a link to it.
    fn mark(&mut self, id: &str, file: FileId, indent: &str) {
        let name = self.name(file);
        let start = self.text.len();
        self.comment(indent, &message!(self.language, id, file = name.as_str()));
        let line = self.text.get(start..).unwrap_or_default();
        if let Some(at) = line.find(&name) {
            let span = Span::new((start + at) as u32, (start + at + name.len()) as u32);
            self.links.push((span, Place { file, span: Span::at(0) }));
        }
    }

    fn comment(&mut self, indent: &str, words: &str) {
        self.break_line();
        self.text.push_str(indent);
        self.text.push_str("# ");
        self.text.push_str(words);
        self.text.push('\n');
    }

    fn name(&self, file: FileId) -> String {
        shown(&self.project.display_path(file))
    }

    fn is_at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with(['\n', '\r'])
    }

    fn break_line(&mut self) {
        // A lone CR breaks no line for nginx: a comment would go on behind it.
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
            self.text.push('\n');
        }
    }
}

/// What has to be known of a file before it is copied.
#[derive(Debug, Default)]
struct Parts {
    /// In the order of the text.
    includes: Vec<Arc<Directive>>,
    /// Words and Lua that have line breaks in them, in the order of the text.
    whole: Vec<Span>,
}

impl Parts {
    /// True inside of a word or of Lua.
    fn holds(&self, offset: u32) -> bool {
        let at = self.whole.partition_point(|span| span.start < offset);
        at.checked_sub(1).and_then(|at| self.whole.get(at)).is_some_and(|span| offset < span.end)
    }
}

/// Blocks are nested as deep as `syntax` follows them, and no deeper.
fn collect(directives: &[Arc<Directive>], out: &mut Parts) {
    for directive in directives {
        let words = std::iter::once(&directive.name).chain(&directive.args);
        // A word that breaks nowhere does no harm.
        out.whole.extend(words.map(|word| word.span).filter(|span| span.len() > 1));
        if let Body::Lua(code) = directive.body {
            out.whole.push(code);
        }
        if directive.is("include") && directive.args.len() == 1 && directive.body == Body::Simple {
            out.includes.push(directive.clone());
        }
        collect(directive.children(), out);
    }
}

/// In one line, nothing that a terminal obeys, and not too long.
fn shown(text: &str) -> String {
    let text: String = printable(text).replace(['\n', '\t'], " ");
    match text.char_indices().nth(NAME) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

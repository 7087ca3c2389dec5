//! A trace as a page of text: what is on it and what it means, without colours and without a terminal.

use super::describe::Teller;
use crate::message;
use crate::project::{FileId, Place};
use crate::routing::trace::{Condition, Hop, Step, StepKind, Trace, Way};

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// The place that it names: a link.
    pub place: Option<Place>,
}

/// How a piece of text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// What to read first.
    Strong,
    /// What can be skipped.
    Quiet,
    /// A file and a line.
    Path,
    /// An answer.
    Answer,
    /// Something that is not known, or goes wrong.
    Doubt,
}

/// A line of the page.
pub type Line = Vec<Piece>;

/// Ways beside the first that are written out; the rest is counted.
const MOST_WAYS: usize = 6;

/// Paths longer than this do not widen the column that all share.
const WIDEST: usize = 44;

/// What the page is of.
pub struct Page<'a> {
    /// For the sentences.
    pub teller: Teller<'a>,
    /// `GET http://example.com/x`
    pub title: &'a str,
    /// What was taken for granted.
    pub notes: &'a [String],
    /// The trace.
    pub trace: &'a Trace,
    /// How a file is called.
    pub name: &'a dyn Fn(FileId) -> String,
    /// The files that the trace names.
    files: Vec<FileId>,
}

fn piece(tone: Tone, text: impl Into<String>) -> Piece {
    Piece { text: text.into(), tone, place: None }
}

/// The lines as plain text, a line feed behind each.
pub fn plain(lines: &[Line]) -> String {
    lines.iter().flat_map(|line| line.iter().map(|piece| piece.text.as_str()).chain(["\n"])).collect()
}

/// Where [`plain`] names places: from and to, in bytes, and what is there.
pub fn links(lines: &[Line]) -> Vec<(u32, u32, Place)> {
    let mut links = Vec::new();
    let mut at = 0;
    for line in lines {
        for piece in line {
            let end = at + piece.text.len() as u32;
            links.extend(piece.place.map(|place| (at, end, place)));
            at = end;
        }
        at += 1;
    }
    links
}

impl<'a> Page<'a> {
    /// A page that is still to be written.
    pub fn new(teller: Teller<'a>, title: &'a str, notes: &'a [String], trace: &'a Trace, name: &'a dyn Fn(FileId) -> String) -> Page<'a> {
        let mut files = Vec::new();
        for hop in trace.ways.iter().flat_map(|way| &way.hops) {
            each_step(hop, &mut |step| files.extend(step.place.map(|place| place.file)));
        }
        files.sort_unstable();
        files.dedup();
        Page { teller, title, notes, trace, name, files }
    }

    /// The answer first, then every step of it, then the other ways.
    pub fn lines(&self) -> Vec<Line> {
        let language = self.teller.language;
        let mut out = vec![vec![piece(Tone::Strong, self.title)]];
        for note in self.notes {
            out.push(vec![piece(Tone::Quiet, format!("  {note}"))]);
        }
        out.push(Line::new());
        let Some(first) = self.trace.ways.first() else {
            out.push(vec![piece(Tone::Doubt, message!(language, "page-nothing"))]);
            return out;
        };
        for hop in &first.hops {
            out.push(self.answer(hop, ""));
        }
        let width = self.width();
        self.conditions(&first.conditions, &mut out);
        for (number, hop) in first.hops.iter().enumerate() {
            out.push(Line::new());
            self.hop(number, hop, 0, first.hops.len() > 1, width, &mut out);
        }
        let others: Vec<&Way> = self.trace.ways.iter().skip(1).collect();
        for way in others.iter().take(MOST_WAYS) {
            out.push(Line::new());
            self.other(first, way, width, &mut out);
        }
        if others.len() > MOST_WAYS || self.trace.gave_up {
            let rest = others.len().saturating_sub(MOST_WAYS);
            let text = match (rest, self.trace.gave_up) {
                (0, _) => message!(language, "page-more-unfollowed"),
                (rest, false) => message!(language, "page-more-ways", count = rest),
                (rest, true) => message!(language, "page-more-ways-unfollowed", count = rest),
            };
            out.extend([Line::new(), vec![piece(Tone::Doubt, text)]]);
        }
        out
    }

    /// `→ location /v1/ at nginx.conf:592: proxy_pass http://litellm → GET /v1/models`
    fn answer(&self, hop: &Hop, indent: &str) -> Line {
        let (config, language) = (self.teller.config, self.teller.language);
        let mut line = vec![piece(Tone::Answer, format!("{indent}→ "))];
        let place = match (hop.location, hop.server) {
            (Some(id), _) => Some((config.display_location(id), config.header(config.location(id).entry))),
            (None, Some(id)) if config.server(id).synthetic => {
                line.push(piece(Tone::Strong, format!("{}: ", config.say_server(language, id))));
                None
            }
            (None, Some(id)) => Some((config.display_server(id), config.header(config.server(id).entry))),
            (None, None) => None,
        };
        let answer = self.teller.answer(hop);
        if let Some((name, place)) = place {
            line.extend([piece(Tone::Strong, name), piece(Tone::Plain, message!(language, "page-at")), self.path(place)]);
            let end = if answer.is_empty() { "page-at-close" } else { "page-at-end" };
            line.push(piece(Tone::Plain, message!(language, end)));
        }
        line.push(piece(Tone::Strong, answer));
        line
    }

    fn conditions(&self, conditions: &[Condition], out: &mut Vec<Line>) {
        for condition in conditions {
            let language = self.teller.language;
            let text = message!(language, "page-provided", condition = condition.text.say(language));
            let mut line = vec![piece(Tone::Doubt, format!("  {text}"))];
            if let Some(place) = condition.place {
                line.extend([piece(Tone::Quiet, " ("), self.path(place), piece(Tone::Quiet, ")")]);
            }
            out.push(line);
        }
    }

    fn hop(&self, number: usize, hop: &Hop, from: usize, numbered: bool, width: usize, out: &mut Vec<Line>) {
        if numbered {
            let target = format!("{}  {} {}", number + 1, hop.method, hop.target.display());
            let host = match hop.host.is_empty() {
                true => String::new(),
                false => message!(self.teller.language, "page-host", host = hop.host.display()),
            };
            out.push(vec![piece(Tone::Strong, target), piece(Tone::Quiet, host)]);
        }
        let mut rest = hop.steps.get(from..).unwrap_or_default();
        while let Some(step) = rest.first() {
            if let Some((length, times)) = repeated(rest) {
                rest.iter().take(length).for_each(|step| self.step(hop, step, 1, width, out));
                let id = if length == 1 { "page-same-more" } else { "page-all-more" };
                let text = message!(self.teller.language, id, count = times - 1);
                out.push(vec![piece(Tone::Plain, " ".repeat(width + 4)), piece(Tone::Quiet, text)]);
                rest = rest.get(length * times..).unwrap_or_default();
            } else {
                self.step(hop, step, 1, width, out);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }

    fn step(&self, hop: &Hop, step: &Step, depth: usize, width: usize, out: &mut Vec<Line>) {
        // Of a server that is not written nothing is known: neither where it listens nor what it is called.
        let unwritten = hop.server.is_some_and(|id| self.teller.config.server(id).synthetic);
        if is_plain(step) || unwritten && matches!(step.kind, StepKind::Socket { .. } | StepKind::Server { .. }) {
            return;
        }
        let mut line = Line::new();
        match step.place {
            Some(place) => {
                let path = self.short(place);
                let fill = width.saturating_sub(path.text.chars().count());
                line.extend([piece(Tone::Plain, "  "), path, piece(Tone::Plain, " ".repeat(fill + 2))]);
            }
            None => line.push(piece(Tone::Plain, " ".repeat(width + 4))),
        }
        let sentence = self.teller.step(hop, step);
        let tone = match &step.kind {
            StepKind::Server { .. } | StepKind::Location { .. } | StepKind::Named { .. } | StepKind::Pass { .. } => Tone::Strong,
            StepKind::NoSocket { .. }
            | StepKind::HandshakeRejected
            | StepKind::BadRequest { .. }
            | StepKind::HeaderIgnored { .. }
            | StepKind::LocationUnknown { .. }
            | StepKind::Internal
            | StepKind::TooManyChanges
            | StepKind::Loop { .. }
            | StepKind::GaveUp { .. } => Tone::Doubt,
            _ => Tone::Plain,
        };
        line.push(piece(tone, format!("{}{}", "  ".repeat(depth - 1), sentence.what)));
        if !sentence.why.is_empty() {
            line.push(piece(Tone::Quiet, format!(" — {}", sentence.why)));
        }
        out.push(line);
        if let StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } = &step.kind {
            for step in &hop.steps {
                self.step(hop, step, depth + 1, width, out);
            }
        }
    }

    /// Another way: its conditions, where it ends, and the steps in which it differs from the first.
    fn other(&self, first: &Way, way: &Way, width: usize, out: &mut Vec<Line>) {
        let language = self.teller.language;
        let own: Vec<&Condition> = way.conditions.iter().filter(|condition| !first.conditions.contains(condition)).collect();
        for (index, condition) in own.iter().enumerate() {
            let text = condition.text.say(language);
            let text = match index {
                0 => message!(language, "page-but-if", condition = text),
                _ => format!("   {}", message!(language, "page-and", condition = text)),
            };
            let mut line = vec![piece(Tone::Doubt, text)];
            if let Some(place) = condition.place {
                line.extend([piece(Tone::Quiet, " ("), self.path(place), piece(Tone::Quiet, ")")]);
            }
            out.push(line);
        }
        if own.is_empty() {
            out.push(vec![piece(Tone::Doubt, message!(language, "page-or"))]);
        }
        let (hop, step) = divergence(first, way);
        for hop in way.hops.iter().skip(hop) {
            out.push(self.answer(hop, "  "));
        }
        for (number, it) in way.hops.iter().enumerate().skip(hop) {
            let from = if number == hop { step } else { 0 };
            self.hop(number, it, from, number > hop, width, out);
        }
    }

    fn path(&self, place: Place) -> Piece {
        let line = self.teller.project.line(place);
        Piece { text: format!("{}:{line}", (self.name)(place.file)), tone: Tone::Path, place: Some(place) }
    }

    /// In the column of the steps a file goes by its name alone where no other of the trace has that name: the answer says where it lies.
    fn short(&self, place: Place) -> Piece {
        let mut path = self.path(place);
        if let Some((folder, name)) = path.text.rsplit_once('/')
            && !self
                .files
                .iter()
                .any(|other| *other != place.file && (self.name)(*other).rsplit('/').next() == (self.name)(place.file).rsplit('/').next())
            && !folder.is_empty()
        {
            path.text = name.to_owned();
        }
        path
    }

    /// Of the column of paths.
    fn width(&self) -> usize {
        let mut width = 0;
        let mut look = |step: &Step| {
            if let Some(place) = step.place.filter(|_| !is_plain(step)) {
                let length = self.short(place).text.chars().count();
                width = width.max(if length > WIDEST { 0 } else { length });
            }
        };
        for hop in self.trace.ways.iter().flat_map(|way| &way.hops) {
            each_step(hop, &mut look);
        }
        width
    }
}

/// Steps of a hop and of the subrequests in it.
fn each_step(hop: &Hop, look: &mut impl FnMut(&Step)) {
    for step in &hop.steps {
        look(step);
        if let StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } = &step.kind {
            each_step(hop, look);
        }
    }
}

/// Says nothing that a person does not see in the request itself.
fn is_plain(step: &Step) -> bool {
    match &step.kind {
        StepKind::Normalized { from, uri, args, .. } => from == uri && args.is_empty(),
        _ => false,
    }
}

/// The length of what begins the steps and comes again right behind itself, and how often it is there; from three times on.
fn repeated(steps: &[Step]) -> Option<(usize, usize)> {
    const LONGEST: usize = 12;

    (1..=LONGEST.min(steps.len() / 3)).find_map(|length| {
        let (first, _) = steps.split_at_checked(length)?;
        let times = steps.chunks_exact(length).take_while(|chunk| *chunk == first).count();
        (times > 2).then_some((length, times))
    })
}

/// Where a way leaves another: the hop and the step in it.
fn divergence(first: &Way, way: &Way) -> (usize, usize) {
    let hop = first.hops.iter().zip(&way.hops).take_while(|(a, b)| a == b).count();
    let hop = hop.min(way.hops.len().saturating_sub(1));
    let step = match (first.hops.get(hop), way.hops.get(hop)) {
        (Some(a), Some(b)) => a.steps.iter().zip(&b.steps).take_while(|(a, b)| a == b).count(),
        _ => 0,
    };
    (hop, step)
}

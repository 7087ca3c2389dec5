//! What a rule found.

use serde::Serialize;

use crate::message;
use crate::messages::{Language, Message};
use crate::project::Place;
use crate::project::paths::Evidence;
use crate::project::settings::Level;
use crate::text::Span;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; shown discreetly.
    Hint,
    /// Worth a look.
    Info,
    /// Probably wrong.
    Warning,
    /// nginx won't start, or requests fail.
    Error,
}

impl Severity {
    /// The severity of a level; `None` for `off`.
    pub fn from_level(level: Level) -> Option<Severity> {
        match level {
            Level::Off => None,
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Follows from nginx's own rules and the files read.
    Proven,
    /// The evidence says so; what would make it false is named in the notes.
    Likely,
    /// To check.
    Hint,
}

/// How an editor may draw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Faded out.
    Unnecessary,
    /// Struck through.
    Deprecated,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What to underline.
    pub place: Place,
    /// One sentence: what is wrong, with the names that a person knows.
    pub message: String,
    /// Other places and why they matter; evidence; what to do.
    pub related: Vec<Related>,
    /// How an editor may draw it.
    pub tags: Vec<Tag>,
    /// What can be done, the best first.
    pub fixes: Vec<Fix>,
    /// The place of the finding, of the same rule, that tells of this one too: both have one cause. Each is shown where it stands in an
    /// editor; a list for people has the one.
    pub part_of: Option<Place>,
}

/// Something beside a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where; `None` for a note without a place.
    pub place: Option<Place>,
    /// Why it matters.
    pub message: String,
}

/// What would make a finding false: where, when there is a place, and why.
pub type Doubt = (Option<Place>, Message);

/// What would make one finding false: the first ones, and how many there are.
///
/// Each of many findings may be in doubt for the same many reasons: those that are only counted are never made.
#[derive(Debug, Default)]
pub struct Doubts {
    told: Vec<Doubt>,
    count: usize,
}

impl Doubts {
    /// More of them are counted.
    const TOLD: usize = 3;

    /// Adds some; `count` is how many there are, and no more of them are asked for than are told.
    pub fn add(&mut self, count: usize, doubts: impl IntoIterator<Item = Doubt>) {
        self.count += count;
        self.told.extend(doubts.into_iter().take(Doubts::TOLD - self.told.len()));
    }

    /// True when nothing would make the finding false.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first of them.
    pub fn into_first(self) -> Option<Doubt> {
        self.told.into_iter().next()
    }
}

impl Extend<Doubt> for Doubts {
    fn extend<T: IntoIterator<Item = Doubt>>(&mut self, doubts: T) {
        doubts.into_iter().for_each(|doubt| self.add(1, [doubt]));
    }
}

/// Something that can be done about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The menu entry.
    pub title: String,
    /// True when nothing that works today can stop working by it.
    pub safe: bool,
    /// What it does.
    pub action: FixAction,
}

/// What a fix does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixAction {
    /// Comment out the directive (with its block) at this place.
    CommentOut(Place),
    /// Comment out the directives at all of these places.
    CommentOutAll(Vec<Place>),
    /// Replace text.
    Edit(Vec<(Place, String)>),
}

impl Finding {
    /// A finding without notes, tags or fixes.
    pub fn new(rule: &'static str, severity: Severity, confidence: Confidence, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity,
            confidence,
            place,
            message: message.into(),
            related: Vec::new(),
            tags: Vec::new(),
            fixes: Vec::new(),
            part_of: None,
        }
    }

    /// Adds a note with a place.
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Finding {
        self.related.push(Related { place: Some(place), message: message.into() });
        self
    }

    /// Adds a note without a place.
    pub fn note(mut self, message: impl Into<String>) -> Finding {
        self.related.push(Related { place: None, message: message.into() });
        self
    }

    /// Adds a note with a place or without, that was made where the language was not known.
    pub fn says(mut self, language: Language, place: Option<Place>, message: &Message) -> Finding {
        self.related.push(Related { place, message: message.say(language) });
        self
    }

    /// Adds what led to it.
    pub fn evidence<'a>(self, language: Language, all: impl IntoIterator<Item = &'a Evidence>) -> Finding {
        all.into_iter().fold(self, |finding, evidence| finding.says(language, evidence.place, &evidence.message))
    }

    /// Adds doubts, as notes with a place or without; those that are not told are counted by the message `more` (with its `count`).
    pub fn doubts(mut self, language: Language, doubts: Doubts, more: &'static str) -> Finding {
        let id = more;
        let more = doubts.count.saturating_sub(doubts.told.len());
        self.related.extend(doubts.told.iter().map(|(place, message)| Related { place: *place, message: message.say(language) }));
        if more > 0 {
            self = self.note(message!(language, id, count = more));
        }
        self
    }

    /// Makes it a part of what another finding tells.
    pub fn part_of(mut self, place: Place) -> Finding {
        self.part_of = Some(place);
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: Tag) -> Finding {
        self.tags.push(tag);
        self
    }

    /// Adds a fix.
    pub fn fix(mut self, fix: Fix) -> Finding {
        self.fixes.push(fix);
        self
    }

    /// The span that is underlined.
    pub fn span(&self) -> Span {
        self.place.span
    }
}

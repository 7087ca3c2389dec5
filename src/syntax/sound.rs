//! What is known of a directive beside its words, and moves with them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Which reading of a text a directive comes from, and which of its directives it is: it stays with a directive that is taken over from an
/// earlier parse, with all that is in it. Where two have the same one, they say the same, byte by byte, wherever they stand now.
///
/// It says nothing of the directive: all are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin {
    /// 0 for what no text was read for.
    reading: u32,
    number: u32,
}

impl Origin {
    /// The first of a new reading.
    pub(super) fn of_new_reading() -> Origin {
        static READINGS: AtomicU32 = AtomicU32::new(1);
        // The number would come again after as many readings as a text is typed in years without a pause. 0 means that nothing is known.
        Origin { reading: READINGS.fetch_add(1, Ordering::Relaxed), number: 0 }
    }

    /// This one, and the next is the next.
    pub(super) fn take(&mut self) -> Origin {
        let this = *self;
        self.number += 1;
        this
    }

    /// Do both say the same, with all that is in them? False where that is not known.
    pub fn is_same(self, other: Origin) -> bool {
        self.reading != 0 && (self.reading, self.number) == (other.reading, other.number)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Origin) -> bool {
        true
    }
}

impl Eq for Origin {}

/// What is asked of a directive's words, and follows from them and the context alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Does nginx take each of them?
    Values,
    /// Are there as many as it takes, and does the directive end as it must?
    Count,
}

/// For which contexts it is known that nothing about a directive's words is wrong there. Whoever looks at all words of a configuration notes
/// it here, and after the next keystroke looks only at those that are new.
///
/// It says nothing of the directive: all are equal, and what is not noted is only looked at again.
#[derive(Debug, Default)]
pub struct Sound(AtomicU64);

impl Question {
    /// The questions, as bits.
    const ALL: [Question; 2] = [Question::Values, Question::Count];

    /// Its own among these.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Sound {
    /// For which questions it has been noted so far for this number: a [bit](Question::bit) for each. None for numbers from 32 on.
    pub fn noted(&self, context: u8) -> u8 {
        let noted = self.0.load(Ordering::Relaxed);
        Question::ALL.iter().filter(|question| noted & bit(**question, context) != 0).fold(0, |bits, question| bits | question.bit())
    }

    /// Notes it; nothing is noted for numbers from 32 on.
    pub fn note(&self, question: Question, context: u8) {
        self.0.fetch_or(bit(question, context), Ordering::Relaxed);
    }
}

fn bit(question: Question, context: u8) -> u64 {
    if context < 32 { 1 << (u32::from(context) + 32 * question as u32) } else { 0 }
}

impl Clone for Sound {
    fn clone(&self) -> Sound {
        Sound(AtomicU64::new(self.0.load(Ordering::Relaxed)))
    }
}

impl PartialEq for Sound {
    fn eq(&self, _: &Sound) -> bool {
        true
    }
}

impl Eq for Sound {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_context_has_its_own() {
        let sound = Sound::default();
        sound.note(Question::Count, 3);
        sound.note(Question::Values, 40);
        let copy = sound.clone();
        let has = |question: Question, context| copy.noted(context) & question.bit() != 0;
        assert!(has(Question::Count, 3) && !has(Question::Values, 3) && !has(Question::Count, 2) && !has(Question::Values, 40));
        assert_eq!(copy, Sound::default());
    }
}

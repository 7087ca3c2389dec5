//! What is known of a directive beside its words, and moves with them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Which reading of a text a directive comes from, and which of its directives it is: it stays with a directive that is taken over from an
/// earlier parse, with all that is in it. Where two have the same one, they say the same, byte by byte, wherever they stand now.
///
/// It says nothing of the directive: all are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin {
    /// 0 for what no text was read for.
    reading: u64,
    number: u32,
}

impl Origin {
    /// The first of a new reading.
    pub(super) fn of_new_reading() -> Origin {
        static READINGS: AtomicU64 = AtomicU64::new(1);
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

/// For which contexts it is known that nothing about a directive's words is wrong there. Whoever looks at all words of a configuration notes
/// it here, and after the next keystroke looks only at those that are new.
///
/// It says nothing of the directive: all are equal, and what is not noted is only looked at again.
#[derive(Debug, Default)]
pub struct Sound(AtomicU32);

impl Sound {
    /// Has it been noted for this number (below 32)?
    pub fn is_noted(&self, context: u8) -> bool {
        self.0.load(Ordering::Relaxed) & bit(context) != 0
    }

    /// Notes it; nothing is noted for numbers from 32 on.
    pub fn note(&self, context: u8) {
        self.0.fetch_or(bit(context), Ordering::Relaxed);
    }
}

fn bit(context: u8) -> u32 {
    1u32.checked_shl(u32::from(context)).unwrap_or(0)
}

impl Clone for Sound {
    fn clone(&self) -> Sound {
        Sound(AtomicU32::new(self.0.load(Ordering::Relaxed)))
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
        sound.note(3);
        sound.note(40);
        let copy = sound.clone();
        assert!(copy.is_noted(3) && !copy.is_noted(2) && !copy.is_noted(40));
        assert_eq!(copy, Sound::default());
    }
}

//! Work that one thread does at a time, and for which others wait only as long as they want its result.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often who waits asks whether it is still worth it.
const ASKS: Duration = Duration::from_millis(20);

/// The right to do the work.
#[derive(Debug, Default)]
pub struct Turn {
    taken: Mutex<bool>,
    free: Condvar,
}

/// Held while the work is done.
#[derive(Debug)]
pub struct Taken<'a>(&'a Turn);

impl Turn {
    /// Waits until nobody else is at it. `None` as soon as `is_over` says that nobody wants the result any more.
    pub fn take(&self, is_over: impl Fn() -> bool) -> Option<Taken<'_>> {
        let mut taken = self.lock();
        while *taken {
            if is_over() {
                return None;
            }
            taken = self.free.wait_timeout(taken, ASKS).map_or_else(|error| error.into_inner().0, |(taken, _)| taken);
        }
        if is_over() {
            return None;
        }
        *taken = true;
        Some(Taken(self))
    }

    /// True while somebody is at it.
    pub fn is_taken(&self) -> bool {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_at_a_time() {
        let (turn, inside, done) = (Turn::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let taken = turn.take(|| false);
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        done.fetch_add(1, Ordering::SeqCst);
                        drop(taken);
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 800);
        assert!(!turn.is_taken());
    }

    #[test]
    fn who_does_not_want_it_any_more_goes() {
        let (turn, is_over) = (Turn::default(), AtomicBool::new(false));
        let held = turn.take(|| false);
        assert!(held.is_some() && turn.is_taken());
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| turn.take(|| is_over.load(Ordering::Relaxed)).is_none());
            is_over.store(true, Ordering::Relaxed);
            assert!(waits.join().expect("no panic"));
        });
        drop(held);
        assert!(turn.take(|| true).is_none() && turn.take(|| false).is_some());
    }

    #[test]
    fn a_panic_gives_it_back() {
        let turn = Turn::default();
        let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _taken = turn.take(|| false);
            panic!("on purpose");
        }));
        assert!(panics.is_err() && turn.take(|| false).is_some());
    }
}

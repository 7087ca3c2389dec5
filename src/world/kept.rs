//! What is kept from one state of a configuration to the next, with how the states compare.

use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Unchanged;

/// Something that was worked out for an earlier state, and how the present one compares to that.
#[derive(Debug)]
pub(super) struct Before<T: ?Sized> {
    pub value: Arc<T>,
    pub unchanged: Arc<Unchanged>,
}

impl<T: ?Sized> Before<T> {
    /// For the next state: what was made for this one, else what is known of an earlier one.
    pub fn next(made: Option<Arc<T>>, earlier: Option<&Before<T>>, unchanged: &Arc<Unchanged>) -> Option<Before<T>> {
        match (made, earlier) {
            (Some(value), _) => Some(Before { value, unchanged: unchanged.clone() }),
            (None, Some(earlier)) => Some(Before { value: earlier.value.clone(), unchanged: Arc::new(earlier.unchanged.then(unchanged)) }),
            (None, None) => None,
        }
    }
}

/// What is kept of each server ([`ByServer`](crate::config::ByServer)): one thing of each type.
#[derive(Debug, Default)]
pub(super) struct Kept {
    earlier: FxHashMap<TypeId, Before<dyn Any + Send + Sync>>,
    now: Mutex<FxHashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Kept {
    /// For the next state.
    pub fn after(previous: &Kept, unchanged: &Arc<Unchanged>) -> Kept {
        let made = previous.now.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds: FxHashSet<TypeId> = made.keys().chain(previous.earlier.keys()).copied().collect();
        let next = |kind: &TypeId| Before::next(made.get(kind).cloned(), previous.earlier.get(kind), unchanged);
        let earlier = kinds.into_iter().filter_map(|kind| Some((kind, next(&kind)?))).collect();
        Kept { earlier, now: Mutex::default() }
    }

    /// What is known of an earlier state, and how that compares to this one.
    pub fn earlier<T: Any + Send + Sync>(&self) -> Option<(Arc<T>, &Unchanged)> {
        let before = self.earlier.get(&TypeId::of::<T>())?;
        Some((before.value.clone().downcast().ok()?, &before.unchanged))
    }

    /// Keeps it for the next state.
    pub fn keep<T: Any + Send + Sync>(&self, value: Arc<T>) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), value);
    }
}

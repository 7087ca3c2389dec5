//! What else is known of directives, one thing for each of their names.

use std::sync::OnceLock;

use super::directives;

/// Something for each name that a directive has, made when it is first asked for. A configuration has a few dozen of more than a thousand
/// names: the others cost a pointer each.
#[derive(Debug)]
pub(super) struct ByName<T>(OnceLock<Box<[OnceLock<Box<T>>]>>);

impl<T> ByName<T> {
    pub(super) const fn new() -> ByName<T> {
        ByName(OnceLock::new())
    }

    /// What there is of a name; `None` for one that no directive has.
    pub(super) fn get(&self, name: &str, make: impl FnOnce() -> T) -> Option<&T> {
        let all = self.0.get_or_init(|| std::iter::repeat_with(OnceLock::new).take(directives::count()).collect());
        Some(all.get(directives::number(name)?)?.get_or_init(|| Box::new(make())))
    }
}

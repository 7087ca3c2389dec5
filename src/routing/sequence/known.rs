//! What variables can have at one point of a sequence, with a way back to before an `if`.

use rustc_hash::FxHashMap;

use super::values::Values;

/// Of variables that were asked for or set, what they can have, by their names in small letters: nginx does not tell `$A` from `$a`.
///
/// A copy for each `if` of a block would be as many copies of as many values: what changes behind [`Known::enter`] is written down, and
/// [`Known::take_back`] undoes it.
#[derive(Default)]
pub(super) struct Known {
    values: FxHashMap<String, Values>,
    forgotten: bool,
    /// What there was before each change, as long as somebody may want it back.
    before: Vec<Change>,
    /// How many changes there were where each branch began.
    branches: Vec<usize>,
}

enum Change {
    Value(String, Option<Values>),
    Forgot(FxHashMap<String, Values>, bool),
}

/// What a branch left, beside what was there before it.
pub(super) struct Left {
    /// Of the variables that it changed.
    pub values: FxHashMap<String, Values>,
    /// Code that is not seen ran in it: all others can have anything.
    pub forgot: bool,
}

impl Known {
    /// What is known of a variable, or `initial` where nothing is: that is known from here on.
    pub fn value(&mut self, variable: &str, initial: impl FnOnce(bool) -> Values) -> Values {
        if let Some(known) = self.values.get(variable) {
            return known.clone();
        }
        let value = initial(self.forgotten);
        self.set(variable, value.clone());
        value
    }

    /// A variable has this from here on.
    pub fn set(&mut self, variable: &str, value: Values) {
        let before = self.values.insert(variable.to_owned(), value);
        if !self.branches.is_empty() {
            self.before.push(Change::Value(variable.to_owned(), before));
        }
    }

    /// Code that is not seen ran: any variable can have anything.
    pub fn forget(&mut self) {
        let before = std::mem::take(&mut self.values);
        if !self.branches.is_empty() {
            self.before.push(Change::Forgot(before, self.forgotten));
        }
        self.forgotten = true;
    }

    /// A branch begins.
    pub fn enter(&mut self) {
        self.branches.push(self.before.len());
    }

    /// The branch that began last holds for every request.
    pub fn keep(&mut self) {
        self.branches.pop();
        if self.branches.is_empty() {
            self.before.clear();
        }
    }

    /// Everything is as it was where the branch began.
    pub fn take_back(&mut self) -> Left {
        let start = self.branches.pop().unwrap_or_default();
        let changes = self.before.split_off(start.min(self.before.len()));
        let forgot = changes.iter().any(|change| matches!(change, Change::Forgot(..)));
        let mut left = Left { values: FxHashMap::default(), forgot };
        if forgot {
            left.values = std::mem::take(&mut self.values);
        }
        for change in changes.into_iter().rev() {
            match change {
                Change::Value(variable, before) => {
                    let now = match before {
                        Some(before) => self.values.insert(variable.clone(), before),
                        None => self.values.remove(&variable),
                    };
                    // Of several changes the last one counts, which is undone first.
                    if let Some(now) = now.filter(|_| !forgot) {
                        left.values.entry(variable).or_insert(now);
                    }
                }
                Change::Forgot(before, forgotten) => (self.values, self.forgotten) = (before, forgotten),
            }
        }
        left
    }
}

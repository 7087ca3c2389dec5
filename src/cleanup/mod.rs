//! Comment out, restore: text edits and the plan that a person reads.

//! What nginx itself knows. Data and look-ups; depends on nothing.

pub mod context;
pub mod directives;
pub mod files;
pub mod handlers;
pub mod merging;
pub mod parameters;
pub mod summaries;
pub mod values;
pub mod variables;

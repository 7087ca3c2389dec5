//! What nginx itself knows. Data and look-ups; depends on nothing.

pub mod directives;
pub mod files;
pub mod handlers;
pub mod merging;
pub mod variables;

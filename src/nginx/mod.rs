//! What nginx itself knows. Data and look-ups; depends on nothing.

pub mod files;
pub mod directives;

//! Editor features as plain data and byte offsets. No LSP types.

pub mod actions;
mod answer;
pub mod complete;
pub mod effective;
pub mod findings;
pub mod folding;
pub mod format;
pub mod highlight;
pub mod hints;
pub mod hover;
pub mod lens;
mod lines;
pub mod links;
pub mod map;
pub mod names;
pub mod navigate;
pub mod present;
pub mod rename;
pub mod report;
pub mod routes;
pub mod selection;
mod shallow;
pub mod signature;
pub mod symbols;
pub mod tokens;
pub mod trace;

pub use actions::{Action, ActionKind, actions};
pub use complete::complete;
pub use hover::{Hover, hover};
pub use navigate::{definition, references};

//! Editor features as plain data and byte offsets. No LSP types.

pub mod actions;
mod answer;
pub mod complete;
pub mod effective;
pub mod findings;
pub mod hints;
pub mod hover;
pub mod lens;
pub mod map;
pub mod navigate;
pub mod report;
pub mod routes;
pub mod signature;
pub mod trace;

pub use actions::{Action, ActionKind, actions};
pub use complete::complete;
pub use hover::{Hover, hover};
pub use navigate::{definition, references};

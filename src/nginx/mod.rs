//! What nginx itself knows. Data and look-ups; depends on nothing.

mod by_name;
pub mod case;
pub mod context;
pub mod deprecated;
pub mod directives;
pub mod files;
pub mod flavours;
pub mod foreign;
pub mod handlers;
pub mod http;
pub mod merging;
pub mod parameters;
pub mod refusals;
pub mod repeats;
mod rows;
pub mod summaries;
pub mod templates;
pub mod usual;
pub mod values;
pub mod variables;
pub mod version;

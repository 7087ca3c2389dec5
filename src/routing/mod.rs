//! How nginx takes a request from the socket to the handler: pure, verified against the real server.
//!
//! [`uri`] normalises a request target, [`server`] picks the server, [`location`] the location; [`language`] is the regular
//! part of PCRE as sets of URIs, and [`reach`] uses it to prove that a location can't be reached.

pub mod language;
pub mod location;
pub mod pattern;
mod pcre;
pub mod reach;
pub mod server;
pub mod uri;

pub use language::{UriSet, Witness};
pub use location::{Choice, Router, Step};
pub use server::{NameConflict, Socket};

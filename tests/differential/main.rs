//! Routing against a real nginx (recorded answers, and a server that is started here), automata against PCRE2, proofs against
//! the router.

mod cases;
mod fallbacks;
mod languages;
mod live;
mod proofs;
mod refusals;
mod removal;
mod sent;
mod support;

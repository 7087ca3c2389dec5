//! Routing against a real nginx (recorded answers, and a server that is started here), automata against PCRE2, proofs against
//! the router.

mod backend;
mod cases;
mod dead;
mod doors;
mod facts;
mod fallbacks;
mod fuzz;
mod languages;
mod live;
mod logs;
mod missing;
mod modules;
mod names;
mod proofs;
mod random;
mod real;
mod refusals;
mod removal;
mod safe;
mod sent;
mod sequence;
mod servers;
mod support;
mod told;
mod unused;
mod validation;
mod values;
mod words;

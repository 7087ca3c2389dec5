//! Routing against a real nginx: recorded answers, and a server that is started here.

mod cases;
mod live;
mod support;

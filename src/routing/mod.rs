//! How nginx takes a request from the socket to the handler: pure, verified against the real server.
//!
//! [`uri`] normalises a request target, [`server`] picks the server, [`location`] the location; [`language`] is the regular
//! part of PCRE as sets of URIs, and [`reach`] uses it to prove that a location can't be reached; [`doors`] does so over the URIs that
//! can come in. [`sequence`] says what is certain about the `set`s, `if`s, `rewrite`s and `return`s that a block runs, [`values`]
//! evaluates `map` and its like, and [`trace`] follows a request through all of it.

pub mod doors;
mod example;
mod guess;
pub mod hosts;
mod index;
pub mod language;
pub mod location;
pub mod pattern;
mod pcre;
pub mod reach;
pub mod sequence;
pub mod server;
pub mod takers;
pub mod trace;
pub mod uri;
pub mod values;

pub use language::{UriSet, Witness};
pub use location::{Choice, Router, Step};
pub use server::{NameConflict, Socket};

#[cfg(test)]
pub(crate) mod testing {
    use std::path::Path;
    use std::sync::Arc;

    use super::Router;
    use crate::config::Config;
    use crate::project::settings::Settings;
    use crate::project::{Parses, Project, Vfs};
    use crate::text::Text;

    /// A configuration of one text, with its router.
    pub(crate) fn load(text: &str) -> (Config, Router) {
        let (_, config, router) = load_project(text);
        (config, router)
    }

    /// The same, with the project.
    pub(crate) fn load_project(text: &str) -> (Project, Config, Router) {
        let path = Path::new("/in-memory/nginx.conf");
        let mut vfs = Vfs::default();
        let file = vfs.id(path);
        vfs.open(file, Text::new(text));
        let project =
            Project::load(vfs, Path::new("/in-memory"), Arc::new(Settings::default()), &[path.to_path_buf()], &mut Parses::default());
        let config = Config::build(&project, &project.roots[0]);
        let router = Router::build(&config);
        (project, config, router)
    }
}

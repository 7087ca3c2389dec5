//! A configuration from a text, and the shared material.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::config::{Config, LocationId};
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::{Parses, Project, Vfs};
use nginx_analyzer::routing::Router;
use nginx_analyzer::text::Text;

/// A configuration and what was made of it.
pub struct Loaded {
    pub project: Project,
    pub config: Config,
    pub router: Router,
}

/// Loads one text as a whole configuration.
pub fn load(text: &str) -> Loaded {
    let path = Path::new("/work-in-memory/nginx.conf");
    let mut vfs = Vfs::default();
    let file = vfs.id(path);
    vfs.open(file, Text::new(text));
    let project =
        Project::load(vfs, Path::new("/work-in-memory"), Arc::new(Settings::default()), &[path.to_path_buf()], &mut Parses::default());
    let config = Config::build(&project, &project.roots[0]);
    let router = Router::build(&config);
    Loaded { project, config, router }
}

impl Loaded {
    /// The line of a location, 1-based.
    pub fn line(&self, location: LocationId) -> u32 {
        let place = self.config.place(self.config.location(location).entry);
        self.project.text(place.file).line_of(place.span.start) + 1
    }
}

/// A folder of the shared material; says so when it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Where to begin; each configuration has a seed of its own, which a difference names.
pub const SEED: &str = "NGINX_ANALYZER_FUZZ_SEED";
/// How many times as many as usual.
const TIMES: &str = "NGINX_ANALYZER_FUZZ_TIMES";

/// A number that somebody gave by hand.
pub fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

/// The seeds of a test that usually takes so many: from 0 on, or other ones and more of them by hand.
pub fn seeds(usual: u64) -> Range<u64> {
    let first = number(SEED).unwrap_or(0);
    first..first + usual * number(TIMES).unwrap_or(1)
}

/// Numbers that look random and are the same in every run (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }

    /// One of them.
    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

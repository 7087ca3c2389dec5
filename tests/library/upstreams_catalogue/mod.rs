//! The catalogue of known images against what is recorded of them.
//!
//! `cases.toml` says for every product what a gateway in front of it may send, by the recorded facts; `facts.rs` holds the facts
//! themselves beside the catalogue, where they are here.

mod cases;
mod facts;
mod guide;

use nginx_analyzer::rules;
use nginx_analyzer::world::World;

use crate::common;

/// What tells of it: the second where only a prefix is wrong.
const RULES: [&str; 2] = ["upstream-lacks-route", "uri-stripped"];

/// A backend as a compose file has it, and the URIs that a gateway sends.
#[derive(Debug, Default)]
pub struct Gateway<'a> {
    pub image: String,
    pub port: u16,
    pub service: &'a str,
    pub files: Vec<(&'a str, &'a str)>,
    pub uris: Vec<String>,
}

impl Gateway<'_> {
    /// The URIs that are said not to be served. One that ends in `/` stands for all below it.
    pub fn lacking(&self) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut fixture = String::from("events {}\nhttp { server { listen 80;\n");
        for uri in &self.uris {
            let modifier = if uri.len() > 1 && uri.ends_with('/') { "" } else { "= " };
            fixture += &format!("location {modifier}\"{uri}\" {{ proxy_pass http://backend:{}; }}\n", self.port);
        }
        fixture += &format!("}} }}\n#- /compose.yaml\nservices:\n  backend:\n    image: {}\n", self.image);
        fixture.extend(self.service.lines().map(|line| format!("    {line}\n")));
        fixture.extend(self.files.iter().map(|(path, text)| format!("#- /{path}\n{text}\n")));
        common::write_fixture(folder.path(), &fixture);
        let analysis = World::open(&folder.path().canonicalize().expect("it is there"), Vec::new()).analysis();
        let text = &fixture[..fixture.find("#- /").unwrap_or(fixture.len())];
        let line = |start: u32| text[..start as usize].matches('\n').count();
        let found = rules::check(&analysis).into_iter().filter(|finding| RULES.contains(&finding.rule));
        found.map(|finding| self.uris[line(finding.place.span.start) - 2].clone()).collect()
    }
}

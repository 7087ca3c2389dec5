//! How much is done again after a keystroke: counted, not timed.

use std::path::Path;
use std::sync::Arc;

use nginx_analyzer::config::RestsOn;
use nginx_analyzer::project::FileId;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::rules;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;

const FOLDER: &str = "/nowhere/at/all";
const SERVERS: usize = 150;

/// A gateway of 150 files beside another of one file, all open in an editor; and the eighth of the files.
fn world() -> (World, FileId) {
    let folder = Path::new(FOLDER);
    let mut includes = String::new();
    let mut texts = Vec::new();
    for number in 0..SERVERS {
        includes.push_str(&format!("include {number}.conf;\n"));
        let server = format!(
            "server {{\n  listen {};\n  location ~ ^/a/{number} {{ return 204; }}\n  location /a/{number}/ {{ }}\n}}\n",
            1000 + number
        );
        texts.push((folder.join(format!("{number}.conf")), server));
    }
    texts.push((folder.join("nginx.conf"), format!("events {{}}\nhttp {{\n{includes}}}\n")));
    texts.push((folder.join("other/nginx.conf"), "events {}\nhttp { server { listen 9; location / { } } }\n".to_owned()));
    let entries = [folder.join("nginx.conf"), folder.join("other/nginx.conf")];
    let mut world = World::new(folder, entries.to_vec(), Settings::default());
    for (path, text) in texts {
        let file = world.vfs().id(&path);
        world.set_text(file, Text::new(&text));
    }
    let file = world.vfs().id(&folder.join("8.conf"));
    (world, file)
}

#[test]
fn an_edit_proves_one_server_again() {
    let (mut world, file) = world();
    let before = world.analysis();
    assert_eq!(before.views().map(|view| view.servers_proven()).collect::<Vec<_>>(), [SERVERS, 1]);
    assert_eq!(rules::check(&before).iter().filter(|finding| finding.rule == "dead-location").count(), SERVERS);
    /// Something of a server.
    struct Something;
    let worked_out = |analysis: &nginx_analyzer::world::Analysis| {
        let view = analysis.views().next().expect("two configurations");
        let something = view.by_server(RestsOn::Surroundings, (), |_| Something).made();
        (view.sequences().walked(), view.redundant().servers_looked_at(), something)
    };
    assert_eq!(worked_out(&before), (SERVERS, SERVERS, SERVERS), "all that is known at first is worked out");
    let (parsed, asked) = (world.parsed(), world.vfs().asked());

    // A name of a location: its file's parse is edited, one configuration is built again, one server is proven again.
    let text = before.project.text(file);
    let at = text.to_str().find("/ {").expect("the prefix location") as u32;
    assert!(world.edit(file, Span::at(at), "x"));
    let after = world.analysis();
    assert_eq!(world.parsed(), parsed);
    rules::check(&after);
    assert_eq!(worked_out(&after), (1, 1, 1), "what follows from a server is worked out again for this one");
    assert_eq!(
        after.views().map(|view| view.servers_proven()).collect::<Vec<_>>(),
        [1, 1],
        "the other configuration's are those of before"
    );
    assert!(!Arc::ptr_eq(&before.configs[0], &after.configs[0]) && Arc::ptr_eq(&before.configs[1], &after.configs[1]));
    assert_eq!(rules::check(&after).iter().filter(|finding| finding.rule == "dead-location").count(), SERVERS);
    let router = |analysis: &nginx_analyzer::world::Analysis| analysis.views().nth(1).map(|view| std::ptr::from_ref(view.router()));
    let lua = |analysis: &nginx_analyzer::world::Analysis| analysis.views().nth(1).map(|view| std::ptr::from_ref(view.lua()));
    assert_eq!((router(&before), lua(&before)), (router(&after), lua(&after)), "what was derived of it stays with it");

    // A comment: nothing is proven again, also where the edit before was never checked.
    assert!(world.edit(file, Span::at(0), "# typed\n"));
    world.analysis();
    assert!(world.edit(file, Span::at(0), "# typed\n"));
    let last = world.analysis();
    assert_eq!(last.views().next().map(|view| view.servers_proven()), Some(0));
    assert_eq!(worked_out(&last), (0, 0, 0), "nor is anything else worked out again");
    assert_eq!(world.vfs().asked(), asked, "a keystroke asks the disk nothing");
}

#[test]
fn what_lies_around_is_looked_at_again_when_it_changes() {
    let (mut world, _) = world();
    let before = world.analysis();
    let lua = |analysis: &nginx_analyzer::world::Analysis| analysis.views().nth(1).map(|view| std::ptr::from_ref(view.lua()));
    let known = lua(&before);
    let compose = world.vfs().id(&Path::new(FOLDER).join("compose.yml"));
    world.set_text(compose, Text::new("services: {}\n"));
    let after = world.analysis();
    assert_ne!(lua(&after), known);
    assert!(Arc::ptr_eq(&before.configs[1], &after.configs[1]));
}

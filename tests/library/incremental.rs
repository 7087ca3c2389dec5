//! Whatever was done to a workspace's texts before, what is known of it is what a new one finds.

use std::fs;

use nginx_analyzer::project::FileId;
use nginx_analyzer::rules;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;
use proptest::collection::vec;
use proptest::prelude::*;

const NAMES: [&str; 2] = ["nginx.conf", "part.conf"];

const TEXTS: [&str; 9] = [
    "events {}\nhttp {\n include part.conf;\n server { listen 81; location ~ ^/ { } location ~ ^/a { } }\n}\n",
    "server {\n listen 80;\n location ~ ^/ { return 200; }\n location ~ ^/b { return 201; }\n}\n",
    "events {}\nhttp { server { location / { return 200 \"x\"; } location /c { } } include part.conf; }\n",
    "events {}\nhttp {\n root /w;\n server { listen 80; location / { proxy_pass http://b; } location /a { proxy_pass http://b; } }\n \
     server { listen 81; set $a 0; if ($a) { return 403; } location /c { rewrite ^/c/ /d; rewrite ^/d /e; } }\n \
     server { listen 82; location /x { } location /x/y { } location ~ ^/r(.)$ { return 200 $1; } }\n}\n",
    "server {\n listen 83; set $b 1; location /p { add_header A 1; if ($b = 2) { return 404; } } location /p/q { add_header A 1; }\n}\n\
     server {\n listen 84; return 301 /k; location /k { proxy_pass http://c; } location = /k { proxy_pass http://c; }\n}\n",
    "events {}\nhttp {\n add_header X-Frame-Options A; proxy_set_header B 2; upstream u { server 127.0.0.1:1; } upstream w { server 127.0.0.1:2; }\n \
     map $uri $m { a w; b $n; } log_format f $m; limit_req_zone $o zone=z:1m rate=1r/s;\n \
     server { listen 90; add_header C 3; set $q 1; location / { proxy_set_header D 4; proxy_pass http://u; } location /r { add_header E 5; return 404; } }\n \
     server { listen 91; gzip on; gzip off; location / { proxy_pass http://v:81/w; return 200; empty_gif; } location ~ /q { proxy_pass http://u:90/x; } }\n \
     include part.conf; server { listen 92; location /i { proxy_buffering off; limit_req zone=y; include part.conf; } }\n}\n",
    "proxy_hide_header A; add_header F 6; access_log l f; proxy_pass http://w; set $n $q;\n",
    "location \"",
    "",
];

#[derive(Debug, Clone)]
enum Step {
    /// A client's text takes the place of another, or of the disk's.
    Set(usize, usize),
    /// So many thousandths into the text, so many bytes give way to a piece of some text.
    Edit(usize, u32, u32, usize, usize),
    Close(usize),
    Analyse,
    /// As after a pause: what was worked out for it is taken over to later states.
    Check,
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..NAMES.len();
    prop_oneof![
        1 => (which.clone(), 0..TEXTS.len()).prop_map(|(which, text)| Step::Set(which, text)),
        4 => (which.clone(), 0..=1000u32, 0..40u32, 0..TEXTS.len(), 0..30usize).prop_map(|(a, b, c, d, e)| Step::Edit(a, b, c, d, e)),
        1 => which.prop_map(Step::Close),
        1 => Just(Step::Analyse),
        3 => Just(Step::Check),
    ]
}

fn told(world: &mut World) -> String {
    let analysis = world.analysis();
    let findings = rules::check(&analysis).into_iter().map(|it| format!("{} {:?} {:?}", it.rule, it.place.span, it.message));
    findings.collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_changes_leaves_what_a_new_world_finds(steps in vec(step(), 1..24)) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in NAMES.iter().zip(TEXTS) {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let open = || {
            let world = World::open(folder.path(), Vec::new());
            let files = NAMES.map(|name| world.vfs().id(&folder.path().join(name)));
            (world, files)
        };
        let (mut world, files): (World, [FileId; 2]) = open();
        for step in steps {
            match step {
                Step::Set(which, text) => world.set_text(files[which], Text::new(TEXTS[text])),
                Step::Edit(which, at, length, text, piece) => {
                    let Some(text_now) = world.vfs().overlay(files[which]) else { continue };
                    let at = u64::from(text_now.len()) * u64::from(at) / 1000;
                    let start = u32::try_from(at).expect("small");
                    let piece = &TEXTS[text][..piece.min(TEXTS[text].len())];
                    // What stands there for nginx changes most with what a directive ends.
                    let piece = if length % 3 == 0 { ["x", ";", " ", "location /n { return 204; } "][text % 4] } else { piece };
                    prop_assert!(world.edit(files[which], Span::new(start, (start + length).min(text_now.len())), piece));
                }
                Step::Close(which) => world.close(files[which]),
                Step::Analyse => drop(world.analysis()),
                Step::Check => drop(told(&mut world)),
            }
        }
        let (mut fresh, same) = open();
        for (file, other) in files.iter().zip(same) {
            if let Some(text) = world.vfs().overlay(*file) {
                fresh.set_text(other, text.clone());
            }
        }
        prop_assert_eq!(told(&mut world), told(&mut fresh));
    }
}

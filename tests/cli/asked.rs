//! What is printed when files are named.

use crate::command::{fixture, run};

const GATEWAY: &str = "events {}
http {
  include conf.d/*.conf;
  server { listen 90; location /m { return 200; } location ~ /m { return 200; } }
}
#- /compose.yaml
services: {}
#- /conf.d/a.conf
server { listen 81; location /a { return 200; } location ~ ^/a { return 201; } include more/x.inc; }
#- /conf.d/b.conf
server { listen 82; location /b { return 200; } location ~ ^/b { return 201; } }
#- /more/x.inc
location /c { return 200; } location ~ ^/c { return 201; }
";

fn files(arguments: &[&str]) -> Vec<String> {
    let folder = fixture(GATEWAY);
    let output = run(folder.path(), &[&["check", "--format", "github"], arguments].concat());
    assert_eq!(output.err, "");
    let file = |line: &str| Some(line.split_once("file=")?.1.split_once(',')?.0.to_owned());
    output.out.lines().filter_map(file).collect()
}

#[test]
fn a_named_fragment_is_not_drowned_by_others() {
    assert_eq!(files(&["conf.d/a.conf"]), ["conf.d/a.conf", "more/x.inc"]);
    assert_eq!(files(&["more/x.inc"]), ["more/x.inc"]);
    assert_eq!(files(&["conf.d/a.conf", "./conf.d/../conf.d/b.conf"]), ["conf.d/a.conf", "conf.d/b.conf", "more/x.inc"]);
}

#[test]
fn a_main_file_brings_what_it_includes() {
    let mut all = files(&["nginx.conf"]);
    all.sort();
    assert_eq!(all, ["conf.d/a.conf", "conf.d/b.conf", "more/x.inc", "nginx.conf"]);
    let mut whole = files(&["."]);
    whole.sort();
    assert_eq!(all, whole);
}

#[cfg(unix)]
#[test]
fn a_link_is_the_file_that_it_leads_to() {
    let folder = fixture(
        "events {}\nhttp { include sites-enabled/*; }\n#- /compose.yaml\nservices: {}\n#- /sites-available/a\nserver { location /a { return 200; } location ~ ^/a { return 201; } }\n",
    );
    std::fs::create_dir(folder.path().join("sites-enabled")).expect("a folder");
    std::os::unix::fs::symlink("../sites-available/a", folder.path().join("sites-enabled/a")).expect("a link");
    for name in ["sites-enabled/a", "sites-available/a"] {
        let output = run(folder.path(), &["check", name]);
        assert!(output.out.contains(" --> sites-available/a:1:10\n"), "{}", output.out);
        assert!(output.out.ends_with("\n1 warning in 2 files\n"), "{}", output.out);
    }
}

#[test]
fn a_fault_in_a_lone_site_is_found_from_its_folder() {
    let folder = fixture(
        "#- /conf.d/site.conf\nserver {\n    listen 80;\n    location / {\n        return 200\n    }\n}\n#- /pipeline.conf\ninput {\n  beats { port => 5044 }\n}\n#- /dovecot.conf\nservice auth {\n  client_limit = 5\n}\nserver {\n  port = 80\n}\n",
    );
    let output = run(folder.path(), &["check", "--format", "github"]);
    assert_eq!(output.status, Some(1));
    let lines: Vec<&str> = output.out.lines().collect();
    assert_eq!(lines.len(), 1, "{}", output.out);
    assert!(lines[0].starts_with("::error file=conf.d/site.conf,line=4,"), "{}", output.out);
}

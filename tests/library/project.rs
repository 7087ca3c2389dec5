//! Finding a project on disk: which files are nginx's, which of them are roots, where includes lead, what an edit costs.

use std::path::{Path, PathBuf};

use nginx_analyzer::config::{Config, Matcher};
use nginx_analyzer::project::RootKind;
use nginx_analyzer::project::includes::Include;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::rules;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::{Analysis, World};

/// Writes files: sections that start with `#- /path`.
fn files(sections: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for section in sections.split("#- /").skip(1) {
        let (path, text) = section.split_once('\n').expect("a path and a text");
        let path = folder.path().join(path.trim());
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn analyse(folder: &Path, entries: &[&str]) -> std::sync::Arc<Analysis> {
    World::open(folder, entries.iter().map(|entry| folder.join(entry)).collect::<Vec<PathBuf>>()).analysis()
}

fn roots(analysis: &Analysis) -> Vec<(String, RootKind)> {
    let mut roots: Vec<_> = analysis.project.roots.iter().map(|root| (analysis.project.display_path(root.file), root.kind)).collect();
    roots.sort_by(|a, b| a.0.cmp(&b.0));
    roots
}

fn names(analysis: &Analysis) -> Vec<String> {
    roots(analysis).into_iter().map(|(name, _)| name).collect()
}

/// What the includes in the root's own file led to, in order.
fn includes(analysis: &Analysis, root: usize) -> Vec<String> {
    let root = &analysis.project.roots[root];
    let mut places: Vec<_> = root.includes.iter().filter(|(place, _)| place.file == root.file).collect();
    places.sort_by_key(|(place, _)| **place);
    places
        .into_iter()
        .map(|(_, include)| match include {
            Include::Files(files) => files.iter().map(|file| analysis.project.display_path(*file)).collect::<Vec<_>>().join(" "),
            Include::Missing(path) => format!("missing {}", analysis.project.display(path)),
            Include::Loop(file) => format!("loop {}", analysis.project.display_path(*file)),
            Include::Unknown(_) => "unknown".into(),
        })
        .collect()
}

fn findings(analysis: &Analysis) -> Vec<(String, String)> {
    rules::check(analysis).into_iter().map(|finding| (finding.rule.to_owned(), finding.message)).collect()
}

fn directives(config: &Config, name: &str) -> Vec<String> {
    let values = config.entries.iter().filter(|entry| entry.directive.is(name));
    values.filter_map(|entry| entry.directive.arg(0).map(str::to_owned)).collect()
}

const GATEWAY: &str = "#- /nginx/nginx.conf
events {}
http {
  include /etc/nginx/mime.types;
  include conf.d/*.conf;
  include snippets/log.conf;
}
#- /nginx/conf.d/b.conf
server { listen 81; include snippets/common.conf; }
#- /nginx/conf.d/a.conf
server { listen 80; include snippets/common.conf; location / { return 200; } }
#- /nginx/conf.d/B.conf
server { listen 82; }
#- /nginx/conf.d/.hidden.conf
server { listen 83; }
#- /nginx/conf.d/readme.txt
server { listen 84; }
#- /nginx/snippets/common.conf
location /ping { return 204; }
#- /nginx/snippets/log.conf
access_log off;
";

#[test]
fn includes_are_read_in_the_order_of_nginx_and_from_the_main_files_folder() {
    let folder = files(GATEWAY);
    let analysis = analyse(folder.path(), &[]);
    assert!(names(&analysis).contains(&"nginx/nginx.conf".to_owned()));
    let main = analysis.project.roots.iter().position(|root| root.kind == RootKind::Main).expect("a main configuration");
    assert_eq!(
        includes(&analysis, main),
        ["unknown", "nginx/conf.d/B.conf nginx/conf.d/a.conf nginx/conf.d/b.conf", "nginx/snippets/log.conf"]
    );
    let config = &analysis.configs[main];
    assert_eq!(directives(config, "listen"), ["82", "80", "81"]);
    // One snippet in two servers is two locations.
    assert_eq!(config.locations.iter().filter(|it| it.matcher == Matcher::Prefix { path: "/ping".into(), no_regex: false }).count(), 2);
    assert_eq!(config.display_location(config.servers[1].locations[0]), "location /ping");
}

#[test]
fn what_a_main_file_includes_is_no_root_and_what_nothing_includes_is_one() {
    let folder = files(&format!(
        "{GATEWAY}#- /nginx/sites-available/old\nserver {{ listen 90; }}\n#- /nginx/snippets/lost.conf\nlocation /x {{ return 200; }}\n"
    ));
    let found = roots(&analyse(folder.path(), &[]));
    let kind = |name: &str| found.iter().find(|(root, _)| root == name).map(|(_, kind)| *kind);
    assert_eq!(kind("nginx/nginx.conf"), Some(RootKind::Main));
    assert_eq!(kind("nginx/conf.d/a.conf"), None);
    assert_eq!(kind("nginx/snippets/common.conf"), None);
    assert_eq!(kind("nginx/sites-available/old"), Some(RootKind::Http));
    assert_eq!(kind("nginx/snippets/lost.conf"), Some(RootKind::Server));
}

#[test]
fn a_named_fragment_is_analysed_through_the_main_file_that_includes_it() {
    let folder = files(&format!("{GATEWAY}#- /compose.yaml\nservices: {{}}\n#- /other/nginx.conf\nevents {{}}\n"));
    let analysis = analyse(folder.path(), &["nginx/conf.d/a.conf"]);
    assert_eq!(names(&analysis), ["nginx/nginx.conf"]);
    let lone = files("#- /a.conf\nserver { listen 80; }\n#- /nginx.conf\nevents {}\n");
    assert_eq!(roots(&analyse(lone.path(), &["a.conf"])), [("a.conf".to_owned(), RootKind::Http)]);
}

#[test]
fn files_of_other_programs_are_left_alone() {
    let folder = files(
        "#- /redis.conf\nmaxmemory 256mb\nsave 900 1\n\
         #- /my.cnf\n[mysqld]\nuser = mysql\n\
         #- /apache/httpd.conf\nServerRoot \"/etc/httpd\"\n<VirtualHost *:80>\n  ServerName x\n</VirtualHost>\n\
         #- /supervisor/conf.d/app.conf\n[program:app]\ncommand=/bin/app\n\
         #- /prosody.conf\nVirtualHost \"example.org\"\nmodules_enabled = { \"roster\"; \"tls\"; }\n\
         #- /application.conf\nserver {\n  port = 8080\n  host = \"0.0.0.0\"\n}\nhttp { port = 80 }\n\
         #- /named.conf\noptions { directory \"/var/named\"; };\nserver 10.0.0.1 { keys { k; }; };\nzone \"x\" { type master; };\n\
         #- /keepalived.conf\nvrrp_instance VI_1 {\n  state MASTER\n}\n\
         #- /logstash.conf\ninput { http { port => 8080 } }\noutput { stdout {} }\n\
         #- /fluent.conf\n<source>\n  @type forward\n</source>\n\
         #- /dhcpd.conf\nsubnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.1 10.0.0.9; }\n\
         #- /rsyslog.conf\nmodule(load=\"imuxsock\")\n*.* /var/log/all\n\
         #- /empty.conf\n\
         #- /web/site.conf\nserver { listen 80; server_name a; location / { return 200; } }\n",
    );
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(names(&analysis), ["web/site.conf"]);
    assert_eq!(analysis.project.files.len(), 1);
    assert_eq!(findings(&analysis), []);
}

#[test]
fn settings_say_where_to_start() {
    let folder = files(&format!("{GATEWAY}#- /gateway.cfg\nevents {{}}\n#- /nginx-analyzer.toml\n[project]\nroots = [\"gateway.cfg\"]\n"));
    assert_eq!(names(&analyse(folder.path(), &[])), ["gateway.cfg"]);
}

#[test]
fn a_link_is_the_file_that_it_leads_to() {
    let folder = files("#- /nginx.conf\nevents {}\nhttp { include sites-enabled/*; }\n#- /sites-available/a\nserver { listen 80; }\n");
    std::fs::create_dir(folder.path().join("sites-enabled")).expect("a folder");
    std::os::unix::fs::symlink("../sites-available/a", folder.path().join("sites-enabled/a")).expect("a link");
    std::os::unix::fs::symlink("../sites-available/gone", folder.path().join("sites-enabled/b")).expect("a link");
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(names(&analysis), ["nginx.conf"]);
    assert_eq!(includes(&analysis, 0), ["sites-available/a sites-enabled/b"]);
    let found = findings(&analysis);
    assert!(found.len() == 1 && found[0].0 == "unreadable-file" && found[0].1.contains("sites-enabled/b"), "{found:?}");
}

#[test]
fn a_link_to_a_path_on_the_server_is_no_problem() {
    let folder = files("#- /nginx.conf\nevents {}\nhttp { include sites-enabled/*; }\n#- /sites-available/a\nserver { listen 80; }\n");
    std::fs::create_dir(folder.path().join("sites-enabled")).expect("a folder");
    for name in ["a", "b"] {
        let target = format!("/etc/nginx/sites-available/{name}");
        std::os::unix::fs::symlink(target, folder.path().join("sites-enabled").join(name)).expect("a link");
    }
    if Path::new("/etc/nginx/sites-available/a").exists() || Path::new("/etc/nginx/sites-available/b").exists() {
        eprintln!("skipped: this machine has the files that the test takes to be elsewhere");
        return;
    }
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(includes(&analysis, 0), ["sites-available/a sites-enabled/b"]);
    assert_eq!(findings(&analysis), []);
    assert_eq!(analysis.configs[0].unknown_includes.len(), 1, "what b says is not known");
}

#[test]
fn deep_includes_of_deep_blocks_end() {
    let mut text = String::from("#- /nginx.conf\nevents {}\nhttp { server { include f0.conf; } }\n");
    for level in 0..70 {
        let (open, close) = ("location / { ".repeat(150), "}".repeat(150));
        text.push_str(&format!("#- /f{level}.conf\n{open} include f{}.conf; {close}\n", level + 1));
    }
    let folder = files(&text);
    let analysis = analyse(folder.path(), &[]);
    assert!(analysis.configs[0].locations.len() > 300 && !analysis.configs[0].unknown_includes.is_empty());
}

#[test]
fn an_include_that_only_the_server_can_resolve_is_no_problem() {
    let folder = files(
        "#- /nginx.conf\ninclude /usr/share/nginx/modules/*.conf;\nevents {}\nhttp {\n  include mime.types;\n  include /etc/nginx/conf.d/*.conf;\n  \
         include /srv/other/x.conf;\n  include ${EXTRA}.conf;\n  include lonely.conf;\n  include nowhere/*.conf;\n}\n",
    );
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(includes(&analysis, 0), ["unknown"; 7]);
    assert_eq!(findings(&analysis), []);
    assert_eq!(analysis.configs[0].unknown_includes.len(), 7);
}

#[test]
fn a_file_is_found_by_its_default_place_on_the_server() {
    let folder = files(
        "#- /nginx.conf\nevents {}\nhttp { include /etc/nginx/conf.d/*.conf; include /usr/local/openresty/nginx/conf/up.conf; }\n#- /conf.d/x.conf\nserver { listen 1; }\n#- /up.conf\nupstream u { server a; }\n",
    );
    assert_eq!(includes(&analyse(folder.path(), &[]), 0), ["conf.d/x.conf", "up.conf"]);
}

#[test]
fn loops_are_reported_once_and_nothing_hangs() {
    let folder = files(
        "#- /nginx.conf\nevents {}\nhttp { include a.conf; }\n#- /a.conf\ninclude b.conf;\nserver { listen 80; }\n#- /b.conf\ninclude a.conf;\nserver { listen 81; }\n",
    );
    let analysis = analyse(folder.path(), &[]);
    let found = findings(&analysis);
    assert!(found.len() == 1 && found[0].0 == "include-problem" && found[0].1.contains("a.conf"), "{found:?}");
    assert_eq!(directives(&analysis.configs[0], "listen"), ["81", "80"]);
    let own = files("#- /nginx.conf\nevents {}\nhttp { include *.conf; }\n");
    assert_eq!(findings(&analyse(own.path(), &[])).len(), 1);
}

#[test]
fn includes_that_multiply_are_bounded() {
    let mut text = String::from("#- /nginx.conf\nevents {}\nhttp { include f0.conf; }\n");
    for level in 0..30 {
        text.push_str(&format!("#- /f{level}.conf\ninclude f{0}.conf;\ninclude f{0}.conf;\ninclude f{0}.conf;\n", level + 1));
    }
    text.push_str("#- /f30.conf\nserver { listen 80; }\n");
    let folder = files(&text);
    let analysis = analyse(folder.path(), &[]);
    assert!(!analysis.configs[0].unknown_includes.is_empty(), "what was left out is known to be left out");
    assert!(analysis.configs[0].entries.len() < 100_000);
}

#[test]
fn http_servers_are_told_from_those_of_stream_and_mail() {
    let folder = files(
        "#- /nginx.conf\nevents {}\nstream { upstream s { server a:1; } server { listen 1; } }\nmail { server { listen 2; } }\nserver { listen 3; }\n\
         http { upstream h { server b:1; } server { listen 4; listen [::]:8000-8002 default_server; server_name A.Example ~^B$;\n\
         if ($x) { location /bad { } } location /a { limit_except GET { deny all; } if ($y) { return 403; } location /a/b { } } } }\n",
    );
    let analysis = analyse(folder.path(), &[]);
    let config = &analysis.configs[0];
    assert_eq!(config.servers.len(), 1);
    let ports: Vec<u16> = config.servers[0].listens.iter().map(|listen| listen.port).collect();
    assert_eq!(ports, [4, 8000, 8001, 8002]);
    let server_names: Vec<&str> = config.servers[0].names.iter().map(|(name, _)| &**name).collect();
    assert_eq!(server_names, ["a.example", "~^B$"]);
    assert_eq!(config.upstreams.iter().map(|upstream| &*upstream.name).collect::<Vec<_>>(), ["h"]);
    assert_eq!(config.locations.iter().map(|location| location.matcher.display()).collect::<Vec<_>>(), ["/a", "/a/b"]);
    assert_eq!(config.location(config.servers[0].locations[0]).locations.len(), 1);
    assert_eq!(config.display_server(nginx_analyzer::config::ServerId(0)), "server a.example:4");
}

#[test]
fn locations_at_the_top_of_a_fragment_have_a_server_that_is_not_written() {
    let folder = files("#- /snippet.nginx\nroot /srv;\nlocation / { root /www; location /in { } }\nlocation = /x { }\n");
    let analysis = analyse(folder.path(), &[]);
    let config = &analysis.configs[0];
    assert!(config.servers.len() == 1 && config.servers[0].synthetic);
    assert_eq!(config.locations.len(), 3);
    assert_eq!(config.servers[0].locations.len(), 2);
    let x = config.locations[2].entry;
    assert_eq!(config.server_of(x).map(|server| server.index()), Some(0));
    assert_eq!(config.inherited(x, "root").and_then(|root| config.directive(root).arg(0)), Some("/srv"));
    assert_eq!(config.top.len(), 3);
}

#[test]
fn a_comment_ignores_a_rule_for_what_is_below_it() {
    let folder = files(
        "#- /nginx.conf\nevents {}\nhttp {\n  # nginx-analyzer: ignore include-problem while we move\n  include nginx.conf;\n  include nginx.conf; # nginx-analyzer: ignore include-problm\n}\n",
    );
    let found = findings(&analyse(folder.path(), &[]));
    let rules: Vec<&str> = found.iter().map(|(rule, _)| &**rule).collect();
    assert_eq!(rules, ["include-problem", "settings-problem"], "{found:?}");
    assert!(found[1].1.contains("did you mean `include-problem`"), "{found:?}");
}

#[test]
fn settings_that_mean_nothing_are_told_and_the_rest_counts() {
    let folder = files(
        "#- /nginx.conf\nevents {}\n#- /nginx-analyzer.toml\n[cleanup]\nkeep_dais = 3\nkeep_days = 9\n[rules]\nno-such-rule = \"off\"\ninclude-problem = \"loud\"\n",
    );
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(analysis.project.settings.cleanup.keep_days, 9);
    let found = findings(&analysis);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|(rule, _)| rule == "settings-problem"));
    assert!(found.iter().any(|(_, message)| message.contains("did you mean `keep_days`")));
    let off =
        files("#- /nginx.conf\nevents {}\nhttp { include nginx.conf; }\n#- /nginx-analyzer.toml\n[rules]\ninclude-problem = \"off\"\n");
    assert_eq!(findings(&analyse(off.path(), &[])), []);
}

#[test]
fn an_edit_parses_one_file_and_asks_the_disk_nothing() {
    let mut text = String::from("#- /nginx.conf\nevents {}\nhttp { include conf.d/*.conf; }\n");
    for number in 0..150 {
        text.push_str(&format!("#- /conf.d/{number}.conf\nserver {{ listen {}; location / {{ return 200; }} }}\n", 1000 + number));
    }
    let folder = files(&format!("{text}#- /other/nginx.conf\nevents {{}}\nhttp {{ server {{ listen 9; }} }}\n"));
    let mut world = World::new(folder.path(), Vec::new(), Settings::default());
    let before = world.analysis();
    assert_eq!((before.project.files.len(), world.parsed()), (152, 152));
    let file = world.vfs().id(&folder.path().join("conf.d/7.conf"));
    let open = world.vfs().read(file).expect("its text");
    world.set_text(file, open);
    world.analysis();
    let (parsed, asked) = (world.parsed(), world.vfs().asked());
    assert!(world.edit(file, Span::at(0), "# typed\n"));
    let after = world.analysis();
    assert_eq!(world.parsed(), parsed, "the open document is parsed by its change, the others not at all");
    assert_eq!(world.vfs().asked(), asked, "a keystroke asks the disk nothing");
    let other = world.vfs().id(&folder.path().join("conf.d/8.conf"));
    assert!(std::sync::Arc::ptr_eq(&before.project.files[&other], &after.project.files[&other]));
    let of = |analysis: &Analysis, name: &str| {
        let at = analysis.project.roots.iter().position(|root| analysis.project.display_path(root.file) == name).expect("the root");
        analysis.configs[at].clone()
    };
    assert!(std::sync::Arc::ptr_eq(&of(&before, "other/nginx.conf"), &of(&after, "other/nginx.conf")), "the other root is as it was");
    assert!(!std::sync::Arc::ptr_eq(&of(&before, "nginx.conf"), &of(&after, "nginx.conf")));
    assert!(after.project.text(file).to_str().starts_with("# typed\n"));
}

#[test]
fn a_file_that_comes_or_goes_is_seen_when_it_is_told() {
    let folder = files("#- /nginx.conf\nevents {}\nhttp { include conf.d/*.conf; }\n#- /conf.d/a.conf\nserver { listen 80; }\n");
    let mut world = World::new(folder.path(), Vec::new(), Settings::default());
    assert_eq!(includes(&world.analysis(), 0), ["conf.d/a.conf"]);
    let new = folder.path().join("conf.d/b.conf");
    std::fs::write(&new, "server { listen 81; }\n").expect("a file");
    assert_eq!(includes(&world.analysis(), 0), ["conf.d/a.conf"]);
    let id = world.vfs().id(&new);
    world.disk_changed(id);
    assert_eq!(includes(&world.analysis(), 0), ["conf.d/a.conf conf.d/b.conf"]);
    std::fs::remove_file(&new).expect("removed");
    world.disk_changed(id);
    assert_eq!(includes(&world.analysis(), 0), ["conf.d/a.conf"]);
    let unsaved = world.vfs().id(&folder.path().join("conf.d/c.conf"));
    world.set_text(unsaved, Text::new("server { listen 82; }\n"));
    assert_eq!(includes(&world.analysis(), 0), ["conf.d/a.conf conf.d/c.conf"]);
}

/// Told one by one or all at once, of few or of very many: what is known afterwards is what is there.
#[test]
fn many_files_that_come_and_go_at_once_are_seen_as_each_of_them_would_be() {
    for count in [3, 500] {
        let folder = files("#- /nginx.conf\nevents {}\nhttp { include conf.d/*/*.conf; }\n");
        let mut world = World::new(folder.path(), Vec::new(), Settings::default());
        world.analysis();
        let paths: Vec<_> = (0..count).map(|at| folder.path().join(format!("conf.d/d{}/{at}.conf", at % 7))).collect();
        let ids: Vec<_> = paths.iter().map(|path| world.vfs().id(path)).collect();
        let stamps = |world: &World| ids.iter().map(|id| world.vfs().stamp(*id)).collect::<Vec<_>>();
        let servers = |world: &mut World| world.analysis().configs[0].servers.len();
        let mut seen = vec![stamps(&world)];
        for (text, expected) in [("server { listen 80; }\n", 1), ("server { listen 80; }\nserver { listen 81; }\n", 2), ("", 0)] {
            for path in &paths {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
                std::fs::write(path, text).expect("written");
            }
            world.disk_changed_all(&ids);
            assert_eq!(servers(&mut world), expected * count);
            seen.push(stamps(&world));
        }
        // Whole folders, told by their names alone.
        let folders: Vec<_> = (0..7).map(|at| world.vfs().id(&folder.path().join(format!("conf.d/d{at}")))).collect();
        std::fs::remove_dir_all(folder.path().join("conf.d")).expect("removed");
        world.disk_changed_all(&folders);
        assert_eq!(world.analysis().project.files.len(), 1);
        seen.push(stamps(&world));
        for (at, id) in ids.iter().enumerate() {
            let mut of_one: Vec<_> = seen.iter().map(|stamps| stamps[at].clone()).collect();
            let all = of_one.len();
            of_one.dedup();
            assert_eq!(of_one.len(), all, "{}: each change is one", world.vfs().path(*id).display());
        }
    }
}

#[test]
fn what_git_ignores_is_not_walked() {
    let folder = files(
        "#- /.git/HEAD\nref: x\n#- /.gitignore\nbuild/\n!keep.conf\n#- /build/nginx.conf\nevents {}\n#- /node_modules/x/nginx.conf\nevents {}\n#- /.docker/nginx.conf\nevents {}\n",
    );
    let analysis = analyse(folder.path(), &[]);
    assert_eq!(names(&analysis), [".docker/nginx.conf"]);
    let ignored = |path: &str| analysis.project.vfs.is_ignored(folder.path(), &folder.path().join(path));
    assert!(ignored("build/made/later.html") && ignored("build") && !ignored("src/x.html"));
    let inner = analyse(&folder.path().join(".docker"), &[]);
    assert!(!inner.project.vfs.is_ignored(&folder.path().join(".docker"), &folder.path().join("build/x")), "outside of the workspace");
    let below = folder.path().join("src");
    assert!(inner.project.vfs.is_ignored(&below, &below.join("build/x")), "by the file at the repository's top");
}

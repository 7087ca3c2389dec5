//! Verdicts on use, with logs made by hand: what makes a location live, what does not, and what goes together.

use std::borrow::Cow;
use std::sync::Arc;

use nginx_analyzer::config::effective::Blocks;
use nginx_analyzer::config::{LocationId, ServerId};
use nginx_analyzer::messages::Language;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::text::Text;
use nginx_analyzer::usage::callers::Kind;
use nginx_analyzer::usage::logs::{Agents, Hits, Logs, Sight};
use nginx_analyzer::usage::takeover;
use nginx_analyzer::usage::verdict::{Reason, Usage, Verdict, Verdicts};
use nginx_analyzer::world::World;

/// A configuration with files beside it, and logs: of each location the header's first words and the hits that it has; what is not named
/// has none. `!` before it: its log is off.
fn verdicts(conf: &str, files: &[(&str, &str)], logs: Option<&[(&str, u64)]>, check: impl Fn(&dyn Fn(&str) -> Usage, &Verdicts)) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let main = folder.path().join("nginx.conf");
    let mut world = World::new(folder.path(), vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(conf));
    if let Some(logs) = logs {
        let analysis = world.analysis();
        let config = analysis.configs[0].clone();
        let mut read = Logs { window: Some((0, 7 * 86_400)), ..Logs::default() };
        read.servers = vec![Hits::default(); config.servers.len()];
        for (index, location) in config.locations.iter().enumerate() {
            let name = config.display_location(LocationId(index as u32));
            let hits = logs.iter().find(|(one, _)| name.ends_with(one.trim_start_matches('!'))).copied().unwrap_or(("", 0));
            let agents = Agents { others: hits.1, ..Default::default() };
            read.locations.push(Hits { total: hits.1, agents, ..Hits::default() });
            read.sights.push(if hits.0.starts_with('!') { Sight::Off(location.entry) } else { Sight::Seen });
            read.servers[location.server.index()].total += hits.1 + 1;
        }
        world.set_logs(config, file, Arc::new(read));
    }
    let analysis = world.analysis();
    let view = analysis.views().next().expect("a configuration");
    // Asked for one location before anybody asked for all.
    let ids = || (0..view.config.locations.len()).map(|index| LocationId(index as u32));
    let alone: Vec<Usage> = ids().filter_map(|id| view.usage(id)).map(Cow::into_owned).collect();
    let verdicts = view.verdicts();
    assert_eq!(verdicts.locations.iter().map(by_itself).collect::<Vec<_>>(), alone);
    let of = |name: &str| {
        let id = ids().find(|id| view.config.display_location(*id).ends_with(name)).expect(name);
        verdicts.locations[id.index()].clone()
    };
    check(&of, verdicts);
}

/// What a verdict says without a look at the others.
fn by_itself(usage: &Usage) -> Usage {
    Usage { group: None, twin: None, files: Vec::new(), ..usage.clone() }
}

fn http(server: &str) -> String {
    format!("events {{}} http {{ server {{ listen 80; {server} }} }}")
}

#[test]
fn hits_are_use_and_none_in_a_log_that_tells_are_none() {
    let conf = http("location /a { return 200; } location /b { return 200; } location / { return 200; }");
    verdicts(&conf, &[], Some(&[("/a", 3)]), |of, _| {
        assert_eq!((of("/a").verdict, of("/b").verdict, of("/").verdict), (Verdict::InUse, Verdict::ProbablyUnused, Verdict::ToCheck));
        assert_eq!(of("/b").reasons, [Reason::NoHits, Reason::NoCaller]);
        assert_eq!(of("/").reasons[0], Reason::Fallback);
    });
}

#[test]
fn a_location_that_serves_nothing_may_still_redirect_to_its_name() {
    let conf = http("location /a/ { proxy_pass http://127.0.0.1:9; } location ~ ^/[a]/ { return 200; }");
    verdicts(&conf, &[], Some(&[]), |of, _| {
        assert_eq!((of("/a/").verdict, &of("/a/").reasons[0]), (Verdict::ProbablyUnused, &Reason::Dead));
        assert!(!of("/a/").safe, "clients that ask for /a would not get to /a/ any more");
    });
    verdicts(&conf, &[], Some(&[("/a/", 1)]), |of, _| {
        assert_eq!((of("/a/").verdict, &of("/a/").reasons[0]), (Verdict::InUse, &Reason::Hits(1)));
    });
}

#[test]
fn what_decides_where_the_requests_of_others_go_is_not_safe_to_take_out() {
    let safe = |nested: &str| {
        let conf = http(&format!(
            "location ~ x {{ return 200; }} location /i {{ return 200; {nested} }} location /i/ {{ return 200; }} location / {{ return 200; }}"
        ));
        let safe = std::cell::Cell::new(false);
        verdicts(&conf, &[], Some(&[("~ x", 3), ("/i", 1)]), |of, _| {
            assert_eq!(of("/i/").verdict, Verdict::ProbablyUnused);
            safe.set(of("/i/").safe);
        });
        safe.get()
    };
    assert!(safe(""));
    assert!(!safe("location ~ b { return 200; }"), "/i/xb goes to `~ x` as long as `/i/` is there");
}

#[test]
fn without_a_log_that_tells_nothing_is_called_unused() {
    let conf = http("location /a { return 200; } location /b { access_log off; return 200; } location / { return 200; }");
    verdicts(&conf, &[], None, |of, _| {
        assert_eq!((of("/a").verdict, of("/").verdict), (Verdict::CannotTell, Verdict::CannotTell));
        assert_eq!(of("/a").reasons, [Reason::NoLogs, Reason::NoCaller]);
    });
    verdicts(&conf, &[], Some(&[("!/b", 0)]), |of, _| {
        assert_eq!((of("/a").verdict, of("/b").verdict), (Verdict::ProbablyUnused, Verdict::CannotTell));
        assert!(matches!(of("/b").reasons[0], Reason::NotLogged(_)));
    });
}

#[test]
fn what_something_in_use_needs_is_in_use_and_what_only_hangs_on_the_unused_is_not() {
    let conf = http(
        "location /a { auth_request /auth; error_page 401 = @login; return 200; } location = /auth { internal; return 200; }
         location @login { return 302 /; } location /old { auth_request /oldauth; return 200; } location = /oldauth { internal; return 200; }",
    );
    verdicts(&conf, &[], Some(&[("/a", 3)]), |of, verdicts| {
        assert_eq!((of("= /auth").verdict, of("@login").verdict), (Verdict::InUse, Verdict::InUse));
        assert_eq!((of("/old").verdict, of("= /oldauth").verdict), (Verdict::ProbablyUnused, Verdict::ProbablyUnused));
        let group = &verdicts.groups[of("= /oldauth").group.expect("a group")];
        assert_eq!((group.head, group.locations.len()), (Some(of("/old").location), 2));
    });
}

#[test]
fn a_comment_keeps_a_location_until_its_day() {
    let conf = http(
        "\n# nginx-analyzer: keep partners poll it each quarter\nlocation /a { return 200; }\n# nginx-analyzer: keep until=2020-01-31 old\nlocation /b { return 200; }",
    );
    verdicts(&conf, &[], Some(&[]), |of, _| {
        assert_eq!(of("/a").verdict, Verdict::InUse);
        let Reason::Kept { reason, until, .. } = &of("/a").reasons[0] else { panic!("{:?}", of("/a").reasons) };
        assert_eq!((reason.as_str(), until), ("partners poll it each quarter", &None));
        let Reason::Kept { until, .. } = &of("/b").reasons[0] else { panic!("{:?}", of("/b").reasons) };
        assert_eq!(until.as_deref(), Some("2020-01-31"));
    });
}

#[test]
fn a_guard_carved_out_of_another_location_is_to_check() {
    let conf = http(
        "location /v1/ { proxy_pass http://127.0.0.1:9; } location ~ ^/v1/(mcp|internal) { auth_basic x; auth_basic_user_file y; proxy_pass http://127.0.0.1:9; }
         location /sso/ { auth_basic x; auth_basic_user_file y; proxy_pass http://127.0.0.1:9; } location / { proxy_pass http://127.0.0.1:9; }
         location ~ /\\. { deny all; } location = /robots.txt { return 200; }",
    );
    verdicts(&conf, &[], Some(&[("/v1/", 5)]), |of, _| {
        let guard = of("(mcp|internal)");
        assert_eq!((guard.verdict, guard.safe), (Verdict::ToCheck, false));
        assert!(guard.reasons.iter().any(|reason| matches!(reason, Reason::Guard { .. })), "{:?}", guard.reasons);
        assert_eq!((of("/sso/").verdict, of("/sso/").safe), (Verdict::ProbablyUnused, false));
        assert_eq!(of("~ /\\.").verdict, Verdict::ToCheck);
        assert_eq!(of("~ /\\.").reasons[0], Reason::Denies);
        assert_eq!(of("= /robots.txt").verdict, Verdict::ToCheck);
    });
}

#[test]
fn twins_are_named_where_they_answer_alike() {
    let conf = http(
        "location /token-manager { alias /w/a.html; } location = /token-session-manager { alias /w/b.html; } location /v1/users { return 200; }
         location /v2/users { return 200; } location /token-manager-api { return 200; }",
    );
    verdicts(&conf, &[], Some(&[("/token-session-manager", 5), ("/v2/users", 2)]), |of, _| {
        assert_eq!(of("location /token-manager").twin, Some(of("= /token-session-manager").location));
        assert_eq!(of("/v1/users").twin, Some(of("/v2/users").location));
        assert_eq!(of("/token-manager-api").twin, None);
    });
}

#[test]
fn a_server_of_which_the_logs_know_nothing_is_not_judged() {
    let conf = "events {} http { server { listen 80; location /a { return 200; } } server { listen 81; location /b { return 200; } } }";
    verdicts(conf, &[], Some(&[("/a", 2)]), |of, _| assert_eq!(of("/b").verdict, Verdict::ProbablyUnused));
    let folder = tempfile::tempdir().expect("a folder");
    let main = folder.path().join("nginx.conf");
    let mut world = World::new(folder.path(), vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(conf));
    let config = world.analysis().configs[0].clone();
    let hits = |total| Hits { total, agents: Agents { others: total, ..Default::default() }, ..Hits::default() };
    let logs = Logs {
        locations: vec![hits(2), hits(0)],
        servers: vec![hits(2), hits(0)],
        sights: vec![Sight::Seen; 2],
        window: Some((0, 7 * 86_400)),
        ..Logs::default()
    };
    world.set_logs(config, file, Arc::new(logs));
    let analysis = world.analysis();
    let verdicts = analysis.views().next().expect("a configuration").verdicts();
    assert_eq!(verdicts.idle_servers, [ServerId(1)]);
    assert_eq!((verdicts.locations[1].verdict, &verdicts.locations[1].reasons[0]), (Verdict::CannotTell, &Reason::SilentServer));
}

#[test]
fn what_an_answer_may_name_is_to_check() {
    let conf = http("location /files/ { proxy_pass http://10.0.0.1; } location /protected/ { internal; alias /srv/files/; }");
    verdicts(&conf, &[], Some(&[("/files/", 5)]), |of, _| {
        assert_eq!(of("/protected/").verdict, Verdict::ToCheck);
        let reasons = of("/protected/").reasons;
        assert!(reasons.iter().any(|reason| matches!(reason, Reason::Computed(_))), "{reasons:?}");
    });
    let conf = http("location /files/ { return 200; } location /protected/ { internal; alias /srv/files/; }");
    verdicts(&conf, &[], Some(&[("/files/", 5)]), |of, _| assert_eq!(of("/protected/").verdict, Verdict::ProbablyUnused));
}

#[test]
fn of_many_answers_that_may_name_it_few_are_told() {
    let passes: String = (0..13).map(|index| format!("location /{index}/ {{ proxy_pass http://10.0.0.1; }} ")).collect();
    let conf = http(&format!("{passes} location /own/ {{ internal; proxy_pass http://10.0.0.1; }} location @b {{ return 200; }}"));
    verdicts(&conf, &[], Some(&[("/5/", 5)]), |of, _| {
        // What a location asks for itself leads to others.
        for (name, more) in [("/own/", 3), ("@b", 4)] {
            let Usage { verdict, reasons, .. } = of(name);
            let told = reasons.iter().filter(|reason| matches!(reason, Reason::Computed(_))).count();
            assert_eq!((verdict, told, reasons.last()), (Verdict::ToCheck, 10, Some(&Reason::ComputedMore(more))), "{name}");
        }
    });
}

#[test]
fn what_nothing_but_the_unused_may_name_hangs_on_them() {
    let conf = http(
        "location /a/ { proxy_pass http://10.0.0.1; } location /b/ { proxy_pass http://10.0.0.1; } location /c/ { return 200; }
         location /hidden/ { internal; alias /srv/files/; } location @d { return 200; }",
    );
    verdicts(&conf, &[], Some(&[("/c/", 5)]), |of, verdicts| {
        let group = of("/a/").group.expect("a group");
        let together = ["/a/", "/b/", "/hidden/", "@d"].map(|name| of(name).group);
        assert_eq!(together, [Some(group); 4]);
        assert_eq!((verdicts.groups[group].head, of("/c/").group), (Some(of("/a/").location), None));
    });
    // It does not hang on itself.
    let conf = http("location /c/ { return 200; } location /hidden/ { internal; proxy_pass http://10.0.0.1; } location @d { internal; }");
    verdicts(&conf, &[], Some(&[("/c/", 5)]), |of, verdicts| {
        assert_eq!((of("@d").group, of("/hidden/").group), (Some(0), Some(0)));
        assert_eq!(verdicts.groups[0].head, Some(of("/hidden/").location));
    });
}

#[test]
fn where_a_client_is_sent_is_not_safe_to_take_out() {
    let redirects = [
        "return 301 /new/$1",
        "return 301 /new/$is_args$args",
        "return 307 /new/$request_id",
        "return 301 http://shop.example:80/new/x",
        "return 302 https://shop.example/new/",
        "return 302 https://$host/new/$1",
        "return 302 $scheme://$http_host/new/",
        "set $t /new/; return 301 $t",
        "set $t new; return 301 https://$host/$t/x",
        "return 301 $mapped",
        "rewrite ^/old/(.*)$ /new/$1 redirect",
        "rewrite ^/old/(.*)$ https://shop.example/new/$1 permanent",
        "rewrite ^/old/(.*)$ $scheme://$host/new/$1",
        "error_page 404 https://shop.example/new/; return 404",
    ];
    let conf = |redirect: &str| {
        format!(
            "events {{}} http {{ map $uri $mapped {{ /old/a /other; /old/b /new/b; }} server {{ listen 80; server_name shop.example;
               location ~ ^/old/(.*)$ {{ {redirect}; }} location /new/ {{ return 200 n; }} location / {{ return 200; }} }} }}"
        )
    };
    for redirect in redirects {
        verdicts(&conf(redirect), &[], Some(&[("~ ^/old/(.*)$", 3)]), |of, _| {
            let new = of("/new/");
            assert_eq!((new.verdict, new.safe), (Verdict::ToCheck, false), "{redirect}: {:?}", new.reasons);
        });
        // Nobody is sent there by what nobody asks for.
        verdicts(&conf(redirect), &[], Some(&[("location /", 3)]), |of, _| {
            assert_eq!(of("/new/").verdict, Verdict::ProbablyUnused, "{redirect}")
        });
    }
    for other in ["return 200 /new/", "return 301 https://$host$request_uri", "return 301 https://other.example/new/", "return 301 /$1"] {
        verdicts(&conf(other), &[], Some(&[("~ ^/old/(.*)$", 3)]), |of, _| {
            assert_eq!(of("/new/").verdict, Verdict::ProbablyUnused, "{other}")
        });
    }
}

#[test]
fn several_locations_that_a_redirect_may_lead_to_are_to_check() {
    let conf = http(
        "location /old/ { return 301 /new/$request_id; } location /new/ { return 200 n; } location ~ ^/new/[0-9a-f]+$ { return 200 r; }
         location /new/b/ { return 200 b; } location /newer/ { return 200; } location / { return 200; }",
    );
    verdicts(&conf, &[], Some(&[("/old/", 3)]), |of, _| {
        for name in ["/new/", "~ ^/new/[0-9a-f]+$", "/new/b/"] {
            assert_eq!((of(name).verdict, of(name).safe), (Verdict::ToCheck, false), "{name}");
            assert!(of(name).reasons.iter().any(|reason| matches!(reason, Reason::Computed(_))), "{name}: {:?}", of(name).reasons);
        }
        assert_eq!(of("/newer/").verdict, Verdict::ProbablyUnused);
    });
}

#[test]
fn the_sentence_of_a_finding_knows_all_that_take_the_uris() {
    let conf = http("location ~ ^/v[12]/billing/ { return 200; } location /v1/ { return 410; } location / { return 200; }");
    let folder = tempfile::tempdir().expect("a folder");
    let main = folder.path().join("nginx.conf");
    std::fs::write(&main, conf).expect("a file");
    let analysis = World::new(folder.path(), vec![main], Settings::default()).analysis();
    let view = analysis.views().next().expect("a configuration");
    let blocks = Blocks::new(view.project, view.config);
    let likely = view.takeovers().likely(&blocks, view.router(), LocationId(0)).expect("a location");
    let said = likely.sentence(&blocks, view.router(), Language::English);
    let all = takeover::sentence(&blocks, &takeover::of(&blocks, view.router(), LocationId(0)));
    assert_eq!(said, all.map(|message| message.say(Language::English)));
    assert!(said.is_some_and(|said| said.contains("takes URIs of it") && said.contains("one location more")));
}

#[test]
fn what_a_page_includes_is_in_use_with_the_page() {
    let page = ("html/index.html", "<!--# include virtual=\"/frag/header\" --><!--#include file=\"inc.html\" -->");
    let compose = "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n      - ./html:/usr/share/nginx/html:ro\n";
    let files = [page, ("compose.yaml", compose)];
    let conf = |ssi: &str| {
        http(&format!(
            "root /usr/share/nginx/html; location /frag/ {{ internal; proxy_pass http://10.0.0.1:9; }} location = /inc.html {{ return 200; }}
             location /none/ {{ return 200; }} location / {{ {ssi} }}"
        ))
    };
    verdicts(&conf("ssi on;"), &files, Some(&[("location /", 5)]), |of, _| {
        for name in ["/frag/", "= /inc.html"] {
            assert_eq!(of(name).verdict, Verdict::InUse, "{name}: {:?}", of(name).reasons);
            assert!(
                of(name)
                    .reasons
                    .iter()
                    .any(|reason| matches!(reason, Reason::Called { caller, live: Some(true) } if caller.kind == Kind::Ssi))
            );
        }
        assert_eq!(of("/none/").verdict, Verdict::ProbablyUnused);
    });
    verdicts(&conf("ssi off;"), &files, Some(&[("location /", 5)]), |of, _| {
        assert_eq!(of("/frag/").verdict, Verdict::ProbablyUnused, "{:?}", of("/frag/").reasons);
    });
    // A page that comes from elsewhere may have been made of it.
    verdicts(&conf("ssi on; proxy_pass http://10.0.0.2;"), &files[..1], Some(&[("location /", 5)]), |of, _| {
        assert_eq!(of("= /inc.html").verdict, Verdict::ProbablyUnused);
        assert_eq!((of("/frag/").verdict, of("/frag/").safe), (Verdict::ToCheck, false));
    });
}

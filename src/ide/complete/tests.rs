use std::path::Path;

use super::*;
use crate::project::settings::Settings;
use crate::world::World;

/// What is offered where the text has `$0`; other files stand beside it.
fn offered_in(name: &str, conf: &str, others: &[(&str, &str)]) -> Completions {
    let offset = conf.find("$0").expect("a cursor") as u32;
    let folder = Path::new("/in-memory");
    let text = Text::new(&conf.replacen("$0", "", 1));
    let entries = others.iter().map(|(name, _)| *name).chain([name]).map(|name| folder.join(name)).collect();
    let mut world = World::new(folder, entries, Settings::default());
    let file = world.vfs().id(&folder.join(name));
    for (name, text) in others {
        let file = world.vfs().id(&folder.join(name));
        world.set_text(file, Text::new(text));
    }
    world.set_text(file, text.clone());
    complete(&world.analysis(), file, &text, offset, None)
}

fn offered(conf: &str) -> Completions {
    offered_in("nginx.conf", conf, &[])
}

fn labels(conf: &str) -> Vec<String> {
    offered(conf).items.into_iter().map(|item| item.label).collect()
}

/// The labels that were asked about and are offered.
fn among(conf: &str, asked: &[&str]) -> Vec<String> {
    labels(conf).into_iter().filter(|label| asked.contains(&label.as_str())).collect()
}

/// The text with one of the items taken.
fn taken(conf: &str, label: &str) -> String {
    let item = offered(conf).items.into_iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no {label} in {conf}"));
    let mut text = conf.replacen("$0", "", 1);
    text.replace_range(item.replace.range(), &item.text);
    text
}

fn snippet(conf: &str, label: &str) -> Option<String> {
    offered(conf).items.into_iter().find(|item| item.label == label).and_then(|item| item.snippet)
}

#[test]
fn directives_by_block() {
    let asked = ["listen", "proxy_pass", "worker_processes", "server", "worker_connections", "location"];
    let check = |conf: &str, wanted: &[&str]| {
        let mut found = among(conf, &asked);
        found.sort();
        assert_eq!(found, wanted, "{conf}");
    };
    check("$0", &["worker_processes"]);
    check("events { $0 }", &["worker_connections"]);
    check("http { $0 }", &["server"]);
    check("http { server { $0 } }", &["listen", "location"]);
    check("http { server { location / { $0 } } }", &["location", "proxy_pass"]);
    check("http { upstream a { $0 } }", &["server"]);
    check("stream { server { $0 } }", &["listen", "proxy_pass"]);
    check("http { server { if ($a) { $0 } } }", &[]);
    check("http { server { location / { if ($a) { $0 } } } }", &["proxy_pass"]);
}

#[test]
fn broken_text() {
    let asked = ["listen", "proxy_pass", "server"];
    let check = |conf: &str, wanted: &[&str]| assert_eq!(among(conf, &asked), wanted, "{conf}");
    // The word at the end of the file, in blocks that nothing closes.
    check("http {\n    server {\n        lis$0", &["listen"]);
    // No `;` on the line before, or behind.
    check("http {\n  server {\n    server_name a\n    lis$0\n  }\n}", &["listen"]);
    check("http {\n  server {\n    lis$0\n    location / {\n      return 204;\n    }\n  }\n}", &["listen"]);
    check("http {\n  server {\n    root /srv\n    $0\n    location / {\n    }\n  }\n}", &["listen"]);
    // A brace that is missing above.
    check("http {\n  server {\n    location / {\n      return 204;\n\n    lis$0\n  }\n}\n", &["listen"]);
    check("http {\n  upstream a {\n    server b;\n  serv$0\n}\n", &["server"]);
    // A quote that is missing.
    check("http {\n  server {\n    add_header A \"b;\n    lis$0\n  }\n}", &["listen"]);
    // Right behind something that ends, and at a word's start.
    check("http { server { root /srv;lis$0 } }", &["listen"]);
    check("http { server { $0listen 80; } }", &["listen"]);
    check("http { server { li$0sten 80; } }", &["listen"]);
    // No directives here.
    check("http { server { # lis$0\n } }", &[]);
    check("http { server { \"lis$0\" } }", &[]);
    check("http { map $a $b { lis$0 } }", &[]);
    check("http { server { location / { content_by_lua_block { lis$0 } } } }", &[]);
    check("http { server { location / { content_by_lua_block { local a = '}' } lis$0 } } }", &[]);
    check("http { server { location / { content_by_lua_block { local a = '}' } prox$0 } } }", &["proxy_pass"]);
}

#[test]
fn none_twice_where_it_may_not_repeat() {
    let conf = |inside: &str| format!("http {{ server {{ {inside} }} }}");
    let asked = ["root", "listen", "server_tokens"];
    assert_eq!(among(&conf("root /a; $0 server_tokens off;"), &asked), ["listen"]);
    assert_eq!(among(&conf("listen 80; ro$0 /a;"), &["root"]), ["root"]);
    assert_eq!(among(&conf("location / { root /a; } $0"), &asked).len(), 3);
}

#[test]
fn the_usual_ones_come_first() {
    let found = labels("http { server { $0 } }");
    let at = |name: &str| found.iter().position(|label| label == name).unwrap_or(usize::MAX);
    assert!(at("listen") < at("absolute_redirect") && at("location") < 5, "{found:?}");
    let found = labels("http { server { location / { pro$0 } } }");
    assert_eq!(found.first().map(String::as_str), Some("proxy_pass"));
    assert!(labels("http { server { $0 } }").len() <= 200);
}

#[test]
fn modules_of_others_come_last_unless_they_are_used() {
    let at = |conf: &str, name: &str| labels(conf).iter().position(|label| label == name).unwrap_or(usize::MAX);
    let first = |conf: &str| at(conf, "more_set_headers") < at(conf, "proxy_headers_hash_max_size");
    assert!(!first("http { server { location / { headers$0 } } }"));
    assert!(first("http { more_clear_headers X; server { location / { headers$0 } } }"));
    assert!(first("http { server { location / { more$0 } } }"));
}

#[test]
fn a_file_stands_where_it_is_included() {
    let main = ("nginx.conf", "events {} http { server { location / { include part.conf; } } }");
    let found = offered_in("part.conf", "proxy_set_header A b;\npro$0", &[main]);
    assert!(found.items.iter().any(|item| item.label == "proxy_pass"));
    assert!(!offered_in("part.conf", "$0", &[main]).items.iter().any(|item| item.label == "listen"));
    // What the block around the `include` has.
    let main = ("nginx.conf", "events {} http { server { root /srv; include part.conf; } }");
    let found = offered_in("part.conf", "$0", &[main]);
    assert!(!found.items.iter().any(|item| item.label == "root") && found.items.iter().any(|item| item.label == "listen"));
    // Nobody includes it: what is in it tells.
    let found = offered_in("alone.conf", "listen 80;\n$0", &[]);
    assert!(found.items.iter().any(|item| item.label == "server_name"));
    assert!(!found.items.iter().any(|item| item.label == "worker_processes" || item.label == "proxy_pass"));
}

#[test]
fn snippets_are_for_what_is_not_there() {
    assert_eq!(snippet("http { server { location / { prox$0 } } }", "proxy_pass").as_deref(), Some("proxy_pass ${1:http://upstream};"));
    assert_eq!(snippet("http { server { location / { prox$0; } } }", "proxy_pass").as_deref(), Some("proxy_pass ${1:http://upstream}"));
    assert_eq!(snippet("http { server { location / { prox$0 http://a; } } }", "proxy_pass"), None);
    assert_eq!(snippet("http {\n  server {\n    loc$0\n  }\n}", "location").as_deref(), Some("location ${1:/} {\n  $0\n}"));
    assert_eq!(snippet("http { server { loc$0 / { } } }", "location"), None);
}

#[test]
fn exactly_the_word_is_replaced() {
    assert_eq!(
        taken("http { server { location / { pr$0oxy_pas http://a; } } }", "proxy_pass"),
        "http { server { location / { proxy_pass http://a; } } }"
    );
    assert_eq!(taken("http { gzip o$0n; }", "off"), "http { gzip off; }");
    assert_eq!(taken("http { default_type \"text/pl$0\"; }", "text/plain"), "http { default_type \"text/plain\"; }");
    assert_eq!(taken("http { server { return 200 \"a$ho$0xt-b\"; } }", "$host"), "http { server { return 200 \"a$host-b\"; } }");
    assert_eq!(taken("http { server { return 200 a${ho$0x}b; } }", "${host}"), "http { server { return 200 a${host}b; } }");
    assert_eq!(taken("http { server { return 200 ${ho$0; } }", "${host}"), "http { server { return 200 ${host}; } }");
    let condition = |inside: &str| format!("http {{ server {{ if ($request_method = {inside} {{ }} }} }}");
    assert_eq!(taken(&condition("P$0)"), "POST"), condition("POST)"));
    assert_eq!(taken(&condition("P$0"), "POST"), condition("POST"));
    let conf = "http { upstream api { server a; } server { location / { proxy_pass http://a$0x/y; } } }";
    assert_eq!(taken(conf, "api"), "http { upstream api { server a; } server { location / { proxy_pass http://api/y; } } }");
}

#[test]
fn quotes_are_left_as_they_are() {
    let header = |value: &str| labels(&format!("http {{ server {{ add_header Strict-Transport-Security {value}; }} }}"));
    assert_eq!(header("$0").first().map(String::as_str), Some("\"max-age=63072000; includeSubDomains\""));
    assert_eq!(header("\"$0\"").first().map(String::as_str), Some("max-age=63072000; includeSubDomains"));
    assert!(header("\"\"$0").is_empty() && header("$0\"\"").is_empty());
}

#[test]
fn values_of_all_kinds() {
    let conf = |inside: &str| {
        format!(
            "http {{ log_format long '$uri'; limit_req_zone $uri zone=slow:1m rate=1r/s; proxy_cache_path /c keys_zone=pages:1m; \
             map $host $pool {{ default a; }} upstream api {{ server a; }} server {{ server_name one.example; location @app {{ }} location /x/ {{ {inside} }} }} }}"
        )
    };
    let check = |inside: &str, wanted: &[&str]| {
        let found = labels(&conf(inside));
        for label in wanted {
            assert!(found.iter().any(|one| one == label), "{inside}: {found:?}");
        }
    };
    check("gzip $0;", &["on", "off"]);
    check("satisfy $0;", &["all", "any"]);
    check("client_max_body_size 10$0;", &["10k", "10m", "10g"]);
    check("proxy_read_timeout 30$0;", &["30s", "30m", "30ms"]);
    check("proxy_read_timeout $0;", &["60s"]);
    check("proxy_pass $0;", &["http://api", "https://"]);
    check("proxy_pass http://$0;", &["api"]);
    check("proxy_pass http://$$0;", &["$pool", "$host"]);
    check("error_page 404 $0;", &["@app", "502"]);
    check("return $0;", &["404", "204"]);
    check("access_log /l $0;", &["long", "combined", "buffer="]);
    check("limit_req $0;", &["zone="]);
    check("limit_req zone=$0;", &["slow"]);
    check("limit_req zone=slow $0;", &["burst=", "nodelay"]);
    check("proxy_cache $0;", &["pages", "off"]);
    check("default_type $0;", &["text/html"]);
    check("proxy_set_header $0;", &["Host", "X-Real-IP"]);
    check("proxy_set_header X-Real-IP $0;", &["$remote_addr"]);
    check("add_header $0;", &["Cache-Control"]);
    check("limit_except $0 { }", &["GET", "POST"]);
    check("try_files $0;", &["$uri", "=404", "@app"]);
    check("expires 1$0;", &["1h", "1d"]);
    check("proxy_store_access $0;", &["user:rw"]);
    check("if ($request_method $0) { }", &["=", "~*"]);
    check("allow $0;", &["10.0.0.0/8", "all"]);
    let found = labels(&conf("limit_req zone=slow burst=5 $0;"));
    assert!(!found.iter().any(|label| label == "burst=" || label == "zone="), "{found:?}");
    let server = |inside: &str| labels(&format!("http {{ server {{ server_name a.example; }} server {{ {inside} }} }}"));
    assert!(server("listen 443 ssl $0;").contains(&"reuseport".to_owned()) && !server("listen 443 ssl $0;").contains(&"ssl".to_owned()));
    assert!(server("server_name $0;").contains(&"a.example".to_owned()));
    assert!(server("ssl_protocols TLSv1.3 $0;").contains(&"TLSv1.2".to_owned()));
    assert!(!server("ssl_protocols TLSv1.3 $0;").contains(&"TLSv1.3".to_owned()));
    assert!(server("location $0 / { }").contains(&"^~".to_owned()));
}

#[test]
fn variables_say_where_they_are_from() {
    let conf = "http {\n  map $host $pool { default a; }\n  server {\n    set $mine 1;\n    location ~ ^/(a)/(?<part>b)$ { return 200 $$0; }\n  }\n}";
    let found = offered(conf).items;
    let detail = |label: &str| found.iter().find(|item| item.label == label).and_then(|item| item.detail.clone());
    assert_eq!(detail("$pool").as_deref(), Some("map · nginx.conf:2"));
    assert_eq!(detail("$mine").as_deref(), Some("set · nginx.conf:4"));
    assert_eq!(detail("$part").as_deref(), Some("location · nginx.conf:5"));
    assert_eq!(detail("$2").as_deref(), Some("^/(a)/(?<part>b)$ · nginx.conf:5"));
    assert!(detail("$3").is_none() && detail("$remote_addr").is_some());
    assert!(labels("http { server { return 200 $http_x$0; } }").contains(&"$http_x_real_ip".to_owned()));
    // In a regex it is the end.
    assert!(labels("http { server { location ~ a$$0 { } } }").is_empty());
    // Those of stream are others.
    let stream = labels("stream { server { proxy_pass $$0; } }");
    assert!(stream.contains(&"$ssl_preread_server_name".to_owned()) && !stream.contains(&"$uri".to_owned()));
}

#[test]
fn keys_and_values_of_data() {
    assert_eq!(labels("http { map $a $b { $0 } }"), ["default", "hostnames", "include", "volatile"]);
    assert_eq!(labels("http { map $a $b { default x; de$0 } }"), Vec::<String>::new());
    assert!(labels("http { types { text/c$0 } }").contains(&"text/css".to_owned()));
    assert_eq!(labels("http { types { text/css $0; } }"), ["css"]);
    assert!(labels("http { map $a $b { x $0; } }").contains(&"$host".to_owned()));
}

#[test]
fn lua_modules_are_those_that_can_be_required() {
    let conf = "http { server { location / { content_by_lua_block { local a = require \"resty.re$0\" } } } }";
    assert!(labels(conf).contains(&"resty.redis".to_owned()));
    let block = |code: &str| {
        format!("http {{ lua_shared_dict hits 1m; map $host $pool {{ }} server {{ location / {{ content_by_lua_block {{ {code} }} }} }} }}")
    };
    assert!(labels(&block("ngx.say(\"re$0\")")).is_empty());
    assert_eq!(labels(&block("ngx.shared.$0")), ["hits"]);
    assert_eq!(taken(&block("local a = ngx.var.po$0x .. 1"), "pool"), block("local a = ngx.var.pool .. 1"));
}

#[test]
fn documentation_is_made_when_it_is_asked_for() {
    let item = offered("http { server { lis$0 } }").items.into_iter().find(|item| item.label == "listen").expect("offered");
    let about = item.about.expect("known");
    let said = documentation(&about, Language::English).expect("documented");
    assert!(said.starts_with("```nginx\nlisten <address>") && said.contains("May stand in `server`"), "{said}");
    assert!(said.contains("https://nginx.org/en/docs/http/ngx_http_core_module.html#listen"), "{said}");
    assert!(documentation(&about, Language::Japanese).expect("documented").contains("書ける場所：`server`"));
}

/// Whatever the text, and wherever the cursor: an answer, each item around the cursor.
#[test]
fn any_place_of_any_text() {
    let texts = [
        "http {\n  server {\n    listen 80 ssl;\n    location ~ \"^/(a|{2})\" {\n      proxy_pass http://$host/x;\n    }\n  }\n",
        "}}}{{{;;;\"'$${ é\u{1f600} ~* = {\n}\n\\",
        "http { content_by_lua_block { --[[ } ]] local a = [=[ } ]=] '}' } map $a $b { ~x $c; } }",
        "events{}http{server{location/{return 200 \"a\nb;c\" 'x}}}",
        "\u{feff}server\r\n{\r\n\tlisten\t80\r\n}\r\n#\u{65e5}\u{672c}",
    ];
    let folder = Path::new("/in-memory");
    for text in texts {
        let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
        let file = world.vfs().id(&folder.join("nginx.conf"));
        world.set_text(file, Text::new(text));
        let analysis = world.analysis();
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let found = complete(&analysis, file, &Text::new(text), offset as u32, None);
            for item in &found.items {
                assert!(item.replace.touches(offset as u32), "{item:?} at {offset} of {text}");
                assert!(text.get(item.replace.range()).is_some_and(|word| !word.contains('\n')), "{item:?} at {offset} of {text}");
            }
        }
    }
}

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::project::settings::Settings;
use crate::text::Text;
use crate::world::World;

fn world(files: &[(&str, &str)]) -> (Arc<Analysis>, FileId, u32) {
    let folder = Path::new("/in-memory");
    let mut world = World::new(folder, vec![folder.join(files[0].0)], Settings::default());
    let mut cursor = None;
    for (name, text) in files {
        let file = world.vfs().id(&folder.join(name));
        if let Some(at) = text.find("|>") {
            cursor = Some((file, at as u32));
        }
        world.set_text(file, Text::new(&text.replacen("|>", "", 1)));
    }
    let (file, offset) = cursor.expect("a cursor");
    (world.analysis(), file, offset)
}

/// The texts afterwards, or why not.
fn renamed(files: &[(&str, &str)], name: &str) -> Result<Vec<String>, String> {
    let (analysis, file, offset) = world(files);
    let renaming = match rename(&analysis, file, offset, name) {
        Ok(Some(renaming)) => renaming,
        Ok(None) => return Err("no name".into()),
        Err(Refusal(reason)) => return Err(reason),
    };
    let mut out = Vec::new();
    for (path, text) in files {
        let id = analysis.project.vfs.id(&Path::new("/in-memory").join(path));
        let mut text = text.replacen("|>", "", 1);
        for place in renaming.places.iter().rev().filter(|place| place.file == id) {
            text.replace_range(place.span.range(), &renaming.name);
        }
        if let Some((place, new)) = renaming.settings.iter().find(|(place, _)| place.file == id) {
            text.replace_range(place.span.range(), new);
        }
        out.push(text);
    }
    Ok(out)
}

fn one(text: &str, name: &str) -> Result<String, String> {
    renamed(&[("nginx.conf", text)], name).map(|mut texts| texts.remove(0))
}

fn http(inside: &str) -> String {
    format!("events {{ }} http {{ {inside} }}")
}

#[test]
fn each_sort_of_name() {
    for (before, name, after) in [
        (
            "map $host $po|>ol { default 1; } server { set $Pool \"a${pool}b-$pool\"; location ~ ^/$pool$ { } }",
            "$group",
            "map $host $group { default 1; } server { set $group \"a${group}b-$group\"; location ~ ^/$pool$ { } }",
        ),
        ("server { location ~ ^/(?<i|>d>.) { return 200 $id$idx; } }", "key", "server { location ~ ^/(?<key>.) { return 200 $key$idx; } }"),
        (
            "upstream a|>pi { server api:80; } server { location / { proxy_pass https://API:443/api; } location /b { grpc_pass api; } }",
            "web",
            "upstream web { server api:80; } server { location / { proxy_pass https://web:443/api; } location /b { grpc_pass web; } }",
        ),
        (
            "log_format main '$host main'; server { access_log /main ma|>in; }",
            "short",
            "log_format short '$host main'; server { access_log /main short; }",
        ),
        (
            "limit_req_zone $host zone=one:1m rate=1r/s; limit_conn_zone $host zone=one2:1m; server { limit_req burst=1 zone=o|>ne; }",
            "two",
            "limit_req_zone $host zone=two:1m rate=1r/s; limit_conn_zone $host zone=one2:1m; server { limit_req burst=1 zone=two; }",
        ),
        (
            "proxy_cache_path /k \"keys_zone=k|>:1m\"; server { location / { proxy_cache k; } }",
            "pages",
            "proxy_cache_path /k \"keys_zone=pages:1m\"; server { location / { proxy_cache pages; } }",
        ),
        (
            "server { error_page 404 @do|>wn; location @down { } } server { error_page 404 @down; location @down { } }",
            "gone",
            "server { error_page 404 @gone; location @gone { } } server { error_page 404 @down; location @down { } }",
        ),
    ] {
        assert_eq!(one(&http(before), name), Ok(http(after)), "{before}");
    }
}

#[test]
fn protocols_are_apart() {
    let text = "http { map $host $a|>b { } server { return 200 $ab; } } stream { map $ssl_preread_server_name $ab { } server { proxy_pass $ab; } } events { }";
    let wanted = "http { map $host $x { } server { return 200 $x; } } stream { map $ssl_preread_server_name $ab { } server { proxy_pass $ab; } } events { }";
    assert_eq!(one(text, "x"), Ok(wanted.into()));
}

#[test]
fn files_that_are_included() {
    let files = [
        ("nginx.conf", "events { } http { include up.conf; server { include loc.conf; } server { include loc.conf; location @b { } } }"),
        ("up.conf", "upstream api { server a:1; }"),
        ("loc.conf", "location / { proxy_pass http://a|>pi; error_page 404 @b; }"),
    ];
    let texts = renamed(&files, "web").expect("it can be");
    assert_eq!(texts[1..], ["upstream web { server a:1; }", "location / { proxy_pass http://web; error_page 404 @b; }"]);
    let files = [files[0], files[1], ("loc.conf", "location / { error_page 404 @|>b; }")];
    // One of the servers has no such location, and the name in the file is both servers'.
    let texts = renamed(&files, "c").expect("it can be");
    assert!(texts[0].ends_with("location @c { } } }"), "{texts:?}");
    assert_eq!(texts[2], "location / { error_page 404 @c; }");
}

#[test]
fn lua_that_says_the_name() {
    let text = http(
        "server { set $us|>er 1; location / { access_by_lua_block { local v = ngx.var; if v.user then ngx.var.user = ngx.var.user_id end } } }",
    );
    let wanted = text.replace("|>", "").replace("$user", "$name").replace(".user ", ".name ").replace(".user ", ".name ");
    assert_eq!(one(&text, "name"), Ok(wanted));
}

#[test]
fn a_name_behind_a_dot_in_lua_is_one_of_lua() {
    let shared = http(
        "lua_shared_dict ca|>che 1m; server { location / { content_by_lua_block { local c = ngx.shared.cache; ngx.say(c:get('k')) } } }",
    );
    for name in ["my-cache", "my.cache", "end", "1x", "ключ"] {
        let found = one(&shared, name);
        assert!(found.as_ref().is_err_and(|found| found.contains("Lua has it behind a dot here")), "{name}: {found:?}");
    }
    assert_eq!(
        one(&shared, "my_cache"),
        Ok(shared.replace("|>", "").replace("dict cache", "dict my_cache").replace("d.cache", "d.my_cache"))
    );
    assert_eq!(one(&shared, "cache").as_deref(), Ok(&*shared.replace("|>", "")));
    let variable = http("server { set $us|>er 1; location / { content_by_lua_block { ngx.say(ngx.var.user) } } }");
    assert!(one(&variable, "end").is_err_and(|found| found.contains("Lua has it behind a dot here")));
    // Where Lua does not have it, nginx's own rules are all.
    assert!(one(&http("lua_shared_dict ca|>che 1m;"), "my-cache").is_ok());
    assert!(one(&http("server { set $us|>er 1; return 200 $user; }"), "end").is_ok());
}

#[test]
fn what_is_not_known_is_a_reason() {
    for (text, name, reason) in [
        (http("server { return 200 $ho|>st; }"), "x", "nothing here defines host"),
        (http("server { location / { proxy_pass http://b|>ackend; } }"), "x", "nothing here defines backend"),
        (
            http("map $host $p { default api; } upstream a|>pi { server a:1; } server { location / { proxy_pass http://$p; } }"),
            "x",
            "the name is computed here: it may be api",
        ),
        (
            http("server { set $a|>b 1; location / { content_by_lua_block { ngx.say(ngx.var[x]) } } }"),
            "x",
            "Lua computes the names that it asks for: ab may be one",
        ),
        (
            http("server { set $a|>b 1; location / { content_by_lua_block { f('ab') } } }"),
            "x",
            "ab stands here in a way that can't be followed",
        ),
        (
            http("upstream a|>b { server a:1; } server { location / { proxy_pass http://ab; content_by_lua_block { f('ab') } } }"),
            "x",
            "ab stands here in a way that can't be followed",
        ),
        (http("include missing.conf; server { set $a|>b 1; }"), "x", "what this include leads to is not known: it may use ab"),
        (http("ssi on; server { set $a|>b 1; }"), "x", "pages with server-side includes may ask for $ab"),
        (http("server { set $a|>b 1; return 200 $c; } map $host $c { }"), "c", "c is taken"),
        (http("server { set $a|>b 1; }"), "host", "nginx has a variable"),
        (http("server { set $a|>b 1; }"), "1a", "1a can't be a name here"),
        (http("server { set $a|>b 1; }"), "a-b", "a-b can't be a name here"),
        (http("upstream a|>b { server a:1; } server { location / { proxy_pass http://other; } }"), "other", "other is taken"),
        (http("upstream a|>b { server a:1; } server { "), "x", "nginx can't read"),
        ("server { set $a|>b 1; }".into(), "x", "the configuration around this file is not here"),
        (
            http("server { location @a|>b { } location / { content_by_lua_block { ngx.exec('@ab') } } }"),
            "x",
            "@ab stands here in a way that can't be followed",
        ),
        (http("server { location @a|>b { } location / { content_by_lua_block { ngx.exec(x) } } }"), "x", "it may be @ab"),
        (http("server { ser|>ver_name a; }"), "x", "no name"),
        (http("server { set $x$1|> 1; }"), "x", "no name"),
    ] {
        let found = one(&text, name);
        assert!(found.as_ref().is_err_and(|found| found.contains(reason)), "{text}: {found:?}");
    }
}

#[test]
fn what_can_be_renamed_is_told_before() {
    let (analysis, file, offset) = world(&[("nginx.conf", &http("server { set $a|>b 1; return 200 ${ab}; }"))]);
    let (span, name) = prepare(&analysis, file, offset).expect("it can be").expect("a name");
    assert_eq!((name.as_str(), span.len()), ("ab", 2));
    let (analysis, file, offset) = world(&[("nginx.conf", &http("server { list|>en 80; }"))]);
    assert_eq!(prepare(&analysis, file, offset), Ok(None));
}

#[test]
fn what_the_settings_say_of_an_upstream_goes_with_it() {
    let conf = http("upstream a|>pi { server 127.0.0.1:3001; } server { location / { proxy_pass http://api; } }");
    let renamed = |settings: &str, name: &str| {
        renamed(&[("nginx.conf", &conf), ("nginx-analyzer.toml", settings)], name).map(|mut texts| texts.remove(1))
    };
    let text = |key: &str| format!("[upstreams.{key}]\nroutes = [\"/api\"]\n[upstreams.other]\nclosed = false\n");
    assert_eq!(renamed(&text("api"), "back"), Ok(text("back")));
    assert_eq!(renamed(&text("\"API\""), "back.end"), Ok(text("\"back.end\"")));
    assert_eq!(renamed(&text("third"), "back"), Ok(text("third")));
    for settings in [&text("api") as &str, "upstreams.api.closed = true\nupstreams.api.base_path = \"/\"\n"] {
        let refused = renamed(settings, "other").and_then(|_| renamed(settings, "back"));
        assert!(refused.clone().is_err_and(|reason| reason.contains("nginx-analyzer.toml")), "{refused:?}");
    }
}

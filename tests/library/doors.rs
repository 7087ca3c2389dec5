//! By which doors requests come in, what is dead given them, what requests of a location look like, and what can't be told.

use std::path::Path;
use std::sync::Arc;

use nginx_analyzer::config::LocationId;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::routing::reach::{NoExample, example};
use nginx_analyzer::rules;
use nginx_analyzer::text::Text;
use nginx_analyzer::usage::entries::Brings;
use nginx_analyzer::world::{Analysis, World};

/// The analysis of files in memory; the first is the root.
fn analysis(files: &[(&str, &str)]) -> Arc<Analysis> {
    let folder = Path::new("/in-memory");
    let root = files.first().map(|(name, _)| folder.join(name)).expect("a file");
    let mut world = World::new(folder, vec![root], Settings::default());
    for (name, text) in files {
        let file = world.vfs().id(&folder.join(name));
        world.set_text(file, Text::new(text));
    }
    world.analysis()
}

fn server(inside: &str) -> Arc<Analysis> {
    analysis(&[("nginx.conf", &format!("events {{}}\nhttp {{ server {{ listen 80; {inside} }} }}\n"))])
}

/// `severity confidence message` of one rule.
fn said(rule: &str, analysis: &Analysis) -> Vec<String> {
    let findings = rules::check(analysis);
    let own = findings.iter().filter(|finding| finding.rule == rule);
    own.map(|finding| format!("{:?} {:?} {}", finding.severity, finding.confidence, finding.message)).collect()
}

/// The locations that `dead-location` names: `= /x` alone where proven, `? …` where likely, `% …` where only encoded requests get there.
fn dead(inside: &str) -> Vec<String> {
    let name = |said: &String| said.split('`').nth(1).unwrap_or_default().trim_start_matches("location ").to_owned();
    let mark = |said: &String| match () {
        () if said.contains("gets only requests such as") => "% ",
        () if said.contains("Likely") => "? ",
        () => "",
    };
    said("dead-location", &server(inside)).iter().map(|said| format!("{}{}", mark(said), name(said))).collect()
}

const NONE: [&str; 0] = [];

/// What the doors of the first server bring: a URI, `…*` for all that begins so, `?` for what is not written.
fn doors(inside: &str) -> Vec<String> {
    let analysis = server(inside);
    let view = analysis.views().next().expect("a configuration");
    let show = |brings: &Brings| match brings {
        Brings::Uri(uri) => uri.to_string(),
        Brings::Below { prefix, raw } => format!("{prefix}*{}", if *raw { " raw" } else { "" }),
        Brings::Extended => "$uri*".to_owned(),
        Brings::File(name) => format!("./{name}"),
        Brings::Unread => "?".to_owned(),
    };
    view.entries()[0].doors.iter().map(|door| format!("{} {}", door.what, show(&door.brings))).collect()
}

#[test]
fn doors_and_what_they_bring() {
    assert_eq!(doors("location / { return 200; }"), NONE);
    assert_eq!(doors("rewrite ^/a /b?x=$1 last; rewrite ^/b https://h/; rewrite ^/c /d redirect;"), ["rewrite /b"]);
    assert_eq!(
        doors("rewrite ^/(.*)$ /x/$1; rewrite ^ $request_uri; rewrite ^ /$arg_x;"),
        ["rewrite /x/*", "rewrite * raw", "rewrite /* raw"]
    );
    assert_eq!(
        doors("location /a { rewrite ^/a(.*)$ $1 break; proxy_pass http://127.0.0.1:9; proxy_ignore_headers X-Accel-Redirect; }"),
        NONE
    );
    assert_eq!(doors("location /a { rewrite ^/a(.*)$ $1 break; root /x; }"), ["rewrite *"]);
    assert_eq!(
        doors(
            "location /a { try_files $uri $uri/ /index.php$is_args$args; } location /b { try_files $uri @c; } location /c { try_files $uri =404; }"
        ),
        ["try_files /index.php"]
    );
    assert_eq!(
        doors("location /a { alias /x/; try_files /y/$uri/ /z?q=$uri; } location /b { try_files $uri /z$uri; }"),
        ["try_files $uri*", "try_files /z", "try_files /z*"]
    );
    assert_eq!(
        doors("error_page 404 /e.html; error_page 500 @e; error_page 403 https://h/; error_page 401 $x;"),
        ["error_page /e.html", "error_page /* raw"]
    );
    assert_eq!(doors("index a.html /b.html $x.html;"), ["index ./a.html", "index /b.html", "index $uri*"]);
    assert_eq!(
        doors("location / { auth_request /auth?x; mirror off; mirror /m; }"),
        ["auth_request /auth?x", "auth_request /auth", "mirror /m"]
    );
    assert_eq!(doors("location / { proxy_pass http://127.0.0.1:9; }"), ["X-Accel-Redirect ?"]);
    assert_eq!(doors("ssi on; location / { js_content a.b; }"), ["ssi ?", "js_content ?", "code ?"]);
    assert_eq!(doors("location / { wonder on; } include /nowhere/*.conf;").iter().filter(|door| door.ends_with('?')).count(), 2);
    assert_eq!(
        doors("location / { rewrite_by_lua_block { ngx.exec('/x') ngx.exec('/y' .. z) ngx.exec('@n') ngx.req.set_uri('/w') } }"),
        ["ngx.exec /x", "ngx.exec /y* raw", "Lua ?"]
    );
    assert_eq!(
        doors("location / { echo_exec @n; } location /a { echo_location @n; content_by_lua_block { ngx.location.capture('@n') } }"),
        ["echo_location @n", "ngx.location.capture @n"],
        "a subrequest takes a name for a URI"
    );
}

#[test]
fn names_that_no_uri_of_a_client_fits() {
    assert_eq!(dead("location g {} location = h {} location ^~ i {} location /a//b {} location /a/../b {} location /./c {}").len(), 6);
    assert_eq!(dead("location \"\" {} location /a. {} location /a/.. {} location /..b/ {}"), NONE);
    assert_eq!(dead("merge_slashes off; location /a//b {}"), NONE);
    assert_eq!(
        dead("location ~ ^http://h/ {} location ~ ^/a//b {} location ~ ^[^/] {} location ~ b {}"),
        ["~ ^http://h/", "~ ^/a//b", "~ ^[^/]"]
    );
    assert_eq!(dead("location ^~ / {} location ~ ^.?b {}"), ["~ ^.?b"], "`^~ /` takes all that begins with a slash");
    // Something may bring such a URI.
    assert_eq!(dead("location g {} location /x { rewrite ^/x/(.*)$ $1 last; }"), NONE);
    assert_eq!(dead("location /a//b {} location /x { rewrite ^ /a//b last; }"), NONE);
    assert_eq!(dead("location /a//b {} error_page 404 /a//b/c;"), NONE);
    assert_eq!(dead("location g {} location /x { rewrite ^/x/(.*)$ /$1 last; }"), ["g"], "this one begins with a slash");
    assert_eq!(dead("location /a//b {} location /x { rewrite ^/x/(.*)$ /$1 last; }"), NONE);
    assert_eq!(dead("location g {} location /x { proxy_pass http://127.0.0.1:9; }"), ["? g"]);
    assert_eq!(dead("location g {} location /x { proxy_pass http://127.0.0.1:9; proxy_ignore_headers X-Accel-Redirect; }"), ["g"]);
    assert_eq!(dead("location g {} location /x { content_by_lua_block { ngx.exec(ngx.var.arg_x) } }"), NONE);
}

#[test]
fn slashes_are_merged_as_the_default_server_says() {
    let http = |first: &str, second: &str| {
        let text = format!(
            "events {{}} http {{ server {{ listen 80; server_name a; {first} }} server {{ listen 80; server_name b; {second} }} }}"
        );
        said("dead-location", &analysis(&[("nginx.conf", &text)])).len()
    };
    assert_eq!(http("", "location /a//b {}"), 1);
    assert_eq!(http("merge_slashes off;", "location /a//b {}"), 0);
    assert_eq!(http("", "merge_slashes off; location /a//b {}"), 1, "the server that Host selects is not asked");
    assert_eq!(http("listen 443 ssl;", "listen 443 ssl; merge_slashes off; location /a//b {}"), 0, "SNI may have selected it");
    assert_eq!(http("listen 443 ssl;", "merge_slashes off; location /a//b {}"), 1, "the TLS of another socket says nothing of this one");
}

#[test]
fn only_encoded_requests() {
    assert_eq!(
        dead("location /a%20b {} location /q?x {} location /100% {} location /h#x {} location ~ \\?id= {} location ~ a {}").len(),
        3 + 1
    );
    assert_eq!(dead("location /a%20b {} location /x { rewrite ^ /a%20b last; }"), NONE);
    assert_eq!(dead("location /a%20b {} location /x { index a%20b; }"), NONE);
    assert_eq!(dead("location /a%20b {} location /x { index b; }"), ["% /a%20b"]);
    assert_eq!(
        dead("location /a%20b {} location /x { rewrite ^/x/(.*) /$1 last; }"),
        ["% /a%20b"],
        "a part of a URI has no more than the URI"
    );
    assert_eq!(dead("location /a%20b {} rewrite ^ $request_uri;"), NONE);
    let passed =
        "location /a%20b {} location /x { rewrite ^ /a%20b break; proxy_pass http://127.0.0.1:9; proxy_ignore_headers X-Accel-Redirect; }";
    assert_eq!(dead(passed), ["% /a%20b"]);
    assert_eq!(dead(&format!("{passed} error_page 502 $uri;")), NONE, "what failed goes on with the URI that it has");
    let said = said("dead-location", &server("location /a%20b {}"));
    assert_eq!(
        said,
        [
            "Hint Hint `location /a%20b` gets only requests such as /a%2520b: nginx compares the decoded URI, so its `%` is one that was sent as %25"
        ]
    );
}

#[test]
fn internal_locations_that_nothing_asks_for() {
    let content = "internal; root /x;";
    assert_eq!(dead(&format!("location /i/ {{ {content} }} location / {{ return 200; }}")), ["/i/"]);
    assert_eq!(dead(&format!("location = /i {{ {content} }} error_page 404 /i;")), NONE);
    assert_eq!(dead(&format!("location /i/ {{ {content} }} location / {{ rewrite ^/(.*)$ /$1 last; }}")), NONE);
    assert_eq!(dead(&format!("location /i/ {{ {content} }} location / {{ proxy_pass http://127.0.0.1:9; }}")), NONE);
    assert_eq!(dead(&format!("location /i/ {{ {content} }} location / {{ ssi on; }}")), NONE);
    assert_eq!(dead(&format!("location ~ html$ {{ {content} }}")), NONE, "`index` leads there");
    assert_eq!(dead(&format!("location ~ php$ {{ {content} }}")), ["~ php$"]);
    assert_eq!(dead(&format!("index i.php; location ~ php$ {{ {content} }}")), NONE);
    assert_eq!(dead(&format!("index i/x.html; location ^~ /i/ {{ {content} }}")), NONE, "a file with a folder of its own");
    assert_eq!(dead(&format!("index i/x.html; location ^~ /a/i/x {{ {content} }}")), NONE);
    assert_eq!(dead(&format!("index x/i.html; location ^~ /i/ {{ {content} }}")), ["^~ /i/"]);
    assert_eq!(dead("location /i/ { internal; } location /j { internal; deny all; }"), NONE, "they keep clients away");
    let said = said("dead-location", &server(&format!("location /i/ {{ {content} }}")));
    assert_eq!(
        said,
        [
            "Warning Proven no request is ever served by `location /i/`: it is `internal`, and nothing in server *:80 sends one there; clients get 404"
        ]
    );
}

#[test]
fn a_file_that_two_servers_include() {
    let conf = |second: &str| {
        let text = format!("events {{}} http {{ server {{ listen 80; include x; }} server {{ listen 81; {second} include x; }} }}");
        said("dead-location", &analysis(&[("nginx.conf", &text), ("x", "location g { }\n")])).len()
    };
    assert_eq!(conf(""), 1);
    assert_eq!(conf("rewrite ^/(.*)$ $1;"), 0);
}

/// The example of each location, `(line of the condition)` where there is one; why not, where there is none.
fn examples(inside: &str) -> Vec<String> {
    let analysis = server(inside);
    let view = analysis.views().next().expect("a configuration");
    let show = |index| match example(view.config, view.router(), LocationId(index), true) {
        Ok(example) if example.unless.is_empty() => example.target,
        Ok(example) => format!("{} unless", example.target),
        Err(NoExample::Unclear(_)) => "unclear".to_owned(),
        Err(why) => format!("{why:?}").split('(').next().unwrap_or_default().to_lowercase(),
    };
    (0..view.config.locations.len() as u32).map(show).collect()
}

#[test]
fn examples_read_well() {
    assert_eq!(
        examples("location /api/v2/ {} location = /x {} location /y {} location ~ \\.php$ {} location / {}"),
        ["/api/v2/x", "/x", "/y", "/x.php", "/"]
    );
    assert_eq!(examples("location ~ ^/a/x {} location /a/ {} location ~ ^/b(?!/x) {} location '/c d' {}"), ["/a/x", "/a/", "/b", "/c%20d"]);
    assert_eq!(examples("location @n {} location /i { internal; } location g {}"), ["named", "internal", "noclient"]);
    assert_eq!(examples("location /a/ { location ~ ^/a/ {} }"), ["/a/", "/a/"], "what is nested shows the way");
    assert_eq!(examples("location ~ (?=/q)(?!/qx) {} location ~ /\\.(?!well-known) {}"), ["unclear", "/.x"]);
    assert_eq!(examples("location /a/ { proxy_pass http://x; } location = /a {}"), ["/a/x", "/a"]);
}

#[test]
fn what_the_server_does_first() {
    assert_eq!(examples("return 301 /x; location /a {}"), ["returns"]);
    assert_eq!(examples("rewrite ^ /x; location /a {}"), ["rewritten"]);
    assert_eq!(examples("rewrite ^/a$ /x; location /a {}"), ["/a/x"]);
    assert_eq!(examples("if ($host = x) { return 301 /; } location /a {}"), ["/a unless"]);
    assert_eq!(examples("if ($host = x) { set $y 1; } if ($uri ~ ^/b) { return 403; } location /a {}"), ["/a"]);
}

/// What can't be told, without its beginning.
fn unsettled(inside: &str) -> Vec<String> {
    let analysis = server(inside);
    let notes = rules::unsettled::notes(&analysis, &rules::check(&analysis));
    notes.into_iter().map(|note| note.message.replace("can't tell whether `location ", "")).collect()
}

#[test]
fn what_can_not_be_told() {
    assert_eq!(unsettled("location /a {} location ~ b {} location @c {}"), NONE);
    assert_eq!(
        unsettled("location ~ (?=/q)(?!/qx) {}"),
        ["~ (?=/q)(?!/qx)` is reached: its regex has look-around, which no automaton follows"]
    );
    assert_eq!(
        unsettled("location ~ ^/(.*)\\\\1$ {} location /${NAME} {}"),
        ["/${NAME}` is reached: its name is filled in before nginx reads it"],
        "a back-reference is no hindrance where a guess hits"
    );
    let moved = unsettled("location g {} location /x { rewrite ^/x/(.*)$ $1 last; }");
    assert_eq!(moved, ["g` is reached: no client can send a URI that it takes, but this rewrite makes URIs that it may take"]);
    let internal = unsettled("location /i/ { internal; root /x; } location / { proxy_pass http://127.0.0.1:9; }");
    assert!(internal.len() == 1 && internal[0].contains("X-Accel-Redirect"), "{internal:?}");
    let computed = unsettled("location /i/ { internal; root /x; } location / { content_by_lua_block { ngx.exec(ngx.var.arg_x) } }");
    assert_eq!(computed, ["/i/` is reached: the target of this ngx.exec is computed"]);
    let named = unsettled("location @n { return 200; } location / { try_files $uri $x; }");
    assert!(named.len() == 1 && named[0].starts_with("@n` is reached: "), "{named:?}");
    let likely = unsettled("location g {} location / { proxy_pass http://127.0.0.1:9; }");
    assert!(likely.len() == 1 && likely[0].starts_with("g` is reached: what answers here"), "{likely:?}");
}

//! Proofs on small configurations.

use super::*;
use crate::routing::testing::load;

/// The dead locations of a server: the location as written, `<` and those that take its requests.
fn dead(locations: &str) -> Vec<String> {
    let (config, router) = load(&format!("http {{ server {{ listen 80; {locations} }} }}"));
    let name = |id: LocationId| config.location(id).matcher.display();
    let show = |dead: Dead| {
        let takers: Vec<String> = dead.takes_over.iter().map(|id| name(*id)).collect();
        let rest = if dead.redirects.is_empty() { "" } else { " redirects" };
        let guard = dead.guards_against.map_or(String::new(), |id| format!(" guards against {}", name(id)));
        format!("{} < {}{rest}{guard}", name(dead.location), takers.join(" | "))
    };
    dead_locations(&config, &router).into_iter().map(show).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn regexes_over_prefixes() {
    assert_eq!(dead("location ~ ^/ {} location / {} location /a {} location = /b {} location ^~ /c {}"), ["/ < ~ ^/", "/a < ~ ^/"]);
    assert_eq!(dead("location ~ ^/.*$ {} location / {}"), NONE);
    assert_eq!(dead("location ~ ^/a/(x|$) {} location ~ ^/a/[^x] {} location /a/ {}"), ["/a/ < ~ ^/a/(x|$) | ~ ^/a/[^x]"]);
    assert_eq!(dead("location ~ ^/a/[^x] {} location = /a/ {} location /a/x {} location /a/ {}"), ["/a/ < = /a/ | ~ ^/a/[^x] | /a/x"]);
    assert_eq!(dead("location ~* ^/A {} location /a {}"), ["/a < ~* ^/A"]);
    assert_eq!(dead("location ~ ^/A {} location /a {}"), NONE);
}

#[test]
fn regexes_over_regexes() {
    assert_eq!(dead("location ~ . {} location ~ \\.php$ {}"), [r"~ \.php$ < ~ ."]);
    assert_eq!(dead("location ~ ^.*a$ {} location ~ ^b {} location ~ (^b|a\\z) {}"), NONE, "a line feed inside");
    assert_eq!(dead("location ~ a$ {} location ~ ^b {} location ~ ^(b|[a-z]*a\\z) {}"), [r"~ ^(b|[a-z]*a\z) < ~ a$ | ~ ^b"]);
    assert_eq!(dead("location ~* a {} location ~ a {}"), ["~ a < ~* a"]);
    assert_eq!(dead("location ~ a(?!b) {} location ~ a(?!b) {} location ~ a(?!bc) {}"), ["~ a(?!b) < ~ a(?!b)"]);
    assert_eq!(dead("location ~ a(?!b) {} location ~ a {} location ~ a(?=c) {}"), NONE);
    assert_eq!(dead("location ~ a$b {} location ~ [^\\s\\S] {}").len(), 1, "one is no regular expression that is understood");
}

#[test]
fn no_regex_over_regexes() {
    assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/.*\\.js$ {}"), [r"~ ^/s/.*\.js$ < ^~ /s/"]);
    assert_eq!(dead("location ^~ /s/ {} location /s/t/ {} location ~ ^/s/.*\\.js$ {}"), NONE);
    assert_eq!(dead("location ^~ / {} location ~ ^/a {}"), ["~ ^/a < ^~ /"]);
    assert_eq!(dead("location ^~ / {} location ~ a {}"), NONE, "a rewritten URI may lack the slash");
    assert_eq!(dead("location / { location ^~ /a {} } location ~ ^/a {}"), ["^~ /a < ~ ^/a"], "`^~` holds for its own level");
}

#[test]
fn nested() {
    assert_eq!(dead("location /a/ { location ~ ^/b/ {} }"), ["~ ^/b/ < "]);
    assert_eq!(dead("location /a/ { location ~ \\.php$ {} return 200; } location ~ ^/a/ {}"), NONE);
    assert_eq!(dead("location /a { location /a/b {} } location /a/ {}"), ["/a/b < /a/"]);
    assert_eq!(dead("location /a { location = /a/b {} } location /a/ {}"), ["= /a/b < /a/"]);
    assert_eq!(dead("location ~ /a { location /a/b { location = /a/b/c {} } location ~ z {} }"), ["/a/b < ~ /a"]);
    // Dead with all that is in it: one finding.
    assert_eq!(dead("location ~ ^/ {} location /a { location /a/b {} }"), ["/a < ~ ^/"]);
    // A regex nested in a prefix is tried before one further out, whatever that one matches.
    assert_eq!(dead("location ~ ^/ {} location /a { location ~ (?=x)x {} }"), NONE);
    assert_eq!(dead("location /a { location ~ a(?!b) {} } location ~ a {}"), NONE);
}

#[test]
fn what_remains() {
    assert_eq!(dead("location ~ ^/a {} location /a/ { proxy_pass http://x; }"), ["/a/ < ~ ^/a redirects"]);
    assert_eq!(dead("location ~ ^/a {} location = /a {} location /a/ { proxy_pass http://x; }"), ["/a/ < ~ ^/a"]);
    assert_eq!(dead("location ^~ / {} location ~ ^/a {} location /a {}"), ["/a < ~ ^/a guards against ^~ /"]);
}

#[test]
fn duplicates_and_named() {
    assert_eq!(dead("location /a {} location ^~ /a {} location = /a {}"), ["^~ /a < /a"]);
    assert_eq!(dead("location @a {} location @a {} location @b {}"), ["@a < @a"]);
    assert_eq!(dead("location ~ . {} location @a {}"), NONE, "no search gets to a named location, and none need to");
}

#[test]
fn what_is_not_seen() {
    assert_eq!(dead("location ~ ^/${X} {} location ^~ /${X} {} location ~ ^/a {} location /a {}"), ["/a < ~ ^/a"]);
    assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/x {} location /${X} {}"), NONE, "that one may open /s/x again");
    assert_eq!(dead("location ^~ /s/ {} location ~ ^/s/x {} include /nowhere/known/*.conf;"), NONE, "so may what is included");
    assert_eq!(dead("location ~ ^/s {} location /s/ {} include /nowhere/known/*.conf;"), ["/s/ < ~ ^/s"]);
    assert_eq!(dead("location ~ ^/s {} location /s/ { include /nowhere/known/*.conf; }"), NONE, "a nested regex would live");
}

#[test]
fn large_automata_are_given_up() {
    let (config, router) = load(
        "http { server { location ~ \"^(.*a.{200}){20}b\" {} location ~ \"^/[ab]*a[ab]{30}$\" {} location ~ \"[ab]*a[ab]{30}\\z\" {} } }",
    );
    assert!(dead_locations(&config, &router).is_empty());
}

#[test]
fn answered_by_the_server() {
    assert_eq!(dead("return 404; location /a { location /a/b {} } location @b {}"), ["/a < "]);
    assert_eq!(dead("return 404; location ~ a {} location ~ ab {}"), ["~ a < ", "~ ab < "]);
    assert_eq!(dead("return 404; location /a {} location /a {} location /b {}"), ["/a < ", "/a < /a", "/b < "]);
    let sent = "rewrite ^ /a/b last; location /a { location = /a/b {} location /a/c {} } location / {}";
    assert_eq!(dead(sent), ["/a/c < = /a/b", "/ < = /a/b"]);
    assert_eq!(dead("if ($a) { return 404; } location /a {}"), NONE);
}

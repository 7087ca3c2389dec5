//! The same as `doors.rs` for what modules do that are not part of nginx itself: Lua, echo, fancyindex, nchan and Perl send requests on by code
//! and by directives of their own, and nothing that they can do gets to a location that is called dead.

use std::path::Path;

use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::routing::uri;
use nginx_analyzer::text::Text;
use nginx_analyzer::world::World;

use crate::doors::{FILES, NAMES, REGEXES, TARGETS, moves, said};
use crate::live::{Nginx, binary};
use crate::support::{Random, seeds};

/// Where one is missing, the test says that it is skipped.
const MODULES: [&str; 5] =
    ["ndk_http_module.so", "ngx_http_lua_module.so", "ngx_http_echo_module.so", "ngx_http_fancyindex_module.so", "ngx_nchan_module.so"];

/// Where requests of Lua go, written in all the ways that people write it. `URI` is where to.
const MOVES: [&str; 46] = [
    "ngx.exec('URI')",
    "ngx.exec \"URI\"",
    "ngx.exec([[URI]])",
    "ngx.exec('URI', { a = 1 })",
    "ngx.exec('URI', 'a=1')",
    "local exec = ngx.exec return exec('URI')",
    "local u = 'URI' ngx.exec(u)",
    "local u = 'URI' if ngx.var.arg_q then u = u .. ngx.var.arg_q end ngx.exec(u)",
    "local n = ngx n.exec('URI')",
    "ngx['exec']('URI')",
    "local name = 'ex' .. 'ec' ngx[name]('URI')",
    "_G.ngx.exec('URI')",
    "local t = { go = ngx.exec } t.go('URI')",
    "local function go(f, ...) f(...) end go(ngx.exec, 'URI')",
    "local function go(u) ngx.exec(u) end go('URI')",
    "local function to() return 'URI' end ngx.exec(to())",
    "pcall(ngx.location.capture, 'URI')",
    "xpcall(ngx.location.capture, function() end, 'URI')",
    "ngx.thread.wait(ngx.thread.spawn(ngx.location.capture, 'URI'))",
    "ngx.location.capture('URI')",
    "ngx.location.capture('URI', { method = ngx.HTTP_POST })",
    "local capture = ngx.location.capture capture('URI')",
    "ngx.location.capture_multi({ { '/nothing' }, { 'URI', { args = 'a=1' } } })",
    "ngx.location.capture_multi { { [2] = { body = 'x' }, [1] = 'URI' } }",
    "local all = {} all[#all + 1] = { 'URI' } ngx.location.capture_multi(all)",
    "loadstring(\"ngx.exec('URI')\")()",
    "ngx.exec(string.format('%s', 'URI'))",
    "ngx.exec(('URI'):gsub('zzz', ''))",
    "ngx.exec(ngx.var.uri .. 'x')",
    "ngx.exec('URI' .. (ngx.var.arg_q or ''))",
    "getfenv().ngx.exec('URI')",
    "require('moves').go('URI')",
    "ngx.exec('@' .. (ngx.var.arg_q or 'n'))",
    "ngx.exec('@' .. string.char(110))",
    "ngx.exec('\\064n')",
    "ngx.exec(table.concat({ '@', 'n' }))",
    "local to = { a = 'URI' } ngx.exec(to.a)",
    "ngx.var.to = 'URI' ngx.exec(ngx.var.to)",
    "for _, u in ipairs({ 'URI' }) do ngx.location.capture(u) end",
    "local ok, go = pcall(require, 'moves') go.go('URI')",
    "local go = require 'moves'.go go('URI')",
    "ngx.req.set_header('X-To', 'URI') ngx.exec(ngx.var.http_x_to)",
    "local function f() return ngx end f().exec('URI')",
    "local e e = ngx.exec e('URI')",
    "local to = ngx.exec; (to)('URI')",
    "(function(n) n.exec('URI') end)(ngx)",
];
/// The same for the phase in which the URI may be changed.
const CHANGES: [&str; 5] = [
    "ngx.req.set_uri('URI', true)",
    "ngx.req.set_uri('URI')",
    "local jump = ngx.var.arg_q == nil ngx.req.set_uri('URI', jump)",
    "local set = ngx.req.set_uri set('URI', true)",
    "ngx.req.set_uri(ngx.var.uri .. '/', true)",
];
/// Directives that send a request on.
const DIRECTIVES: [&str; 8] = [
    "echo_exec URI;",
    "echo_location URI;",
    "echo_location_async URI;",
    "echo_subrequest GET URI;",
    "echo_subrequest_async POST URI;",
    "echo_before_body x; echo_exec URI q=1;",
    "fancyindex on; fancyindex_header URI subrequest;",
    "nchan_publisher; nchan_channel_id x; nchan_authorize_request URI;",
];
/// What all code has, and its calls.
const GLOBALS: [(&str, &str); 4] = [
    ("go_on = ngx.exec", "go_on('URI')"),
    ("capture = ngx.location.capture", "capture('URI')"),
    ("forward = function(...) return ngx.location.capture(...) end", "forward('URI')"),
    ("back = '/i/x'", "if not back then back = '/e' end ngx.exec(back)"),
];

fn code(random: &mut Random, of: &[&str]) -> String {
    let target = random.pick(&TARGETS);
    let target = match random.below(8) {
        0 => "@n".to_owned(),
        1 => format!("{target}?a=1"),
        2 => random.pick(&["/i/", "/i/x", "/i", "/a//b"]).to_owned(),
        _ => target.to_owned(),
    };
    random.pick(of).replace("URI", &target.replace('$', ""))
}

fn way_on(random: &mut Random, known: &[&str], out: &mut String) {
    match random.below(8) {
        0..=2 => out.push_str(&format!("content_by_lua_block {{ {} }}\n", code(random, known))),
        3 => out.push_str(&format!("access_by_lua_block {{ {} }}\n", code(random, known))),
        4 => {
            let first = 1 + random.below(CHANGES.len());
            out.push_str(&format!("rewrite_by_lua_block {{ {} }}\n", code(random, &CHANGES[..first])));
        }
        5 => out.push_str(&format!("rewrite_by_lua_block {{ {} }}\n", code(random, known))),
        6 => out.push_str(&format!("{}\n", code(random, &DIRECTIVES))),
        _ => moves(random, true, out),
    }
}

fn location(random: &mut Random, known: &[&str], modifier: &str, name: &str, number: &mut u32, depth: usize, out: &mut String) {
    let this = *number;
    *number += 1;
    out.push_str(&format!(
        "location {modifier} \"{}\" {{\nset_by_lua_block $seen {{ ngx.shared.seen:set({this}, true) return '' }}\n",
        name.replace('\\', "\\\\")
    ));
    if random.below(3) == 0 {
        out.push_str("internal;\n");
    }
    match random.below(4) {
        0 => out.push_str("return 204;\n"),
        1 => moves(random, true, out),
        _ => way_on(random, known, out),
    }
    if depth > 0 && matches!(modifier, "" | "^~") && !name.starts_with('@') && random.below(3) == 0 {
        let nested = format!("{name}{}", random.pick(&["x", "/i", "//b", "i/x.html", "..", "/"]));
        let modifier = random.pick(&["=", ""]);
        location(random, known, modifier, &nested, number, depth - 1, out);
    }
    out.push_str("}\n");
}

/// The servers, and how many locations the first has.
fn servers(random: &mut Random) -> (String, u32) {
    let mut out = "lua_shared_dict seen 1m;\nlua_package_path \"$prefix/html/?.lua;;\";\n".to_owned();
    // What a person writes is alike; of all ways at once little could be said.
    let mut known: Vec<&str> = (0..1 + random.below(2)).map(|_| random.pick(&MOVES)).collect();
    if random.below(3) == 0 {
        let (global, call) = GLOBALS[random.below(GLOBALS.len())];
        out.push_str(&format!("init_by_lua_block {{ {global} }}\n"));
        known.push(call);
    }
    let known = &known[..];
    out.push_str("server { listen 80; server_name h; set $to \"\";\n");
    if random.below(6) == 0 {
        out.push_str(&format!("rewrite_by_lua_block {{ if ngx.var.arg_z then {} end }}\n", code(random, &CHANGES)));
    }
    let mut used: Vec<String> = Vec::new();
    let mut number = 0;
    for _ in 0..3 + random.below(8) {
        let regex = random.below(6) == 0;
        let modifier = if regex { "~" } else { random.pick(&["", "", "=", "^~"]) };
        let name = if regex { random.pick(&REGEXES) } else { random.pick(&NAMES) };
        let key = format!("{} {name}", modifier.replace("^~", ""));
        if used.contains(&key) {
            continue;
        }
        used.push(key);
        location(random, known, modifier, name, &mut number, 1, &mut out);
    }
    location(random, known, "", "@n", &mut number, 0, &mut out);
    out.push_str("}\n");
    // Who asks it learns which locations requests came to since it was asked last.
    out.push_str(
        "server { listen 80; server_name seen; location / { content_by_lua_block {
    local numbers = table.concat(ngx.shared.seen:get_keys(0), ' ')
    ngx.shared.seen:flush_all()
    ngx.header.content_length = #numbers
    ngx.print(numbers)
} } }\n",
    );
    (out, number)
}

#[test]
fn requests_that_modules_move() {
    let Some(binary) = binary() else { return };
    let folder = Path::new("/usr/lib/nginx/modules");
    if let Some(missing) = MODULES.iter().find(|module| !folder.join(module).exists()) {
        println!("skipped: {missing} is not installed");
        return;
    }
    let top: String = MODULES.iter().map(|module| format!("load_module {}; ", folder.join(module).display())).collect();
    let module = "local M = {} function M.go(uri) return ngx.exec(uri) end return M";
    let mut files: Vec<(&str, &str)> = FILES.iter().map(|file| (*file, "file")).collect();
    files.push(("moves.lua", module));
    let (mut started, mut asked, mut dead, mut proven, mut seen, mut gone, mut wrong) = (0, 0, 0, 0, 0, 0, 0);
    let seeds = seeds(60);
    for seed in seeds.clone() {
        let mut random = Random::new(seed + 90_000);
        let (servers, count) = servers(&mut random);
        let path = Path::new("/work-in-memory/nginx.conf");
        let mut world = World::new(Path::new("/work-in-memory"), vec![path.to_path_buf()], Settings::default());
        let lua = Path::new("/work-in-memory/html/moves.lua");
        for (path, text) in [(path, format!("{top}\nevents {{}}\nhttp {{\n{servers}\n}}\n").as_str()), (lua, module)] {
            let file = world.vfs().id(path);
            world.set_text(file, Text::new(text));
        }
        let said = said(&mut world);
        let nginx = match Nginx::start_as(&binary, &top, &servers, &files) {
            Ok(nginx) => nginx,
            Err(said) => {
                println!("seed {seed}: {said}");
                continue;
            }
        };
        started += 1;
        dead += said.len();
        proven += said.iter().filter(|claim| claim.proven).count();
        let mut wanted: Vec<String> = Vec::new();
        for name in NAMES.iter().chain(&TARGETS) {
            wanted.push(uri::encode(format!("/{}", name.trim_start_matches('/')).as_bytes()));
            wanted.push(format!("/{}{}", name.trim_start_matches('/').replace([' ', '$'], ""), random.pick(&["", "?q=1", "?z=1", "/"])));
        }
        for target in wanted {
            let answers = nginx.attempt("GET", target.as_bytes(), "h").and_then(|_| nginx.attempt("GET", b"/", "seen"));
            let Ok(answer) = answers else {
                // Subrequests of several modules in one request may crash nginx, or wait for each other.
                gone += 1;
                break;
            };
            asked += 1;
            let (_, numbers) = answer.split_once("\r\n\r\n").unwrap_or_default();
            for number in numbers.split_whitespace().filter_map(|number| number.parse::<u32>().ok()) {
                seen += 1;
                assert!(number < count);
                let claim = said.iter().find(|claim| claim.location.0 == number);
                wrong += usize::from(claim.is_some());
                let proven = claim.filter(|claim| claim.proven).map(|claim| &claim.message);
                assert!(proven.is_none(), "seed {seed}: {target} gets to location {number}: {proven:?}\n{servers}");
            }
        }
    }
    println!(
        "{started} configurations, {gone} at which nginx crashed or did not answer, {asked} requests that came to {seen} locations, {dead} dead ones ({proven} proven, of the others {wrong} requests came to one)"
    );
    assert!(started * 2 > seeds.count() && proven > 0);
}

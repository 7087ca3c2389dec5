//! Directives that make the answer: each sets its location's content handler (`clcf->handler`), of which there is one.

/// Directives with which nginx's own modules pass requests on.
pub const PASSES: [&str; 6] = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"];

/// The module of a directive that sets the content handler of the block it stands in; `None` for any other.
pub fn content_handler(directive: &str) -> Option<&'static str> {
    Some(match directive {
        "proxy_pass" => "proxy",
        "fastcgi_pass" => "fastcgi",
        "uwsgi_pass" => "uwsgi",
        "scgi_pass" => "scgi",
        "grpc_pass" => "grpc",
        "memcached_pass" => "memcached",
        "content_by_lua" | "content_by_lua_block" | "content_by_lua_file" => "lua",
        "js_content" => "js",
        "perl" => "perl",
        "empty_gif" => "empty_gif",
        "stub_status" => "stub_status",
        "flv" => "flv",
        "mp4" => "mp4",
        // Those of the echo module that speak in the content phase.
        "echo" | "echo_duplicate" | "echo_exec" | "echo_location" | "echo_location_async" | "echo_subrequest" | "echo_subrequest_async" => {
            "echo"
        }
        _ => return None,
    })
}

/// True for one that passes requests to an upstream: in a location whose name ends in a slash it also answers the name without it by a
/// redirect, and a `limit_except` of the location takes it over.
pub fn passes(directive: &str) -> bool {
    PASSES.contains(&directive)
}

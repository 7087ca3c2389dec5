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

/// Directives of other modules that set it, too; what these answer is their own matter.
const OTHERS: [&str; 35] = [
    "api",
    "check_status",
    "drizzle_status",
    "dyups_interface",
    "echo_flush",
    "echo_foreach_split",
    "echo_read_request_body",
    "echo_request_body",
    "echo_sleep",
    "f4f",
    "hls",
    "mruby_content_handler",
    "mruby_content_handler_code",
    "nchan_group_location",
    "nchan_publisher",
    "nchan_publisher_location",
    "nchan_pubsub",
    "nchan_pubsub_location",
    "nchan_stub_status",
    "nchan_subscriber",
    "nchan_subscriber_info",
    "nchan_subscriber_location",
    "push_stream_channels_statistics",
    "push_stream_publisher",
    "push_stream_subscriber",
    "push_stream_websocket",
    "report_uploads",
    "req_status_show",
    "rtmp_control",
    "rtmp_stat",
    "status",
    "upstream_conf",
    "upstream_show",
    "vhost_traffic_status_display",
    "vod",
];

/// True for a directive that sets the content handler of the block it stands in, by its name and how many arguments it has.
pub fn answers(name: &str, arguments: usize) -> bool {
    // With two, a zone and a key, it makes of its location one that purges (`ngx_http_proxy_cache_purge_conf`).
    let purges = name.ends_with("_cache_purge") && arguments == 2;
    content_handler(name).is_some() || name.ends_with("_pass") || OTHERS.contains(&name) || purges
}

/// True for one that passes requests to an upstream: in a location whose name ends in a slash it also answers the name without it by a
/// redirect, and a `limit_except` of the location takes it over.
pub fn passes(directive: &str) -> bool {
    PASSES.contains(&directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_of_others_answer_too() {
        for (name, arguments) in [("nchan_subscriber", 0), ("report_uploads", 1), ("redis_pass", 1), ("proxy_cache_purge", 2)] {
            assert!(answers(name, arguments), "{name}");
        }
        assert!(!answers("proxy_cache_purge", 3), "by a method, where another handler answers");
        assert!(!answers("nchan_channel_id", 1) && !answers("root", 1));
    }
}

//! Servers that are not read: a file that has one makes the application open, whatever else it has. One container may listen on several
//! ports, and each upstream may mean any of them.

use std::sync::LazyLock;

use super::facts::{Facts, Why};
use super::making::Doubts;

/// What makes or starts a server, by language. What readers find by imports and values is not here.
const SERVERS: &[(&str, &[(&str, Why)])] = &[
    (
        "Python",
        &[
            ("aiohttp.web.", Why::Option),
            ("start_http_server(", Why::Option),
            ("start_wsgi_server(", Why::Option),
            ("HTTPServer(", Why::Option),
            ("asyncio.start_server(", Why::Option),
            ("websockets.serve(", Why::Option),
            ("from websockets.server import", Why::Option),
            ("from websockets.asyncio.server import", Why::Option),
            ("from websockets import serve", Why::Option),
            ("grpc.server(", Why::Option),
            ("grpc.aio.server(", Why::Option),
            ("tornado.web.", Why::Option),
        ],
    ),
    (
        "JavaScript",
        &[
            ("Bun.serve", Why::Option),
            ("Deno.serve", Why::Option),
            ("handleUpgrade", Why::Option),
            ("WebSocketServer(", Why::Option),
            ("WebSocket.Server", Why::Option),
            ("ws.Server(", Why::Option),
            ("createHTTPServer", Why::Option),
            ("startStandaloneServer", Why::Option),
            ("grpc.Server(", Why::Option),
            ("net.createServer", Why::Option),
            ("createTerminus", Why::Option),
            ("createLightship", Why::Option),
            ("skip-override", Why::Option),
            ("router.stack", Why::Computed),
            ("new Proxy(", Why::Computed),
        ],
    ),
    (
        "Go",
        &[
            ("fasthttp.ListenAndServe", Why::Option),
            ("fasthttp.Server{", Why::Option),
            ("grpc.NewServer(", Why::Option),
            ("rpc.HandleHTTP(", Why::Option),
            ("cgi.Serve(", Why::Option),
            ("fcgi.Serve(", Why::Option),
        ],
    ),
    (
        "Rust",
        &[
            ("hyper::server", Why::Option),
            ("hyper::service", Why::Option),
            ("hyper_util::server", Why::Option),
            ("warp::", Why::Option),
            ("tiny_http::", Why::Option),
            ("rouille::", Why::Option),
            ("tide::", Why::Option),
            ("poem::", Why::Option),
            ("salvo::", Why::Option),
            ("gotham::", Why::Option),
            ("ntex::", Why::Option),
            ("viz::", Why::Option),
            ("pavex::", Why::Option),
            ("loco_rs::", Why::Option),
            ("tonic::transport::Server", Why::Option),
            ("with_http_listener", Why::Option),
            ("metrics_exporter_prometheus::PrometheusBuilder::new().install()", Why::Option),
            ("PrometheusBuilder", Why::Option),
            ("axum_extra::routing", Why::Option),
            ("route_with_tsr", Why::Option),
            ("TypedPath", Why::Option),
            ("tungstenite", Why::Option),
        ],
    ),
    (
        "Java",
        &[
            ("NanoHTTPD", Why::Option),
            ("io.prometheus.client.exporter.HTTPServer", Why::Option),
            ("io.prometheus.metrics.exporter.httpserver", Why::Option),
            ("ServerBuilder.forPort", Why::Option),
            ("NettyServerBuilder", Why::Option),
            ("new ServerSocket(", Why::Option),
            ("HttpServer.create(", Why::Option),
            ("Vertx.vertx(", Why::Option),
            ("org.apache.catalina.startup.Tomcat", Why::Option),
            ("org.java_websocket", Why::Option),
            ("socketio.SocketIOServer", Why::Option),
            ("HttpUtil.createServer(", Why::Option),
            ("new SimpleServer(", Why::Option),
        ],
    ),
    (
        "C#",
        &[
            ("MetricServer(", Why::Option),
            ("new TcpListener(", Why::Option),
            ("WebHost.Start", Why::Option),
            ("EmbedIO", Why::Option),
            ("WatsonWebserver", Why::Option),
        ],
    ),
    (
        "Ruby",
        &[
            ("Rack::Handler::", Why::Option),
            ("Rackup::Handler::", Why::Option),
            ("Rackup::Server", Why::Option),
            ("Rack::Server", Why::Option),
            ("TCPServer.", Why::Option),
            ("Puma::Server.new", Why::Option),
            ("Async::HTTP::Server", Why::Option),
            ("EM::WebSocket", Why::Option),
            ("Faye::RackAdapter", Why::Option),
        ],
    ),
];

static DOUBTS: LazyLock<Vec<(&'static str, Doubts)>> =
    LazyLock::new(|| SERVERS.iter().map(|(language, words)| (*language, Doubts::new(words))).collect());

/// Doubts what a file of that language makes of itself, for each server in it.
pub(super) fn find(language: &str, text: &str, facts: &mut Facts) {
    for (_, doubts) in DOUBTS.iter().filter(|(name, _)| *name == language) {
        doubts.find(text, facts);
    }
}

use axum::{Router, routing::get};
use hyper::service::service_fn;
#[tokio::main] async fn main() { tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(io, service_fn(m))); let app = Router::new().route("/a", get(|| async {"a"})); axum::serve(l, app).await; }

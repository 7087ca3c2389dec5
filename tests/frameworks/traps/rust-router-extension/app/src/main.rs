use axum::{Router, routing::get};
use axum_extra::routing::RouterExt;
#[tokio::main] async fn main() { let app = Router::new().route("/a", get(h)).route_with_tsr("/x", get(h)); axum::serve(l, app).await; }

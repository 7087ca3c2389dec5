use axum::{Router, routing::get};
#[tokio::main] async fn main() { tokio::spawn(warp::serve(warp::path("metrics")).run(([0,0,0,0], 9))); let app = Router::new().route("/a", get(|| async {"a"})); axum::serve(l, app).await; }

use axum::{Router, routing::get};
#[tokio::main] async fn main() { let app = Router::new().route("/a", get(|| async {"a"})); let svc = company::wrap(app); axum::serve(l, svc).await; }

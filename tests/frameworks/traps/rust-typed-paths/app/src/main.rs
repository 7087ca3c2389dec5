use axum::{Router, routing::get};
use axum_extra::routing::{RouterExt, TypedPath};
#[derive(TypedPath)] #[typed_path("/x")] struct X;
#[tokio::main] async fn main() { let app = Router::new().route("/a", get(h)).typed_get(x); axum::serve(l, app).await; }

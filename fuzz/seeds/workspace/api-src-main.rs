use axum::{Router, routing::get};
fn main() { let a = Router::new().nest("/v1", Router::new().route("/u/{id}", get(u))); }
ÿ
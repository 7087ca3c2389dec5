use axum::{Router, routing::get};

// The prefix is what the environment says, and must be said.
#[tokio::main]
async fn main() {
    let base = std::env::var("BASE_PATH").expect("BASE_PATH");
    let app = Router::new().nest(&base, Router::new().route("/users", get(|| async { "users" })));
    axum::serve(tokio::net::TcpListener::bind("0.0.0.0:80").await.unwrap(), app).await.unwrap();
}

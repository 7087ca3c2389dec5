use axum::{Router, routing::get};

// Another crate has routes of its own.
#[tokio::main]
async fn main() {
    let app = Router::new().route("/users", get(|| async { "users" })).merge(admin_panel::router());
    axum::serve(tokio::net::TcpListener::bind("0.0.0.0:80").await.unwrap(), app).await.unwrap();
}

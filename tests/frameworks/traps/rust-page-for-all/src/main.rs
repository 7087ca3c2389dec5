use axum::{Router, routing::get};
use tower_http::services::{ServeDir, ServeFile};

// What no route answers gets the page of the application.
#[tokio::main]
async fn main() {
    let pages = ServeDir::new("dist").fallback(ServeFile::new("dist/index.html"));
    let app = Router::new().route("/api/users", get(|| async { "users" })).fallback_service(pages);
    axum::serve(tokio::net::TcpListener::bind("0.0.0.0:80").await.unwrap(), app).await.unwrap();
}

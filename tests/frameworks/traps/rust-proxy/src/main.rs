use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::{Router, routing::get};

// What no route answers goes on to another server.
#[tokio::main]
async fn main() {
    let app = Router::new().route("/users", get(|| async { "users" })).fallback(forward);
    axum::serve(tokio::net::TcpListener::bind("0.0.0.0:80").await.unwrap(), app).await.unwrap();
}

async fn forward(request: Request<Body>) -> Result<Response<Body>, StatusCode> {
    legacy::send(request).await.map_err(|_| StatusCode::BAD_GATEWAY)
}

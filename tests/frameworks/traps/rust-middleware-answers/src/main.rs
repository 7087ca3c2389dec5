use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};

// A middleware answers paths that no route has.
#[tokio::main]
async fn main() {
    let app = Router::new().route("/users", get(|| async { "users" })).layer(middleware::from_fn(health));
    axum::serve(tokio::net::TcpListener::bind("0.0.0.0:80").await.unwrap(), app).await.unwrap();
}

async fn health(request: Request, next: Next) -> Response {
    if request.uri().path() == "/alive" {
        return "yes".into_response();
    }
    next.run(request).await
}

mod routes;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use tower_http::services::{ServeDir, ServeFile};

const V1: &str = "/v1";

struct App {
    router: Router,
}

impl App {
    fn new() -> Self {
        let api = Router::new().nest("/users", routes::users::router()).merge(routes::orders()).route("/echo", any(hello));
        let router = Router::new()
            .route("/", get(hello))
            .route("/health", get(|| async { "ok" }))
            .nest(V1, api)
            .nest_service("/assets", ServeDir::new("src"))
            .route_service("/manifest", ServeFile::new("Cargo.toml"))
            .route("/files/{*path}", get(hello).post(hello))
            .layer(middleware::from_fn(refuse))
            .fallback(missing);
        App { router }
    }
}

fn admin(prefix: &str, router: Router) -> Router {
    let mut router = router.nest(prefix, Router::new().route("/jobs", post(hello)).route("/jobs/{id}/log", get(hello)));
    router = router.route(&format!("{prefix}/state"), get(hello));
    router
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = admin("/admin", App::new().router);
    let port = std::env::var("PORT").unwrap();
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}

async fn hello() -> &'static str {
    "hello"
}

async fn missing() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "nothing here")
}

async fn refuse(request: Request, next: Next) -> Result<Response, StatusCode> {
    if request.headers().contains_key("x-bad") {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(next.run(request).await)
}

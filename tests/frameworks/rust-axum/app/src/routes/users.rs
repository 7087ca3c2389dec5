use axum::routing::{MethodRouter, get};
use axum::{Json, Router};

pub fn router() -> Router {
    Router::new().route("/", collection()).route("/{id}", get(one)).route("/{id}/photo.png", get(one))
}

fn collection() -> MethodRouter {
    get(all).post(one)
}

async fn all() -> Json<Vec<u32>> {
    Json(vec![])
}

async fn one() -> &'static str {
    "one"
}

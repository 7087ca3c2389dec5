use axum::{Router, routing::get};
#[tokio::main] async fn main() { metrics_exporter_prometheus::PrometheusBuilder::new().install().unwrap(); let app = Router::new().route("/a", get(|| async {"a"})); axum::serve(l, app).await; }

use actix_web::middleware::NormalizePath;
use actix_web::{App, HttpServer, web};

// Slashes at the end don't matter.
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().wrap(NormalizePath::trim()).route("/users", web::get().to(|| async { "users" }))).bind("0.0.0.0:80")?.run().await
}

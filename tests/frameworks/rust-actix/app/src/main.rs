mod orders;
mod users;

use actix_files::Files;
use actix_web::middleware::{DefaultHeaders, Logger};
use actix_web::{App, HttpResponse, HttpServer, Responder, get, route, web};

const API: &str = "/api";

#[get("/")]
async fn index() -> impl Responder {
    "hello"
}

#[route("/both/{name}", method = "GET", method = "PUT")]
async fn both() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn missing() -> HttpResponse {
    HttpResponse::NotFound().body("nothing here")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    HttpServer::new(|| {
        App::new()
            .wrap(Logger::default())
            .wrap(DefaultHeaders::new().add(("X-Version", "1")))
            .service(index)
            .service(both)
            .service(web::scope(API).configure(users::configure).service(orders::scope("/orders")))
            .service(web::resource("/stock/{sku}").route(web::get().to(missing)).route(web::put().to(index_again)))
            .route("/health", web::get().to(index_again))
            .route("/tail/{rest:.*}", web::get().to(index_again))
            .service(Files::new("/static", "src"))
            .default_service(web::to(missing))
    })
    .workers(1)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}

async fn index_again() -> impl Responder {
    "again"
}

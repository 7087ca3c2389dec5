use actix_web::{HttpResponse, Scope, web};

pub fn scope(prefix: &str) -> Scope {
    web::scope(prefix).route("/", web::get().to(HttpResponse::Ok)).route("/{id}", web::post().to(HttpResponse::Ok))
}

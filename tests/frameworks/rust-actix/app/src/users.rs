use actix_web::{HttpResponse, delete, get, web};

pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::scope("/users").service(list).service(one).service((photo, remove)))
        .route("/version", web::get().to(HttpResponse::Ok));
}

#[get("")]
async fn list() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[get("/{id}")]
async fn one() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[get("/{id}/photo.png")]
async fn photo() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[delete("/{id:\\d+}/photo")]
async fn remove() -> HttpResponse {
    HttpResponse::Ok().finish()
}

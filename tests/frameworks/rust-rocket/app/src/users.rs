use rocket::{Route, delete, get, routes};

pub fn all() -> Vec<Route> {
    routes![list, one, photo]
}

#[get("/")]
fn list() -> &'static str {
    "[]"
}

#[get("/<id>")]
fn one(id: u32) -> String {
    id.to_string()
}

#[delete("/<id>/photo")]
fn photo(id: u32) -> String {
    id.to_string()
}

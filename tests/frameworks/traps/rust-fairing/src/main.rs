use rocket::fairing::AdHoc;
use rocket::{get, launch, routes};

#[get("/users")]
fn users() -> &'static str {
    "users"
}

// What is attached mounts more, on a rocket that it gets.
#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![users]).attach(stage())
}

fn stage() -> AdHoc {
    AdHoc::on_ignite("more", |rocket| async { rocket.mount("/more", routes![users]) })
}

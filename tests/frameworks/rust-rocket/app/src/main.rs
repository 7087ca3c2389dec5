mod users;

use rocket::fs::FileServer;
use rocket::{Build, Rocket, catch, catchers, get, launch, post, routes};

const API: &str = "/api";

#[get("/")]
fn index() -> &'static str {
    "hello"
}

#[get("/health?<verbose>")]
fn health(verbose: Option<bool>) -> &'static str {
    if verbose.unwrap_or(false) { "all is well" } else { "ok" }
}

#[post("/jobs/<name>", rank = 2)]
fn job(name: &str) -> String {
    name.to_owned()
}

#[post("/jobs/<id>")]
fn job_number(id: u32) -> String {
    id.to_string()
}

#[get("/tree/<path..>")]
fn tree(path: std::path::PathBuf) -> String {
    path.display().to_string()
}

#[catch(404)]
fn missing() -> &'static str {
    "nothing here"
}

fn with_users(rocket: Rocket<Build>) -> Rocket<Build> {
    rocket.mount(format!("{API}/users"), users::all())
}

#[launch]
fn rocket() -> _ {
    let rocket = rocket::build().mount("/", routes![index, health, tree]).mount(API, routes![job, job_number]);
    with_users(rocket).mount("/public", FileServer::from("src")).register("/", catchers![missing])
}

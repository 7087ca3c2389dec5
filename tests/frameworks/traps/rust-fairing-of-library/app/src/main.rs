use rocket::*;
#[get("/a")] fn a() -> &'static str { "a" }
#[launch] fn rocket() -> _ { rocket::build().attach(rocket_company::fairing()).mount("/", routes![a]) }

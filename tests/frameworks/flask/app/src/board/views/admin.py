from flask import Blueprint

NAME = "admin"
USERS = "/users"

bp = Blueprint(NAME, __name__, url_prefix=f"/{NAME}", static_folder="files")


@bp.get(USERS)
def users():
    return "users"


@bp.route(f"{USERS}/<user>", methods=["GET", "DELETE"])
def user(user):
    return user


bp.add_url_rule("", view_func=users, endpoint="index")

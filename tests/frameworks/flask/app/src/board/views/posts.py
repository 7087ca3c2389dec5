from flask import Blueprint
from flask.views import MethodView

bp = Blueprint("posts", __name__, url_prefix="/never")


class Post(MethodView):
    def get(self, post):
        return str(post)

    def put(self, post):
        return str(post)


bp.add_url_rule("/<int:post>", view_func=Post.as_view("post"))


@bp.route("/")
def index():
    return "posts"


@bp.route("/<int:post>/comments/")
def comments(post):
    return "comments"


@bp.route("/feed", strict_slashes=False)
def feed():
    return "feed"


@bp.route("/<path:rest>/raw")
def raw(rest):
    return rest

from flask import Blueprint

parent = Blueprint("parent", __name__, url_prefix="/parent")
child = Blueprint("child", __name__, url_prefix="/child")
other = Blueprint("other", __name__)


@parent.get("/")
def root():
    return "root"


@child.route("/leaf")
def leaf():
    return "leaf"


@other.post("/leaf")
def other_leaf():
    return "leaf"


parent.register_blueprint(child)
parent.register_blueprint(other, url_prefix="/other")


def init(app):
    for blueprint in (parent,):
        app.register_blueprint(blueprint, url_prefix="/family")

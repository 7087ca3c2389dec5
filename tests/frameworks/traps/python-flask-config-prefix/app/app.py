import yaml
from flask import Blueprint, Flask

with open("config.yaml") as file:
    config = yaml.safe_load(file)

bp = Blueprint("users", __name__)


@bp.route("/users")
def users():
    return "users"


app = Flask(__name__)
app.register_blueprint(bp, url_prefix=config["prefix"])

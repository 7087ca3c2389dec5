from flask import Flask, jsonify, request

from .config import Config
from .extensions import rest


def create_app(config=Config):
    app = Flask(__name__, static_url_path="/assets")
    app.config.from_object(config)

    from .views import admin, posts
    from .views.things import api as things
    from . import tree

    app.register_blueprint(posts.bp, url_prefix=Config.PREFIX + "/posts")
    app.register_blueprint(admin.bp)
    app.register_blueprint(things, url_prefix="/things")
    tree.init(app)
    rest.init_app(app)

    @app.before_request
    def check():
        if request.headers.get("x-blocked"):
            return "blocked", 403

    @app.errorhandler(404)
    def missing(error):
        return jsonify(error="missing"), 404

    @app.route("/")
    def index():
        return "board"

    @app.route("/ping", methods=["POST"])
    def ping():
        return "pong"

    return app

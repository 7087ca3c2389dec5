from flask import Flask

from .extensions import db, monitor


def create_app():
    app = Flask(__name__)
    db.init_app(app)
    monitor.init_app(app)

    @app.route("/users")
    def users():
        return "users"

    return app

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)


@app.route("/users")
def users():
    return "users"


application = DispatcherMiddleware(Flask("empty"), {"/service": app})

from flask import Flask

from paths import USERS

app = Flask(__name__)


@app.route(USERS)
def users():
    return "users"

from flask import Flask

app = Flask(__name__, static_folder="dist", static_url_path="/")


@app.route("/api/users")
def users():
    return "users"


@app.errorhandler(404)
def page(error):
    return app.send_static_file("index.html")

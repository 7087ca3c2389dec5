from flask import Flask
app = Flask(__name__)
def route(path, **kw):
    return app.route("/v1" + path, **kw)
@route("/x")
def x(): return 1
@app.route("/a")
def a(): return 1

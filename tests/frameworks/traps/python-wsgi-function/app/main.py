from flask import Flask
app = Flask(__name__)
@app.route("/a")
def a(): return ""
def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/x"):
        start_response("200 OK", [])
        return [b"x"]
    return app(environ, start_response)

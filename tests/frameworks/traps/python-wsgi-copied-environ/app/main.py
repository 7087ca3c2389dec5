from flask import Flask
app = Flask(__name__)
@app.route("/a")
def a(): return ""
class Strip:
    def __init__(self, app): self.app = app
    def __call__(self, environ, start_response):
        environ = {**environ, "PATH_INFO": environ["PATH_INFO"][2:]}
        return self.app(environ, start_response)
application = Strip(app)

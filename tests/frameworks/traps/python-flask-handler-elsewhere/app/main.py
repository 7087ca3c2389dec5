from flask import Flask
from handlers import gone
app = Flask(__name__)
app.errorhandler(404)(gone)
@app.route("/a")
def a(): return 1

from flask import Flask
from handlers import spa
app = Flask(__name__)
app.register_error_handler(404, spa)
@app.route("/a")
def a(): return 1

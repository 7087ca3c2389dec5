from flask import Flask
thing = Flask(__name__)
@thing.route("/a")
def a(): return 1

from flask import render_template
def spa(e): return render_template("index.html"), 200

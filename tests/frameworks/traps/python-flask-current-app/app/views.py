from flask import current_app
@current_app.route("/x")
def x(): return ""

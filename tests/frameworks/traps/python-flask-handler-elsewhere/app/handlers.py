from flask import redirect
def gone(e): return redirect("/")

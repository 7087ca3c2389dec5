from flask import Flask, request, render_template
app = Flask(__name__)
@app.after_request
def b(response):
    if response.status_code == 404:
        response.status_code = 200
        response.data = "page"
    return response
@app.route("/a")
def a(): return ""

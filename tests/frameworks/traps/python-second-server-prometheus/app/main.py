from flask import Flask
from prometheus_client import start_http_server
app = Flask(__name__)
@app.get("/a")
def a(): return 1
start_http_server(8000)

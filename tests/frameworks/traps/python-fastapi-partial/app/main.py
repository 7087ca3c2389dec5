from functools import partial
from fastapi import FastAPI
app = FastAPI()
get = partial(app.api_route, methods=["GET"])
@get("/x")
def x(): return 1
@app.get("/a")
def a(): return 1

from aiohttp import web
from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
def users():
    return []


other = web.Application()
other.add_routes([web.get("/health", lambda request: web.Response())])

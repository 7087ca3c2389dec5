from starlette.applications import Starlette
from starlette.config import Config
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import api
from guard import TokenMiddleware

config = Config()
ASSETS = config("ASSETS_URL", default="/assets")


async def home(request):
    return PlainTextResponse("home")


async def missing(request, exc):
    return JSONResponse({"error": "missing"}, status_code=404)


routes = [
    Route("/", endpoint=home),
    Route("/about/", home, methods=["GET", "POST"]),
    Mount("/api", routes=api.routes),
    Mount(ASSETS, app=StaticFiles(directory="assets"), name="assets"),
]

app = Starlette(
    routes=routes,
    middleware=[Middleware(GZipMiddleware), Middleware(TokenMiddleware)],
    exception_handlers={404: missing},
)

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from . import routers
from .config import settings
from .constants import ADMIN_PREFIX, VERSION
from .internal import app as internal
from .routers import users
from .routers.health import router as health_router


async def not_found(request: Request, exc: StarletteHTTPException):
    return JSONResponse({"detail": exc.detail}, status_code=exc.status_code)


def register(app: FastAPI, prefix: str) -> None:
    app.include_router(users.router, prefix=prefix)
    for router in routers.ALL:
        app.include_router(router, prefix=prefix, tags=["all"])


def create_app() -> FastAPI:
    app = FastAPI(title=settings.title, redoc_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    app.add_exception_handler(StarletteHTTPException, not_found)

    @app.middleware("http")
    async def stamp(request: Request, call_next):
        response = await call_next(request)
        response.headers["x-shop"] = "1"
        return response

    @app.get("/")
    async def root():
        return {"name": settings.title}

    register(app, f"{settings.api_prefix}/{VERSION}")
    app.include_router(health_router)
    app.include_router(router=routers.admin.router, prefix=ADMIN_PREFIX)
    app.mount("/internal", internal)
    return app

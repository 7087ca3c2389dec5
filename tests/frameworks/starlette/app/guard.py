from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class TokenMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if request.headers.get("x-blocked"):
            return JSONResponse({"error": "blocked"}, status_code=403)
        return await call_next(request)

from fastapi import FastAPI
from fastapi.responses import FileResponse

app = FastAPI()


@app.get("/api/users")
def users():
    return []


@app.exception_handler(404)
async def page(request, exc):
    return FileResponse("dist/index.html")

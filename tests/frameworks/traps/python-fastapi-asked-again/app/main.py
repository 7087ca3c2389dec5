from fastapi import FastAPI
app = FastAPI()
@app.get("/a")
def a(): return 1
@app.middleware("http")
async def m(request, call_next):
    response = await call_next(request)
    if response.status_code == 404:
        return await call_next(request.__class__({**request.scope, "path": "/"}))
    return response

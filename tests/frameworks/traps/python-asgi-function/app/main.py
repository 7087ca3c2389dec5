from fastapi import FastAPI
api = FastAPI()
@api.get("/a")
def a(): return ""
async def app(scope, receive, send):
    if scope["path"] == "/x":
        await send({"type": "http.response.start", "status": 200})
        return
    await api(scope, receive, send)

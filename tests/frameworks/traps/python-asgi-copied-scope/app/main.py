from fastapi import FastAPI
app = FastAPI()
@app.get("/a")
def a(): return 1
class Strip:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        scope = dict(scope, path=scope["path"].removeprefix("/x"))
        await self.app(scope, receive, send)
app.add_middleware(Strip)

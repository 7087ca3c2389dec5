from fastapi import FastAPI


class StripPrefix:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope["path"] = scope["path"].removeprefix("/service")
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(StripPrefix)


@app.get("/users")
def users():
    return []

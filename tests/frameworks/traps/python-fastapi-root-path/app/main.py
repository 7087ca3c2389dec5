from fastapi import FastAPI

app = FastAPI(root_path="/service")


@app.get("/users")
def users():
    return []

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()


@app.get("/api/users")
def users():
    return []


app.mount("/", StaticFiles(directory="dist", html=True), name="spa")

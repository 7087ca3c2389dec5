from contextlib import asynccontextmanager
from fastapi import FastAPI
from plugins import load
@asynccontextmanager
async def lifespan(app):
    load(app)
    yield
app = FastAPI(lifespan=lifespan)
@app.get("/a")
def a(): return 1

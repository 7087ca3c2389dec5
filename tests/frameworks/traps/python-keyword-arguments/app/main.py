from fastapi import FastAPI

from register import register

app = FastAPI()
register(app=app, prefix="/service")

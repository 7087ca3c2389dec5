import os

from fastapi import APIRouter, FastAPI

router = APIRouter(prefix=os.environ["API_PREFIX"])
app = FastAPI()


@router.get("/users")
def users():
    return []


app.include_router(router)

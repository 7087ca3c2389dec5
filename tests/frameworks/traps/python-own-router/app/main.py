from fastapi import FastAPI

from routing import VersionedRouter

app = FastAPI()
router = VersionedRouter()


@router.get("/users")
def users():
    return []


app.include_router(router)

from fastapi import APIRouter

from ..constants import ITEM_PATH, TAGS

router = APIRouter(prefix="/items")
notes = APIRouter()


@router.get("/")
async def all_items():
    return []


@router.get(f"{ITEM_PATH}/price")
async def price(item_id: str):
    return {"id": item_id}


@notes.get("/notes/")
async def all_notes(item_id: str):
    return []


def tagged():
    return []


for tag in TAGS:
    router.add_api_route(f"/tags/{tag}/all", tagged, methods=["GET"])

router.include_router(notes, prefix=ITEM_PATH)

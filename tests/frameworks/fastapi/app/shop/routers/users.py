from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/users", tags=["users"])


@router.get("")
async def all_users():
    return []


@router.post("", status_code=201)
async def add_user():
    return {}


@router.get("/{user_id}")
async def one_user(user_id: int):
    if user_id == 404:
        raise HTTPException(status_code=410)
    return {"id": user_id}


@router.api_route("/{user_id}/avatar", methods=["GET", "PUT"])
async def avatar(user_id: int):
    return {"id": user_id}

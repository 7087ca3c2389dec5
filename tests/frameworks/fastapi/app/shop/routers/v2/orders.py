from fastapi import APIRouter


def make_router(name: str) -> APIRouter:
    made = APIRouter(prefix=f"/{name}")

    @made.get("/")
    async def index():
        return []

    @made.delete("/{order_id:int}")
    async def cancel(order_id: int):
        return {}

    return made


router = make_router("orders")

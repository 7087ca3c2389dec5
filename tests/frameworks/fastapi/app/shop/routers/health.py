from fastapi import APIRouter

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
@router.head("/healthz", include_in_schema=False)
async def healthz():
    return "ok"


@router.websocket("/live")
async def live(socket):
    await socket.accept()

from fastapi import APIRouter

from shop.config import get_settings

router = APIRouter()


class Reports:
    def __init__(self, path: str):
        self.router = APIRouter(prefix=path)
        self.router.add_api_route("/daily", self.daily, methods=["GET"])

    def daily(self):
        return []


reports = Reports(get_settings().reports_path)
router.include_router(reports.router)


@router.get("/files/{rest:path}")
async def files(rest: str):
    return rest

from fastapi import APIRouter


class VersionedRouter(APIRouter):
    def add_api_route(self, path, endpoint, **options):
        for version in ("v1", "v2"):
            super().add_api_route(f"/{version}{path}", endpoint, **options)

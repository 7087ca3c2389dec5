from starlette.endpoints import HTTPEndpoint
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, Router


class Things(HTTPEndpoint):
    async def get(self, request):
        return JSONResponse([])


async def one(request):
    return JSONResponse(dict(request.path_params))


shelves = Router([Route("/", one), Route("/{shelf}", one)])

routes = [
    Route("/things", Things),
    Route("/things/{thing:int}", one),
    Route("/by-uuid/{key:uuid}.json", one),
    Mount("/shelves", app=shelves),
    Mount("/rooms/{room}", routes=[Route("/door", one)]),
]

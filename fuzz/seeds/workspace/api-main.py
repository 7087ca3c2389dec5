from fastapi import FastAPI, APIRouter
r = APIRouter(prefix="/v1")
@r.get("/u/{id}")
def u(id): pass
app = FastAPI()
app.include_router(r)
ÿ
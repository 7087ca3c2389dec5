from fastapi import FastAPI

app = FastAPI(docs_url="/help", openapi_url="/schema.json")


@app.post("/flush")
async def flush():
    return {"flushed": True}

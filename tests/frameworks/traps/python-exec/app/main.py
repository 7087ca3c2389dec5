from fastapi import FastAPI
app = FastAPI()
exec(open("routes.inc").read())
@app.get("/a")
def a(): return 1

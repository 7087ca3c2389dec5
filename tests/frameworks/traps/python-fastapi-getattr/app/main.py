from fastapi import FastAPI
app = FastAPI()
for m in ("get", "post"):
    getattr(app, m)("/x")(lambda: 1)
@app.get("/a")
def a(): return 1

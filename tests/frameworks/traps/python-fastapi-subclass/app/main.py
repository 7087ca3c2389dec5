from base import Base
app = Base()
app.setup()
@app.get("/a")
def a(): return 1

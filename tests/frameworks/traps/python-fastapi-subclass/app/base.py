import fastapi
class Base(fastapi.FastAPI):
    def setup(self):
        self.add_api_route("/extra", lambda: 1)

import importlib
import pkgutil

from fastapi import FastAPI

import plugins

app = FastAPI()

for found in pkgutil.iter_modules(plugins.__path__):
    module = importlib.import_module(f"plugins.{found.name}")
    app.include_router(module.router)

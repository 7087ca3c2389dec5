import importlib
def load(app):
    m = importlib.import_module("x")
    m.setup(app)

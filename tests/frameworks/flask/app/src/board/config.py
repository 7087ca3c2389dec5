import os


class Config:
    PREFIX = os.environ.get("BOARD_PREFIX", "/board")

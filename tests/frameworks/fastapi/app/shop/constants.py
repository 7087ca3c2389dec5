import os

VERSION = "v1"
ITEM_PATH = "/{item_id}"
ADMIN_PREFIX = os.getenv("ADMIN_PREFIX", "/admin")
TAGS = ["red", "green"]

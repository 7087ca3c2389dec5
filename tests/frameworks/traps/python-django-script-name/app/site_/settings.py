import os

ROOT_URLCONF = "site_.urls"
FORCE_SCRIPT_NAME = os.environ.get("BASE_PATH")
STATIC_URL = "static/"
MIDDLEWARE = []

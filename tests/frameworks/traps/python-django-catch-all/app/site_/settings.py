ROOT_URLCONF = "site_.urls"
STATIC_URL = "static/"
MIDDLEWARE = []

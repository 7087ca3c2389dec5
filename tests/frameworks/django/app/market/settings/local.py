from .base import *  # noqa: F403

TIME_ZONE = "UTC"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

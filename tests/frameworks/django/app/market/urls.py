from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path, re_path

from blog import urls as blog
from shop.routers import router


def home(request):
    return HttpResponse("home")


internal = [
    path("health", home),
    path("ready/", home),
]

urlpatterns = [
    path("", home),
    path("admin/", admin.site.urls),
    path(settings.API_ROOT, include(router.urls)),
    path("blog/", include(blog)),
    path("shop/", include("shop.urls", namespace="shop")),
    path("internal/", include((internal, "internal"))),
    re_path(r"^old/(?P<year>[0-9]{4})/$", home),
    re_path(r"^legacy/", include([re_path(r"^(?P<rest>.*)\.html$", home), path("x", home)])),
    path("accounts/", include("django.contrib.auth.urls")),
]

urlpatterns += i18n_patterns(
    path("pages/", include("pages.urls")),
)

from django.http import HttpResponse
from django.urls import path, re_path


def post(request, **kwargs):
    return HttpResponse("post")


urlpatterns = [
    path("", post),
    path("<slug:post>/", post),
    re_path(r"^feed\.(?:rss|atom)$", post),
]

from django.http import HttpResponse
from django.urls import path


def page(request, **kwargs):
    return HttpResponse("page")


urlpatterns = [path("", page), path("about/", page)]

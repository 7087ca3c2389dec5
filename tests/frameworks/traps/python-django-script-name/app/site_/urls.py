from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("users/", lambda request: HttpResponse("users"))]

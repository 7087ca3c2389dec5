from django.urls import path
from site1.views import index, spa
urlpatterns = [path("a/", index)]
handler404 = spa

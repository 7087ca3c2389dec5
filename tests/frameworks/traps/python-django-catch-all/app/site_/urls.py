from django.urls import path, re_path
from django.views.generic import TemplateView

urlpatterns = [
    path("api/users/", TemplateView.as_view(template_name="x.html")),
    re_path(r"^(?!api).*$", TemplateView.as_view(template_name="index.html")),
]

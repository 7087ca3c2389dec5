from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [path(f"{name}/", views.page, name=name) for name in ("cart", "checkout")]
urlpatterns.append(path("orders/<int:order>", views.page))
urlpatterns += [path("invoices/<uuid:invoice>/", views.page), path("files/<path:file>", views.page)]

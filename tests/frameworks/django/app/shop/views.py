from django.http import HttpResponse
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.response import Response


def page(request, **kwargs):
    return HttpResponse("page")


class Exporting(viewsets.ViewSet):
    @action(detail=False, url_path="export-all")
    def export(self, request, **kwargs):
        return Response([])


class ProductViewSet(Exporting):
    def list(self, request, **kwargs):
        return Response([])

    def retrieve(self, request, pk=None, **kwargs):
        return Response({})

    @action(detail=True, methods=["post", "get"])
    def like(self, request, pk=None, **kwargs):
        return Response({})


class SizeViewSet(viewsets.ViewSet):
    def list(self, request, **kwargs):
        return Response([])

    def retrieve(self, request, pk=None, **kwargs):
        return Response({})

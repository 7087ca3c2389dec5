from rest_framework.routers import DefaultRouter

from .views import ProductViewSet, SizeViewSet

router = DefaultRouter()
router.register(r"products", ProductViewSet, basename="product")
router.register("product-sizes", SizeViewSet, basename="size")

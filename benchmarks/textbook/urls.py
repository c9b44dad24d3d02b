"""URLs of the two endpoints that are compared, with Django REST framework and with django-ninja."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from benchmarks.textbook.ninja_api import api
from benchmarks.textbook.views import SpacecraftFlightViewSet, SpacecraftViewSet

router = DefaultRouter()
router.register("spacecraft", SpacecraftViewSet)
router.register("spacecraft_flights", SpacecraftFlightViewSet)

urlpatterns = [path("2.3.0/", include(router.urls)), path("ninja/", api.urls)]

"""The URLs of the pages."""

from django.urls import path

from spacedb.explore.views import ExploreView, HomeView, SearchView, StationView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("search/", SearchView.as_view(), name="search"),
    path("explore/", ExploreView.as_view(), name="explore"),
    path("explore/stations/<int:pk>/", StationView.as_view(), name="station"),
]

"""The policies of HTML pages, and the URLs to which these have links."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agencies.models import Agency
from spacedb.common.models import SocialMedia
from spacedb.rest.versions import versions
from spacedb.web.policy import POLICIES
from tests.admin_forms import admin_url
from tests.page_checks import PageParser, check_page, unsafe_link

HTML = {"accept": "text/html"}
PAGES = ["/", "/search/?q=x", "/explore/", "/docs/", "/docs/how-to/deploy/", "/health/", "/nothing/", "/2.9.9/"]
PAGES += ["/admin/login/"]
PAGES += [f"/{number}/{page}" for number in versions() for page in ("", "swagger/", "redoc/", "agencies/?limit=1")]
PAGES += ["/2.3.0/agencies/?limit=x", "/2.3.0/agencies/0/", "/2.3.0/api-throttle/"]

UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.com",
    " \x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    'https://example.com/"onmouseover="alert(1)',
    "<a href=javascript:alert(1)>",
]

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


@pytest.fixture
def admin_user() -> User:
    return User.objects.create(username="editor", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("page", PAGES)
def test_policies_of_pages(client: Client, page: str) -> None:
    check_page(client.get(page, headers=HTML))


def test_policies_of_the_admin(admin_client: Client, admin_user: User) -> None:
    """tests/catalogue/test_admin_input.py checks all add forms and change lists."""
    for name in ("index", "password_change", "auth_user_changelist", "auth_user_add"):
        check_page(admin_client.get(reverse(f"admin:{name}")))
    for action in ("change", "delete", "history"):
        check_page(admin_client.get(admin_url(User, action, admin_user.pk)))


def test_other_responses_have_no_policies(client: Client) -> None:
    for url in ("/2.3.0/agencies/", "/2.3.0/schema/?format=json", "/health/?format=json", "/static/pages/site.css"):
        assert not client.get(url).headers.keys() & POLICIES.keys()


def test_debug_pages_have_no_policies(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    response = client.get("/admin/nothing/", follow=True)
    assert "Content-Security-Policy" in response
    response = client.get("/docs/nothing/", headers=HTML)
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Content-Security-Policy" not in response


@pytest.mark.parametrize("url", UNSAFE)
def test_unsafe_urls_are_served_and_not_linked(admin_client: Client, url: str) -> None:
    agency = Agency.objects.create(pk=1, name=url, description=f"See {url} there", info_url=url, wiki_url=url)
    media = SocialMedia.objects.create(pk=1, name="Media", url=url)
    agency.social_media_links.create(pk=1, url=url, social_media=media)
    served = admin_client.get("/2.3.0/agencies/1/").json()
    assert (served["info_url"], served["social_media_links"][0]["url"]) == (url, url)

    pages = [
        f"/{number}/agencies/{path}" for number in versions() for path in ("1/?format=api", "?format=api&mode=detailed")
    ]
    for row in (agency, media, agency.social_media_links.get()):
        pages += [admin_url(type(row), "changelist"), admin_url(type(row), "change", 1)]
        pages += [admin_url(type(row), "delete", 1), admin_url(type(row), "history", 1)]
    for page in pages:
        check_page(admin_client.get(page))

    # Editors without the permission to change an object see its values as text.
    viewer = User.objects.create(username="viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(viewer)
    response = client.get(admin_url(Agency, "change", 1))
    check_page(response)
    assert html.escape(url.strip())[:10] in response.text


def test_urls_of_the_web_are_linked(admin_client: Client) -> None:
    url = "https://example.com/a?b=c"
    agency = Agency.objects.create(pk=1, name="Agency", info_url=url)
    for page in ("/2.3.0/agencies/1/?format=api", admin_url(Agency, "change", agency.pk)):
        assert url in PageParser(admin_client.get(page).text).links


@pytest.mark.parametrize("url", [*UNSAFE[:-2], "ftp://example.com"])
def test_unsafe_links_are_found(url: str) -> None:
    assert unsafe_link(url)
    assert not unsafe_link(f"/{url}")

"""`python -m tests.reliability.save_in_admin`: edits a flight in the admin, which recounts totals.

It loads the form, prints `ready`, submits it, and prints `done`.
"""

import django

READY, DONE = "ready", "done"


def main() -> None:
    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from flights.models import SpacecraftFlight
    from tests.admin_forms import FormParser, admin_url

    client = Client()
    client.force_login(User.objects.get(is_superuser=True))
    flight = SpacecraftFlight.objects.filter(mission_end__isnull=False).order_by("pk")[0]
    url = admin_url(SpacecraftFlight, "change", flight.pk)
    data = FormParser(client.get(url).text).data
    print(READY, flush=True)
    response = client.post(url, data | {"mission_end_0": "2030-01-12"})
    assert response.status_code == 302, response.status_code
    print(DONE, flush=True)


if __name__ == "__main__":
    main()

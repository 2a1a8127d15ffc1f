"""The addresses of journeys on the staff pages; urls.py takes them in."""

from __future__ import annotations

from django.urls import path, register_converter

from fundraise.console.views import journeys

JOURNEY = "staff/journeys/<uuid:ref>/"


class State:
    """How a journey may be switched."""

    regex = "on|off|ended"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(State, "journey_state")
urlpatterns = [
    path("staff/journeys/", journeys.journeys, name="journeys"),
    path("staff/journeys/new/", journeys.new_journey, name="new_journey"),
    path("staff/journeys/people/", journeys.people, name="journey_people"),
    path(JOURNEY, journeys.journey, name="journey"),
    path(f"{JOURNEY}steps/add/", journeys.add_step, name="add_journey_step"),
    path(f"{JOURNEY}steps/drop/", journeys.drop_step, name="drop_journey_step"),
    path(f"{JOURNEY}waits/", journeys.set_waits, name="journey_waits"),
    path(f"{JOURNEY}simulated/", journeys.simulate, name="journey_simulated"),
    path(f"{JOURNEY}switch/<journey_state:state>/", journeys.switch, name="switch_journey"),
]

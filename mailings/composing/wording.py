"""What every mail says by itself, in the language of its reader."""

from __future__ import annotations

WORDS = {
    "sv": {
        "give": "Ge {sum}",
        "give_monthly": "Ge {sum} varje månad",
        "other": "Ge ett annat belopp",
        "other_monthly": "Ge ett annat belopp varje månad",
        "bar": "Insamlingen hittills: se siffrorna under bilden.",
        "reading": "{raised} av {goal} · {percent} %",
        "standing": "{givers} givare när det här skickades.",
        "standing_few": "Så stod det när det här skickades.",
        "who": "{organisation}, org.nr {org_number}",
        "why": "Du får det här för att du har gett till {organisation} eller sagt ja till mejl "
        "från oss.",
        "leave": "Sluta få sådana här mejl",
        "choose": "Välj vad du får",
        "picture": "Bild",
        "greeting": "Hej {name}",
    },
    "en": {
        "give": "Give {sum}",
        "give_monthly": "Give {sum} every month",
        "other": "Give another amount",
        "other_monthly": "Give another amount every month",
        "bar": "What has been raised so far: see the numbers below the picture.",
        "reading": "{raised} of {goal} · {percent} %",
        "standing": "{givers} donors when this was sent.",
        "standing_few": "As it stood when this was sent.",
        "who": "{organisation}, reg. no. {org_number}",
        "why": "You get this because you have given to {organisation} or said yes to mail from us.",
        "leave": "Stop getting mail like this",
        "choose": "Choose what you get",
        "picture": "Picture",
        "greeting": "Hi {name}",
    },
}

"""The words of ready-made journeys. A donor whose draw failed is asked for that draw and no more,
a card that runs out is mended on My pages, and nobody is blamed for a gift that did not come.
"""

from __future__ import annotations

from mailings.journeys.mails import MY_PAGES, RAISING, Mail, ask, bar, button, en, sv
from mailings.journeys.models import Journey

Trigger = Journey.Trigger
_HELLO_SV, _HELLO_EN = "{{greeting|Hej}}", "{{greeting|Hello}}"
MAILS: dict[str, tuple[Mail, ...]] = {
    Trigger.WELCOME: (
        Mail(
            1,
            sv(
                "Välkommen till {{organisation}}",
                "Det här gör din första gåva möjligt.",
                f"{_HELLO_SV}, och välkommen!",
                "Du har precis gett din första gåva till **{{campaign}}**. Tack. Den går dit den "
                "är lovad, och du får höra vad den blir till.",
                bar("Så långt har vi kommit tillsammans:"),
                "Undrar du något? Svara på det här mejlet, så läser en människa det.",
            ),
            en(
                "Welcome to {{organisation}}",
                "What your first gift makes possible.",
                f"{_HELLO_EN}, and welcome!",
                "You have just given your first gift to **{{campaign}}**. Thank you. It goes where "
                "it was promised, and you will hear what becomes of it.",
                bar("This is how far we have come together:"),
                "Do you wonder about something? Answer this mail, and a person will read it.",
            ),
        ),
        Mail(
            20,
            sv(
                "Vad pengarna gör",
                "Tre veckor efter din första gåva.",
                f"{_HELLO_SV}!",
                "För några veckor sedan gav du till **{{campaign}}**. Gåvor som din betalar det "
                "som inte syns: lokaler, tryck, resor och tid för dem som bär arbetet.",
                "Vill du följa det närmare kan du alltid se dina gåvor på Mina sidor.",
                button("Till Mina sidor", MY_PAGES),
            ),
            en(
                "What the money does",
                "Three weeks after your first gift.",
                f"{_HELLO_EN}!",
                "Some weeks ago you gave to **{{campaign}}**. Gifts like yours pay for what is not "
                "seen: rooms, print, travel and time for those who carry the work.",
                "If you would like to follow it, your gifts are always on My pages.",
                button("To My pages", MY_PAGES),
            ),
        ),
    ),
    Trigger.THANKS: (
        Mail(
            2,
            sv(
                "Tack för din gåva",
                "Den har kommit fram.",
                f"{_HELLO_SV}, och tack!",
                "Din gåva till **{{campaign}}** har kommit fram och är i arbete. Kvittot har du "
                "redan fått; det här mejlet är bara för att säga tack.",
                bar("Tillsammans har vi samlat in:"),
            ),
            en(
                "Thank you for your gift",
                "It has arrived.",
                f"{_HELLO_EN}, and thank you!",
                "Your gift to **{{campaign}}** has arrived and is at work. You already have your "
                "receipt; this mail is only to say thank you.",
                bar("Together we have raised:"),
            ),
        ),
        Mail(
            28,
            sv(
                "En månad senare",
                "Så här långt har vi kommit.",
                f"{_HELLO_SV}!",
                "För en månad sedan gav du till **{{campaign}}**. Vi vill att du ska veta hur det "
                "går: gåvorna har fört oss hit.",
                bar("Så här ser det ut i dag:"),
                "Tack för att du är en av dem som gör det möjligt.",
            ),
            en(
                "One month later",
                "This is how far we have come.",
                f"{_HELLO_EN}!",
                "A month ago you gave to **{{campaign}}**. We want you to know how it goes: the "
                "gifts have brought us here.",
                bar("This is how it looks today:"),
                "Thank you for being one of those who make it possible.",
            ),
        ),
    ),
    Trigger.MISSED: (
        Mail(
            1,
            sv(
                "Din månadsgåva kom inte fram den här gången",
                "Det är lätt att ordna, och inget har dragits två gånger.",
                f"{_HELLO_SV}!",
                "Dragningen av din månadsgåva gick inte igenom. Det händer, oftast för att kortet "
                "är nytt eller att pengarna inte fanns på kontot just då. Du behöver inte betala "
                "något extra.",
                "På Mina sidor ser du vad som hände och kan byta kort eller konto.",
                button("Ordna det", MY_PAGES),
                "Vill du hellre pausa eller avsluta går det lika lätt på samma sida.",
            ),
            en(
                "Your monthly gift did not come through this time",
                "It is easily put right, and nothing was drawn twice.",
                f"{_HELLO_EN}!",
                "The draw of your monthly gift did not go through. It happens, mostly because the "
                "card is new or the money was not in the account just then. There is nothing extra "
                "to pay.",
                "On My pages you see what happened and can change card or account.",
                button("Put it right", MY_PAGES),
                "If you would rather pause or stop, that is just as easy on the same page.",
            ),
        ),
        Mail(
            6,
            sv(
                "Vill du fortsätta som månadsgivare?",
                "Du väljer: fortsätta, pausa eller avsluta.",
                f"{_HELLO_SV}!",
                "Din månadsgåva ligger fortfarande stilla. Vill du fortsätta räcker det med en "
                "minut på Mina sidor.",
                button("Till Mina sidor", MY_PAGES),
                "Passar det inte just nu är det helt i sin ordning. Tack för det du redan har "
                "gett.",
            ),
            en(
                "Would you like to go on giving every month?",
                "You choose: go on, pause or stop.",
                f"{_HELLO_EN}!",
                "Your monthly gift is still at rest. If you want to go on, a minute on My pages is "
                "enough.",
                button("To My pages", MY_PAGES),
                "If it does not suit you now, that is quite all right. Thank you for what you have "
                "already given.",
            ),
        ),
    ),
    Trigger.ENDING: (
        Mail(
            0,
            sv(
                "Ditt kort eller medgivande går snart ut",
                "Byt det på en minut, så fortsätter din gåva.",
                f"{_HELLO_SV}!",
                "Kortet eller medgivandet som din månadsgåva dras från slutar snart gälla. Belopp "
                "och dag förblir de du har valt; det enda som behövs är ett nytt kort eller konto.",
                button("Byt på Mina sidor", MY_PAGES),
            ),
            en(
                "Your card or mandate is about to end",
                "Change it in a minute, and your gift goes on.",
                f"{_HELLO_EN}!",
                "The card or mandate that your monthly gift is drawn from is about to end. The "
                "amount and the day stay as you chose them; all it takes is a new card or account.",
                button("Change it on My pages", MY_PAGES),
            ),
        ),
    ),
    Trigger.ANNIVERSARY: (
        Mail(
            0,
            sv(
                "I dag är det årsdagen av din första gåva",
                "Tack för att du finns med.",
                f"{_HELLO_SV}!",
                "På den här dagen gav du din första gåva till oss. Mycket av det som har hänt "
                "sedan dess bygger på dig och andra som stannade kvar.",
                bar("Det här gör vi tillsammans just nu:"),
                "Ingen fråga den här gången. Bara tack.",
            ),
            en(
                "Today is the anniversary of your first gift",
                "Thank you for being with us.",
                f"{_HELLO_EN}!",
                "On this day you gave your first gift to us. Much of what has happened since "
                "stands on you and on others who stayed.",
                bar("This is what we do together just now:"),
                "No question this time. Only thanks.",
            ),
        ),
    ),
    Trigger.LAPSED: (
        Mail(
            0,
            sv(
                "Det var ett tag sedan",
                "Vi har inte glömt vad du gjorde möjligt.",
                f"{_HELLO_SV}!",
                "Du har gett till oss tidigare, och det märktes. Nu är det **{{campaign}}** som "
                "behöver dig. Vill du vara med igen?",
                ask("Välj ett belopp. Det tar mindre än en minut."),
                "Vill du inte ha fler mejl av det här slaget finns en länk längst ned.",
            ),
            en(
                "It has been a while",
                "We have not forgotten what you made possible.",
                f"{_HELLO_EN}!",
                "You have given to us before, and it was felt. Now **{{campaign}}** needs you. "
                "Will you be with us again?",
                ask("Choose an amount. It takes less than a minute."),
                "If you want no more mails of this kind, there is a link at the end.",
            ),
        ),
    ),
    Trigger.UPGRADE: (
        Mail(
            0,
            sv(
                "Ett år med din månadsgåva",
                "Tack. Får vi fråga om en sak?",
                f"{_HELLO_SV}, och tack för ett år!",
                "Din månadsgåva har varit densamma i ett år, månad efter månad. Det är sådana "
                "gåvor vi planerar efter. Priserna har stigit sedan du började: skulle du kunna "
                "tänka dig att ge lite mer varje månad?",
                button("Höj till {{raise_sum|ett nytt belopp}}", RAISING),
                "Du ser det nya beloppet innan något ändras, och kan ångra dig. Hellre ett annat "
                f"belopp? [Välj det på Mina sidor]({MY_PAGES}).",
                "Gåvan fortsätter som den är om du inte gör något.",
            ),
            en(
                "A year with your monthly gift",
                "Thank you. May we ask one thing?",
                f"{_HELLO_EN}, and thank you for a year!",
                "Your monthly gift has been the same for a year, month after month. Gifts like it "
                "are what we plan by. Prices have risen since you began: could you consider giving "
                "a little more every month?",
                button("Raise it to {{raise_sum|a new amount}}", RAISING),
                "You see the new amount before anything is changed, and can undo it. Rather "
                f"another amount? [Choose it on My pages]({MY_PAGES}).",
                "The gift goes on as it is if you do nothing.",
            ),
        ),
    ),
    Trigger.MONTHLY: (
        Mail(
            14,
            sv(
                "Vill du ge lite varje månad?",
                "Då vet vi vad vi har att planera med.",
                f"{_HELLO_SV}!",
                "Tack för din gåva till **{{campaign}}**. En gåva som kommer varje månad är den "
                "som räcker längst, också när den är liten. Du ändrar, pausar eller avslutar när "
                "du vill.",
                ask("Vad passar dig?", "monthly"),
            ),
            en(
                "Would you give a little every month?",
                "Then we know what we can plan with.",
                f"{_HELLO_EN}!",
                "Thank you for your gift to **{{campaign}}**. A gift that comes every month goes "
                "the furthest, also when it is small. You change, pause or stop it whenever you "
                "like.",
                ask("What suits you?", "monthly"),
            ),
        ),
    ),
}

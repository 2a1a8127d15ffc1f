"""Every setting of the environment with its group and its meaning in plain words.

docs/settings.md says the same at more length; a test holds that both name what settings.py reads.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.words import Text

# Never shown, only whether they are set: they open something.
SECRET = frozenset(
    {
        "FUNDRAISE_SECRET_KEY",
        "AUTOGIRO_SEAL_KEY",
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "BACKUP_TRY_URL",
        "BROKER_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "SMTP_PASSWORD",
        "SENDGRID_API_KEY",
        "SENDGRID_APPEALS_KEY",
        "SENDGRID_INBOUND_TOKEN",
        "SENTRY_DSN",
        "METRICS_KEY",
    }
)
# Rings of keys: the ids are shown, the keys never.
RINGS = frozenset({"FUNDRAISE_FIELD_KEYS", "FUNDRAISE_LOOKUP_KEYS"})

GROUPS: list[tuple[Text, dict[str, Text]]] = [
    (
        _("The installation"),
        {
            "FUNDRAISE_MODE": _(
                "demo: stand-ins, test: the providers' own test accounts, live: money and people"
            ),
            "FUNDRAISE_BASE_URL": _("Where the world finds us"),
            "FUNDRAISE_ALLOWED_HOSTS": _("The names of the host that are answered"),
            "FUNDRAISE_TRUSTED_PROXIES": _(
                "How many proxies in front of us tell whose request it is"
            ),
            "FUNDRAISE_DATA_DIR": _("The folder of mails, pictures, logs and files taken out"),
            "FUNDRAISE_EMBEDDED": _("Whether the servers that come with the program are used"),
            "DEBUG": _("For those who build the program; live refuses it"),
            "LOG_FORMAT": _("How log lines are written"),
            "OPS_EMAIL": _("Who is told when an alarm rings"),
            "SENTRY_DSN": _("Where faults are reported, without people in them"),
            "METRICS_KEY": _("The key that opens the figures for monitoring"),
        },
    ),
    (
        _("Keys"),
        {
            "FUNDRAISE_SECRET_KEY": _("Signs log-ins and forms"),
            "FUNDRAISE_FIELD_KEYS": _(
                "Open what is encrypted; the first one is used for what is new"
            ),
            "FUNDRAISE_LOOKUP_KEYS": _(
                "Find people by what is written in full, without storing it"
            ),
            "AUTOGIRO_SEAL_KEY": _("Seals files to Bankgirot"),
        },
    ),
    (
        _("Database and queue"),
        {
            "DATABASE_URL": _("The database, as the program uses it"),
            "DATABASE_OWNER_URL": _("The database, as its owner changes the tables"),
            "BROKER_URL": _("The queue between pages and workers"),
        },
    ),
    (
        _("Stripe"),
        {
            "STRIPE_API_BASE": _("Where Stripe answers; live refuses any other"),
            "STRIPE_SECRET_KEY": _("Lets us act at Stripe"),
            "STRIPE_WEBHOOK_SECRET": _("Proves that a message is from Stripe"),
            "STRIPE_CHECKOUT_ORIGIN": _("Where givers pay; another one for a domain of one's own"),
        },
    ),
    (
        _("Files to and from the bank"),
        {
            "AUTOGIRO_CUSTOMER_NUMBER": _("Our customer number at Bankgirot"),
            "AUTOGIRO_PASS_ON_DIR": _(
                "The folder that rows of another system on our bankgiro number are put in"
            ),
            "AUTOGIRO_TRANSPORT": _("How files reach the bank: none is by hand"),
            "AUTOGIRO_OUT_DIR": _("The folder that files to the bank are put in"),
            "AUTOGIRO_IN_DIR": _("The folder that the bank's files come to"),
            "AUTOGIRO_TAKEN": _("Whether a file that was taken in is moved or left"),
            "AUTOGIRO_SETTLE_SECONDS": _(
                "A file is taken in when nobody has written to it for so many seconds"
            ),
            "AUTOGIRO_SFTP_HOST": _("The bank's SFTP server"),
            "AUTOGIRO_SFTP_PORT": _("Its port"),
            "AUTOGIRO_SFTP_USER": _("Our name there"),
            "AUTOGIRO_SFTP_HOST_KEY": _("The server's own key; no other server is talked to"),
            "AUTOGIRO_SFTP_KEY_PATH": _("The file with our private key"),
            "AUTOGIRO_SFTP_CONNECT_SECONDS": _("How long its first answer is waited for"),
            "AUTOGIRO_SFTP_ACT_SECONDS": _("How long one file may take"),
            "BANK_TRANSPORT": _("How the bank's own files are fetched: none is by hand"),
            "BANK_IN_DIR": _("The folder that the bank's own files come to"),
            "BANK_TAKEN": _("Whether a file that was taken in is moved or left"),
            "BANK_SETTLE_SECONDS": _(
                "A file is taken in when nobody has written to it for so many seconds"
            ),
            "BANK_SFTP_HOST": _("The bank's SFTP server"),
            "BANK_SFTP_PORT": _("Its port"),
            "BANK_SFTP_USER": _("Our name there"),
            "BANK_SFTP_HOST_KEY": _("The server's own key; no other server is talked to"),
            "BANK_SFTP_KEY_PATH": _("The file with our private key"),
        },
    ),
    (
        _("Mail"),
        {
            "MAIL_SENDER": _("Who carries mail: SendGrid, a mail server, or files"),
            "APPEAL_SENDER": _("Who carries appeals, where it is another"),
            "MAIL_FROM": _("The sender's address"),
            "SMTP_HOST": _("The mail server"),
            "SMTP_PORT": _("Its port"),
            "SMTP_USER": _("Our name there"),
            "SMTP_PASSWORD": _("Our password there"),
            "SMTP_TLS": _("Whether the way there is encrypted"),
            "SENDGRID_API_KEY": _("Our key at SendGrid"),
            "SENDGRID_APPEALS_KEY": _("Our key there for appeals, where it is another"),
            "SENDGRID_REGION": _("Where SendGrid keeps our mail: global or eu"),
            "SENDGRID_HOST": _("SendGrid's address"),
            "SENDGRID_POOL": _("The addresses that receipts leave from"),
            "SENDGRID_APPEALS_POOL": _("The addresses that appeals leave from"),
            "SENDGRID_PEOPLE": _("How many people one request is for"),
            "SENDGRID_GZIP": _("Whether requests are packed"),
            "SENDGRID_UNSUBSCRIBE_GROUP": _("The group of appeals at SendGrid"),
            "SENDGRID_TRACK_CLICKS": _("Whether SendGrid counts clicks in appeals"),
            "SENDGRID_TRACK_OPENS": _("Whether SendGrid counts opened appeals"),
            "SENDGRID_ACCOUNT": _("The last part of the address that its events are posted to"),
            "SENDGRID_WEBHOOK_PUBLIC_KEY": _("The public key of its signature there"),
            "MAIL_INBOUND_DOMAIN": _("The domain whose mail comes to us"),
            "SENDGRID_INBOUND_TOKEN": _("The secret in the address that mail is posted to"),
            "SENDGRID_INBOUND_PUBLIC_KEY": _("What posts of mail are checked with"),
            "INBOUND_MAX_MB": _("How many megabytes of one mail are kept"),
            "REPLIES_DUE_HOURS": _("Hours until a person reads what somebody wrote"),
            "OCR_LENGTH_DIGIT": _("OCR numbers carry a length digit"),
            "REPLIES_KEEP_DAYS": _("Days that the words of closed replies are kept"),
            "MAIL_DNS_CHECKS": _("Whether the domains of senders are looked up"),
            "MAIL_LINK_CHECKS": _("Whether the pages that links lead to are asked for"),
            "MAIL_DKIM_SELECTORS": _("Where DKIM's keys stand under a domain"),
            "EVENT_POSTS_KEEP_DAYS": _("Days that its posts are kept as they came"),
            "MAIL_EVENTS_KEEP_DAYS": _("Days that single events and visits are kept"),
            "MAIL_REFUSED_ALARM": _(
                "So many mails of an appeal, refused for content or our name, ring"
            ),
        },
    ),
    (
        _("Appeals"),
        {
            "APPEAL_COOL_OFF_MINUTES": _("Minutes with a Stop before a send is prepared"),
            "TWO_PERSON_APPEAL_PEOPLE": _(
                "Sends to more people than this need a second person; 0: all of them"
            ),
            "APPEAL_QUIET_FROM": _("The hour when quiet hours begin"),
            "APPEAL_QUIET_UNTIL": _("The hour when quiet hours end"),
            "JOURNEY_TIME": _("When the steps of a journey leave"),
            "APPEAL_CAP_MAILS": _("How many appeals one person may get; 0: any number"),
            "APPEAL_CAP_DAYS": _("In how many days"),
            "APPEAL_PER_HOUR": _("Appeal mails in an hour; 0: as fast as it goes"),
            "APPEAL_FAMILY_PER_HOUR": _("The same for each kind of mailbox"),
            "APPEAL_NEXT_WAVE_MINUTES": _("Minutes before the next wave, for answers to come in"),
            "APPEAL_WARN_COMPLAINTS": _("Complaints of 10 000 delivered mails that warn"),
            "APPEAL_STOP_COMPLAINTS": _("Complaints of 10 000 delivered mails that stop a send"),
            "APPEAL_WARN_BOUNCES": _("Bounces of 10 000 sent mails that warn"),
            "APPEAL_STOP_BOUNCES": _("Bounces of 10 000 sent mails that stop a send"),
            "APPEAL_ODD_MINUTES": _("Whether waves begin at an odd minute"),
            "APPEAL_LOOPS": _("How many tasks prepare and send appeals at a time"),
            "APPEAL_RECALL": _("Whether sends can be called back: a wave, each batch, or not"),
            "APPEAL_RECALL_MINUTES": _("How long the sender holds what can be called back"),
            "APPEAL_PAYLOAD_DAYS": _("Days that a send's addresses and values are kept, sealed"),
            "APPEAL_DOUBT_HOURS": _("Hours in doubt before an alarm rings"),
        },
    ),
    (
        _("Money and people"),
        {
            "YEAR_STATEMENTS_DAY": _(
                "From which day of January givers may be told that their yearly statement is there"
            ),
            "PARTY_NEAR_PERCENT": _(
                "How near the anonymous limit, in percent, a giver is asked who gives"
            ),
            "TWO_PERSON_REFUND_ORE": _(
                "Refunds above so many öre need a second person; 0: all of them"
            ),
            "BASES_REGISTER": _("Legal bases that are enough to be kept as a donor"),
            "BASES_APPEALS": _("Legal bases that are enough to be asked for gifts"),
            "PROCESSORS": _("Who handles people's data on our behalf"),
            "SEGMENT_SECONDS": _("How long one question about a segment may take"),
            "UNTARGETED_CONDITIONS": _(
                "Conditions that are no targeting of political messages; all others need consent"
            ),
            "BASES_NEWSLETTER": _("Legal bases that are enough to get the newsletter"),
            "THERMOMETER_POLL_SECONDS": _("How often a thermometer on another site asks"),
        },
    ),
    (
        _("Monthly giving"),
        {
            "AUTOGIRO_TIMES": _("Cut-offs and lead times of autogiro, each from its day on"),
            "PLEDGE_PLAN_DAYS": _("How many days ahead instalments are planned"),
            "PLEDGE_RETRIES": _("Whether a draw that lacked money is tried once more"),
            "PLEDGE_RETRY_DAYS_BEFORE_NEXT": _(
                "How many days before the next draw a new try comes at the latest"
            ),
            "PLEDGE_PAYDAY": _("The day of the month that a new try waits for"),
            "UPGRADE_AFTER_MONTHS": _(
                "Months that a monthly gift stays the same before its giver may be asked for more"
            ),
            "UPGRADE_PRICE_RISE_PERCENT": _(
                "The rise of prices in per cent that the suggested sum follows, up to whole tens"
            ),
        },
    ),
    (
        _("Files in and out"),
        {
            "EXPORT_AT_ONCE_ROWS": _(
                "Lists up to so many rows are taken out at once, longer ones by a worker"
            ),
            "EXPORT_KEPT_HOURS": _("For how many hours a file can be fetched"),
            "IMPORT_KEEP_DAYS": _("For how many days a member list that was brought in is kept"),
            "IMPORT_MAX_MB": _("The largest member list that is taken"),
        },
    ),
    (
        _("Defence of the donation page"),
        {
            "LIMIT_GIVE": _("Gifts that one address block may start in ten minutes"),
            "LIMIT_GIVE_WIDE": _(
                "The same for a wide block, which a mobile operator's customers share"
            ),
            "LIMIT_GIVE_EMAIL": _("Gifts that one e-mail address may start in an hour"),
            "LIMIT_GIVE_FORM": _("How often one opened form may be sent"),
            "LIMIT_PLEDGE": _(
                "Monthly gifts that one address block may sign up for in ten minutes"
            ),
            "LIMIT_PLEDGE_WIDE": _("The same for a wide block: monthly gifts"),
            "LIMIT_PLEDGE_EMAIL": _("Monthly gifts of one e-mail address in a day"),
            "LIMIT_PLEDGE_ACCOUNT": _("Monthly gifts from one account in a day"),
            "LIMIT_CARD_PAGE": _(
                "Pages about a saved card that one monthly gift may open in a day"
            ),
            "LIMIT_PROVE": _("Proofs of work that one address block may ask for in ten minutes"),
            "LIMIT_LINK": _("Mailed links of one address block in ten minutes"),
            "LIMIT_LINK_EMAIL": _("Mailed links to one address in an hour"),
            "LIMIT_LINK_HOUSE": _("Mailed links of the whole house in ten minutes"),
            "LIMIT_CHECK": _(
                "How often in ten minutes an address block may ask how its gift stands"
            ),
            "LIMIT_MY_PAGES_LINK": _(
                "Links to My pages that one address block may ask for in ten minutes"
            ),
            "LIMIT_MY_PAGES_LINK_EMAIL": _("Links to My pages mailed to one address in an hour"),
            "LIMIT_MY_PAGES_LINK_HOUSE": _(
                "Links to My pages mailed by the whole house in ten minutes"
            ),
            "LIMIT_MY_PAGES_ENTER": _(
                "How often in ten minutes an address block may try to log in to My pages"
            ),
            "LIMIT_MY_PAGES_CHANGE": _("Changes on My pages of one donor in an hour"),
            "MY_PAGES_LINK_MINUTES": _("How long a mailed link to My pages is good"),
            "MY_PAGES_IDLE_MINUTES": _("After so long without use a donor is logged out"),
            "MY_PAGES_MOST_HOURS": _("After so long a donor is logged out in any case"),
            "LIMIT_MAIL_TOKEN": _("Links of mails that are none of ours, in ten minutes"),
            "LIMIT_ACCOUNT": _(
                "How often in ten minutes an address block may have an account looked at"
            ),
            "FORM_MIN_SECONDS": _("A form that is sent sooner is shown once more"),
            "MOST_DECLINES": _("After so many declined tries the provider's page is closed"),
            "BREAKER_WINDOW_MINUTES": _("How far back the breaker looks"),
            "BREAKER_DECLINES": _("The breaker opens on so many declined tries"),
            "BREAKER_DECLINE_PERCENT": _("and when they are at least this share of all answers"),
            "BREAKER_UNPAID": _(
                "The breaker opens on so many gifts begun that are hardly ever paid"
            ),
            "BREAKER_CALM_MINUTES": _("The breaker closes after so long a calm"),
            "PROOF_COST": _("How dear one try of the proof of work is"),
            "PROOF_ROUNDS": _("How many tries the proof of work takes"),
        },
    ),
    (
        _("Signing up for every month"),
        {
            "PLEDGE_DAYS": _("Days of the month that the page offers; 31 is the last bank day"),
            "PLEDGE_DAY": _("The day that stands chosen"),
            "MANDATE_SIGNING": _("How a mandate is signed on the page"),
            "BANKID": _("What talks to BankID"),
            "PLEDGE_REMIND_HOURS": _("After so many hours an unsigned sign-up is reminded of"),
        },
    ),
    (
        _("Log-in and the API"),
        {
            "LIMIT_LOGIN": _("Log-ins that one address block may try in ten minutes"),
            "LIMIT_LOGIN_CHALLENGE": _(
                "How often in ten minutes an address block may begin a log-in by passkey"
            ),
            "LIMIT_LOGIN_NAME": _(
                "Wrong passwords for one name in an hour, of one address block or known browser"
            ),
            "LIMIT_LOGIN_NAME_WIDE": _(
                "Wrong passwords for one name in an hour from everywhere else together"
            ),
            "LIMIT_LOGIN_CODE": _("Codes that may be tried for one account in ten minutes"),
            "SUDO_MINUTES": _("After so many minutes a dangerous act asks once more who is there"),
            "LIMIT_API_KEY": _("Requests that one key may make in a minute"),
            "LIMIT_API_PUBLIC": _(
                "Requests that one address block without a key may make in a minute"
            ),
        },
    ),
    (
        _("Backups"),
        {
            "BACKUP_DIR": _("Where the nightly backup goes; without it there is none"),
            "BACKUP_KEYS_DIR": _("Where the key table goes, apart from the rest"),
            "BACKUP_KEEP_DAYS": _("For how many days backups stay"),
            "BACKUP_KEYS_DAYS": _(
                "For how many days key tables stay: so long a forgotten donor can come back"
            ),
            "BACKUP_PG_BIN": _("Where the database's own programs are"),
            "BACKUP_TRY_URL": _("A database to try restores in"),
        },
    ),
]

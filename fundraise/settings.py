"""Django settings, flat, in one file. What is read from the environment: docs/settings.md."""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fundraise.env import (
    database_from_url,
    env_bool,
    env_choice,
    env_day,
    env_days,
    env_int,
    env_json,
    env_list,
    env_str,
)
from fundraise.logs import logging_config
from fundraise.providers.transport import checked as transports
from fundraise.sentry import begin

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode -----------------------------------------------------------------------------------------
# demo: the stand-ins; test: the providers' own test accounts; live: money and people.
MODE = env_choice("FUNDRAISE_MODE", ("demo", "test", "live"), "demo")
LIVE = MODE == "live"
DEBUG = env_bool("DEBUG", default=False)
DATA_DIR = Path(env_str("FUNDRAISE_DATA_DIR", str(BASE_DIR / ".data")))
EMBEDDED = env_str("FUNDRAISE_EMBEDDED") == "1"

# --- Keys -----------------------------------------------------------------------------------------
SECRET_KEY = env_str("FUNDRAISE_SECRET_KEY")
FIELD_KEYS = env_list("FUNDRAISE_FIELD_KEYS")  # id:base64 of 32 bytes; the first is current
LOOKUP_KEYS = env_list("FUNDRAISE_LOOKUP_KEYS")  # the same form; HMAC keys for look-up
if not LIVE:
    # Static commands (check, makemigrations, mypy) run without keys; demo makes its own at start.
    SECRET_KEY = SECRET_KEY or "not-a-secret-only-for-static-commands-in-demo-mode-0123456789"

# --- Where the world finds us -------------------------------------------------------------------
BASE_URL = env_str("FUNDRAISE_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env_list("FUNDRAISE_ALLOWED_HOSTS", "" if LIVE else "localhost,127.0.0.1,[::1]")
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
TRUSTED_PROXIES = env_int("FUNDRAISE_TRUSTED_PROXIES", 0)
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "fundraise.give.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 250  # a page of the bank's suggestions has a tick for each of 100
FILE_UPLOAD_HANDLERS = ["fundraise.console.uploads.MemoryUploads"]

# --- Apps -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin.apps.SimpleAdminConfig",  # no model has a page in it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "fundraise.audit",
    "fundraise.limits",
    "fundraise.jobs",
    "fundraise.outbox",
    "fundraise.ledger",
    "fundraise.staff",
    "fundraise.keys",
    "donors",
    "fundraise.campaigns",
    "fundraise.gifts",
    "fundraise.giving",
    "fundraise.pledges",
    "fundraise.providers",
    "fundraise.providers.giro",
    "fundraise.reconciliation",
    "fundraise.hooks",
    "fundraise.reporting",
    "fundraise.reporting.books",
    "fundraise.reporting.party",
    "fundraise.reporting.charity",
    "mailings",
    "mailings.inbound",
    "mailings.verified",
    "mailings.suppressions",
    "mailings.composing",
    "mailings.segments",
    "mailings.appeals",
    "mailings.journeys",
    "mailings.mail_events",
    "mailings.attribution",
    "mailings.trials",
    "api",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "fundraise.console",
    "fundraise.give",
    "fundraise.ops",
]

MIDDLEWARE = [
    "fundraise.ops.metrics.requests.RequestMetricsMiddleware",
    "fundraise.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "fundraise.give.quick.QuickAnswerMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "fundraise.console.policy.StaffPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fundraise.language.UrlLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "fundraise.urls"
WSGI_APPLICATION = "fundraise.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "fundraise" / "console" / "frame"],  # parts of unfold's, ours instead
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "csp.context_processors.nonce",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------
# Two roles: the app may not change or delete a ledger row; only these commands run as the owner.
OWNER_COMMANDS = {"migrate", "seed", "sqlmigrate", "showmigrations", "dbshell"}
DATABASE_URL = env_str("DATABASE_URL", "postgresql:///fundraise")
DATABASE_OWNER_URL = env_str("DATABASE_OWNER_URL", DATABASE_URL)
_as_owner = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS
DATABASES = {"default": database_from_url(DATABASE_OWNER_URL if _as_owner else DATABASE_URL)}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "fundraise" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-built"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/bilder/"  # fundraise/console/pictures.py
MEDIA_ROOT = DATA_DIR / "media"

# --- Celery ---------------------------------------------------------------------------------------
BROKER_URL = env_str("BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 7200,  # longer than the longest task and the longest countdown
        "unacked_restore_throttle": 1,  # look for lost tasks at every interval, not every tenth
        "unacked_restore_interval": 5,
        "socket_connect_timeout": 2,  # a broker that is away must not hold a donor's request
        "socket_timeout": 10,
    }
    if BROKER_URL.startswith(("redis", "rediss"))
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # the sweepers deliver what the broker missed
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = "reports"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {
    "fundraise.providers.tasks.charge_card": {"queue": "money"},  # before the wider rule
    "fundraise.providers.*": {"queue": "events"},
    "fundraise.gifts.*": {"queue": "money"},
    "fundraise.pledges.*": {"queue": "money"},
    # Receipts and the like wait beside the mails, not before the next gift that is to be booked.
    "fundraise.outbox.*": {"queue": "mail"},
    # No gift is booked and no receipt leaves later because an appeal's events are many.
    "mailings.attribution.*": {"queue": "reports"},
    "mailings.mail_events.*": {"queue": "reports"},  # before the wider rule
    # An appeal has processes of its own: no receipt and no log-in waits behind a million mails.
    "mailings.appeals.*": {"queue": "appeals"},  # before the wider rule
    "mailings.*": {"queue": "mail"},
    "fundraise.reporting.*": {"queue": "reports"},
    "fundraise.ops.*": {"queue": "reports"},
    "fundraise.jobs.tasks.do_work": {"queue": "reports"},  # before the wider rule
    "fundraise.jobs.*": {"queue": "events"},
    "api.*": {"queue": "reports"},
    "fundraise.hooks.*": {"queue": "reports"},  # somebody else may be slow: no mail waits for it
}

# --- Backups (fundraise/ops/backup) ---------------------------------------------------------------
# The rows of these are dumped apart: who has them and an ordinary backup can read the donors.
KEY_TABLES = ["keyring_donor_key"]
# Nobody is logged in after a restore, and the copy has no seal: not even one that broke half-way.
BACKUP_LEAVES_OUT = [
    "django_session",
    "usersessions_usersession",
    "jobs_environmentseal",
    "give_loginlink",
    "give_visit",
]
BACKUP_DIR = env_str("BACKUP_DIR")
BACKUP_KEYS_DIR = env_str("BACKUP_KEYS_DIR")
BACKUP_KEEP_DAYS = env_int("BACKUP_KEEP_DAYS", 30)
BACKUP_KEYS_DAYS = env_int("BACKUP_KEYS_DAYS", 30)
BACKUP_PG_BIN = env_str("BACKUP_PG_BIN")  # a folder with pg_dump and pg_restore
BACKUP_TRY_URL = env_str("BACKUP_TRY_URL")  # an empty database to try a restore in
if BACKUP_DIR and not BACKUP_KEYS_DIR:
    raise ImproperlyConfigured("BACKUP_DIR needs BACKUP_KEYS_DIR: the key table goes apart")

# --- Scheduled jobs -------------------------------------------------------------------------------
# name: (task, when, seconds after which a missing run is an alarm). One table feeds both the beat
# schedule and the missed-run alarm, so that no job can run unwatched.
JOBS: dict[str, tuple[str, Any, int]] = {
    "outbox-sweep": ("fundraise.outbox.tasks.sweep", 60, 600),
    "provider-event-sweep": ("fundraise.providers.tasks.sweep_events", 60, 600),
    "open-attempt-sweep": ("fundraise.providers.tasks.sweep_attempts", 120, 900),
    "card-draws": ("fundraise.providers.tasks.draw_cards", 900, 3600),
    "card-draw-sweep": ("fundraise.providers.tasks.sweep_draws", 300, 1800),
    "card-expiry": ("fundraise.providers.tasks.warn_of_cards", crontab(hour=9, minute=20), 93_600),
    "refund-sweep": ("fundraise.providers.tasks.sweep_refunds", 60, 900),
    "appeals": ("mailings.appeals.tasks.watch", 20, 600),
    "trials": ("mailings.trials.tasks.look_at_trials", 900, 5400),
    "journeys": ("mailings.journeys.tasks.walk_journeys", 600, 3600),
    "appeals-tidy": ("mailings.appeals.tasks.tidy", 3600, 10_800),
    "inbound-sweep": ("mailings.inbound.tasks.sweep", 60, 900),
    "mail-sweep": ("mailings.tasks.sweep", 60, 600),
    "attribution-sweep": ("mailings.attribution.tasks.sweep", 300, 1800),
    "mail-event-sweep": ("mailings.mail_events.tasks.sweep", 60, 900),
    "segments-refresh": ("mailings.segments.tasks.refresh", 60, 900),
    "second-person": ("mailings.tasks.ask_second_persons", 600, 3600),
    "monthly-mails": ("mailings.tasks.watch_monthly", 600, 3600),
    "breaker-watch": ("fundraise.providers.tasks.watch_breakers", 60, 600),
    "import-sweep": ("donors.tasks.sweep_imports", 60, 900),
    "work-sweep": ("fundraise.jobs.tasks.sweep_work", 60, 600),
    "export-tidy": ("fundraise.reporting.tasks.tidy_exports", 900, 7200),
    "missed-run-watch": ("fundraise.jobs.tasks.watch", 300, 1800),
    "webhook-sweep": ("fundraise.hooks.tasks.sweep", 60, 600),
    "api-tidy": ("api.tasks.tidy", 3600, 10_800),
    "promise-reckoning": ("fundraise.pledges.tasks.reckon", 60, 900),
    "pledge-days": ("fundraise.pledges.tasks.work", 1800, 10_800),
    "my-pages-tidy": ("fundraise.give.tasks.tidy", 3600, 10_800),
    "giro-files": ("fundraise.providers.giro.tasks.files", 120, 1800),
    "giro-reports": ("fundraise.providers.giro.tasks.reports", 120, 7200),
    "giro-watch": ("fundraise.providers.giro.tasks.watch", 600, 3600),
    "bank-files": ("fundraise.reconciliation.tasks.files", 120, 7200),
    "bank-again": ("fundraise.reconciliation.tasks.again", 3600, 10_800),
    "nightly-pull": ("fundraise.providers.tasks.nightly_pull", crontab(hour=2, minute=15), 93_600),
    "mail-event-tidy": ("mailings.mail_events.tasks.tidy", 3600, 10_800),
    "campaign-weeks": (
        "mailings.attribution.tasks.tell_weeks",
        crontab(hour=7, minute=30),
        93_600,
    ),
    "attribution-nightly": (
        "mailings.attribution.tasks.nightly",
        crontab(hour=2, minute=50),
        93_600,
    ),
    "nightly-tidy": ("fundraise.providers.tasks.tidy", crontab(hour=4, minute=20), 93_600),
    "charity-watch": (
        "fundraise.reporting.charity.tasks.watch",
        crontab(hour=2, minute=35),
        93_600,
    ),
    "party-watch": ("fundraise.reporting.party.tasks.watch", crontab(hour=2, minute=30), 93_600),
}
JOBS["year-statements"] = (
    "fundraise.reporting.tasks.renew_year_statements",
    crontab(hour=3, minute=5),
    93_600,
)
# After the night's fetching, so that the morning's page knows its files; each hour what is new.
JOBS["daily-proof"] = (
    "fundraise.reconciliation.tasks.prove_the_day",
    crontab(hour=5, minute=40),
    93_600,
)
JOBS["hourly-proof"] = (
    "fundraise.reconciliation.tasks.prove_what_is_new",
    crontab(minute=10),
    10_800,
)
JOBS["go-live-watch"] = ("fundraise.ops.tasks.watch_go_live", crontab(hour=6, minute=5), 93_600)
if "sendgrid" in {
    env_choice("MAIL_SENDER", ("file", "smtp", "sendgrid"), "file"),
    env_str("APPEAL_SENDER"),
}:
    JOBS["suppression-check"] = (
        "mailings.suppressions.tasks.check",
        crontab(hour=2, minute=40),
        93_600,
    )
if BACKUP_DIR:
    JOBS["nightly-backup"] = (
        "fundraise.ops.tasks.nightly_backup",
        crontab(hour=1, minute=10),
        93_600,
    )
# What does each kind of long work (fundraise/jobs/work.py): functions of arguments and a Pace.
WORK = {
    "day_proof": "fundraise.reconciliation.proof.asking.run",
    "export": "fundraise.console.taking.run",
    "earlier_book": "fundraise.reporting.books.earlier.work.book",
    "earlier_undo": "fundraise.reporting.books.earlier.work.undo",
    "month_pack": "fundraise.reporting.books.closing.packing.run",
    "year_mails": "fundraise.reporting.yearly.telling.run",
    "year_papers": "fundraise.reporting.yearly.letters.run",
    "year_statements": "fundraise.reporting.yearly.work.run",
}
CELERY_BEAT_SCHEDULER = "fundraise.jobs.scheduler.Scheduler"
CELERY_BEAT_SCHEDULE = {
    # A run that waited until the next one is due is left out: sweeps may not pile up.
    name: {"task": task, "schedule": when, "options": {"expires": min(late, 3600)}}
    for name, (task, when, late) in JOBS.items()
}

# --- Outbox: event kind -> subscribers (dotted paths of functions that take the subject's id) -----
OUTBOX_SUBSCRIBERS: dict[str, list[str]] = {
    "PledgeStarted": [
        "fundraise.hooks.pledging.pledge_started",
        "mailings.monthly.bank_number.started",
    ],
    "PledgeSigned": [
        "fundraise.pledges.subscribers.link_donor",
        "mailings.monthly.notices.signed",
        "mailings.attribution.subscribers.pledge_signed",
    ],
    "SignatureMissing": ["mailings.monthly.reminder.remind"],
    "PledgeActive": ["fundraise.hooks.pledging.pledge_active"],
    "PledgeChanged": [
        "fundraise.hooks.pledging.pledge_changed",
        "mailings.attribution.subscribers.pledge_changed",
        "mailings.monthly.changes.changed",
    ],
    "PledgeHalted": ["fundraise.hooks.pledging.pledge_halted", "mailings.monthly.troubles.halted"],
    "PledgeEnded": ["fundraise.hooks.pledging.pledge_ended", "mailings.monthly.ends.ended"],
    "MandateRefused": [
        "fundraise.hooks.pledging.mandate_refused",
        "mailings.monthly.troubles.refused",
    ],
    "MandateEnded": ["fundraise.hooks.pledging.mandate_ended", "mailings.monthly.ends.confirmed"],
    "InstalmentPaid": [
        "fundraise.hooks.pledging.instalment_paid",
        "mailings.monthly.troubles.paid",
    ],
    "InstalmentMissed": [
        "fundraise.hooks.pledging.instalment_missed",
        "mailings.monthly.troubles.missed",
    ],
    "NoticeDue": ["mailings.monthly.notices.tell"],
    "GiroFileWaits": ["mailings.giro.tell_carriers"],
    "SurplusDrawn": ["fundraise.hooks.pledging.surplus_drawn"],
    # A draw whose bank wants its owner (fundraise/providers/draws.py).
    "CardActionNeeded": ["mailings.monthly.troubles.asked"],
    # A mandate whose card runs out within a month.
    "CardExpiring": ["mailings.monthly.asking.expiring"],
    "MailSettled": ["mailings.monthly.notices.settled"],
    "GiftStarted": ["fundraise.hooks.subscribers.gift_started"],
    "GiftReceived": [
        "fundraise.reporting.receipts.request_receipt",
        "fundraise.providers.subscribers.close_other_attempts",
        "fundraise.gifts.subscribers.link_donor",
        "fundraise.pledges.subscribers.leave_out_new_try",
        "fundraise.hooks.subscribers.gift_received",
        "mailings.attribution.subscribers.gift_received",
        "mailings.attribution.telling.gift_received",
    ],
    "GiftUnpaid": ["mailings.unpaid.tell"],
    "YearStatementTold": ["mailings.yearly.tell"],
    "ReceiptReady": ["mailings.subscribers.send_receipt"],
    "StaffShutOut": ["fundraise.keys.subscribers.end_keys"],
    "SecondPersonAsked": ["mailings.second_person.ask"],
    "RefundRequested": ["fundraise.providers.subscribers.send_refund"],
    "RefundSettled": [
        "fundraise.hooks.subscribers.refund_settled",
        "fundraise.reconciliation.returned.refund_settled",
        "fundraise.reporting.party.subscribers.refund_settled",
    ],
    "DisputeOpened": ["fundraise.hooks.subscribers.dispute_opened"],
    "DisputeClosed": ["fundraise.hooks.subscribers.dispute_closed"],
    "DonorChanged": [
        "fundraise.pledges.subscribers.follow_donor",
        "mailings.suppressions.subscribers.follow_donor",
        "mailings.inbound.subscribers.follow_donor",
        "fundraise.hooks.subscribers.donor_changed",
    ],
    "TaxNumberNeeded": ["mailings.charity.ask_for_number"],
    "IdentityNeeded": ["mailings.party.ask_who_gives"],
    "LoginLinkAsked": ["fundraise.give.mine.login.send"],
}

# Subscribers that call a provider: run under a lease, in no transaction of ours.
OUTBOX_OUTSIDE = {
    "fundraise.providers.subscribers.close_other_attempts",
    "fundraise.providers.subscribers.send_refund",
}

# Functions of an e-mail address's old and new keyed hash, called when a rotation moves one: tables
# that know an address by it and nothing else (donors/rotation.py).
ADDRESS_KEY_FOLLOWERS = ["mailings.suppressions.services.copy_to_key"]

# Functions of a donor's key, called in the transaction that forgets the donor, while everything is
# there: what a law wants of their gifts stays with the gifts (donors/services/people.py).
BEFORE_FORGETTING = ["fundraise.reporting.party.keeping.keep"]

# Functions of two donors' keys and who does it, called in the transaction that makes one donor of
# two: each package moves what it has of the first to the second and says how many of what
# (donors/services/merging.py).
DONOR_MOVES = [
    "fundraise.gifts.moving.move",
    "fundraise.pledges.moving.move",
    "fundraise.reconciliation.moving.move",
    "fundraise.reporting.moving.move",
    "mailings.moving.move",
    "fundraise.give.moving.move",
]

# Functions that make other packages' keyed hashes anew in `rotate_keys`: how many moved, how many
# can't be.
KEYED_HASHES = ["fundraise.reconciliation.rotation.rotate_payers"]

# Sealed bodies that `rotate_keys` wraps anew (donors/sealed_rotation.py).
SEALED_FIELDS = [
    "gifts.GiverDetails.sealed",
    "pledges.PledgeDetails.sealed",
    "pledges.Mandate.account_sealed",
    "pledges.Mandate.identity_sealed",
    "pledges.Signature.evidence_sealed",
    "pledges.Signature.scan_sealed",
    "pledges.Notice.text_sealed",
    "providers.Attempt.request",
    "providers.ProviderEvent.body",
    "giro.InFile.sealed",
    "giro.OtherFile.sealed",
    "giro.OutFile.sealed",
    "reconciliation.StatementFile.sealed",
    "reconciliation.PaymentList.sealed",
    "reconciliation.StatementFile.row_key",
    "reconciliation.BankAccount.line_key",
    "donors.ImportRun.body",
    "reporting.KeptPaper.sealed",
    "reporting.YearStatement.sealed",
    "hooks.Endpoint.secret",
    "hooks.Endpoint.old_secret",
    "give.LoginLink.address_sealed",
    "give.AddressMove.new_sealed",
    "give.Visit.address_sealed",
    "mailings.TransactionalMessage.sealed",
    "inbound.InboundMail.sealed",
    "inbound.Reply.words_sealed",
    "mail_events.EventPost.sealed",
    "appeals.Payload.sealed",
    "api.WriteRequest.answer",
    "party.CashCollection.counters_sealed",
    "party.ReportIdentity.sealed",
]

# Tables that the app role may only read and add to (fundraise/ledger/grants.py); the ledger's own
# tables it may not even add to: the door is a function of the database.
APPEND_ONLY_TABLES = [
    "jobs_houseopening",
    "audit_changeline",
    "audit_readline",
    "gifts_gifttransition",
    "gifts_refundtransition",
    "pledges_pledgetransition",
    "pledges_mandatetransition",
    "pledges_instalmenttransition",
    "pledges_collectiontransition",
    "appeals_appealtransition",
    "composing_templateversion",
    "reconciliation_ruleversion",
    "reconciliation_ruletrial",
    "books_bookexport",
    "books_exportedjournal",
    "books_bookfetch",
    "books_monthsignature",
    "books_packfile",
    "party_partyreport",
    "party_reportline",
    "party_reportdonor",
    "charity_controllist",
    "charity_controlrow",
    "charity_controlleftout",
    "ledger_checkpoint",
    "ledger_checkpointhead",
]

# --- What verify_books asks (dotted paths of functions that yield checks) -------------------------
PROOFS = [
    "fundraise.ledger.proofs.checks",
    "fundraise.campaigns.proofs.checks",
    "fundraise.gifts.proofs.checks",
    "fundraise.giving.proofs.checks",
    "fundraise.pledges.proofs.checks",
    "mailings.segments.proofs.checks",
    "fundraise.providers.proofs.checks",
    "fundraise.providers.giro.proofs.checks",
    "fundraise.reconciliation.proofs.checks",
    "fundraise.reconciliation.proof.banks.checks",
    "fundraise.reconciliation.proof.sums.checks",
    "fundraise.reporting.proofs.checks",
    "fundraise.reporting.books.proofs.checks",
    "fundraise.reporting.yearly.proofs.checks",
    "fundraise.reporting.party.proofs.checks",
    "fundraise.reporting.charity.proofs.checks",
    "mailings.appeals.proofs.checks",
    "mailings.attribution.proofs.checks",
]

# What a limited run asks in the place of a proof: a function that looks at what came after a
# checkpoint, or "" where it is left to the whole run. What is in neither list is tried whole.
PROOFS_SINCE = {
    f"{module}.checks": f"{module}.checks_since"
    for module in (
        "fundraise.ledger.proofs",
        "fundraise.campaigns.proofs",
        "fundraise.gifts.proofs",
        "fundraise.giving.proofs",
        "fundraise.pledges.proofs",
        "fundraise.providers.proofs",
        "fundraise.reconciliation.proofs",
        "fundraise.reconciliation.proof.sums",
        "fundraise.reporting.proofs",
        "fundraise.reporting.books.proofs",
    )
} | {
    f"{module}.checks": ""
    for module in (
        "mailings.segments.proofs",
        "fundraise.providers.giro.proofs",
        "fundraise.reporting.yearly.proofs",
        "fundraise.reporting.party.proofs",
        "fundraise.reporting.charity.proofs",
        "mailings.appeals.proofs",
        "mailings.attribution.proofs",
    )
}
# Whose last row number a checkpoint keeps, so that a limited run finds what is newer.
PROOF_MARKS = [
    "gifts_gifttransition",
    "gifts_refundtransition",
    "gifts_dispute",
    "pledges_collectiontransition",
    "pledges_instalmenttransition",
    "providers_payout",
    "reconciliation_line",
    "reconciliation_item",
    "reconciliation_match",
    "reporting_receipt",
    "books_bookexport",
]

# --- Who may do what (dotted paths of functions that yield staff.entries.Entry) -------------------
PERMISSION_ENTRIES = ["fundraise.console.entries.entries", "api.entries.entries"]

# --- What the go-live page asks (dotted paths of lines, fundraise/ops/golive/line.py) -------------
GO_LIVE = [
    "fundraise.ops.golive.lines.domain.LINE",
    "fundraise.ops.golive.lines.house.SEAL",
    "fundraise.ops.golive.lines.house.JOBS",
    "fundraise.ops.golive.lines.providers.LINE",
    "fundraise.ops.golive.lines.providers.MESSAGES_LINE",
    "fundraise.ops.golive.lines.autogiro.LINE",
    "fundraise.ops.golive.lines.mail.LINE",
    "fundraise.ops.golive.lines.mail.DOMAIN_LINE",
    "fundraise.ops.golive.lines.mail.ALARM_LINE",
    "fundraise.ops.golive.lines.sendgrid.LINE",
    "fundraise.ops.golive.lines.keys.LINE",
    "fundraise.ops.golive.lines.house.RESTORE",
    "fundraise.ops.golive.lines.house.SECOND_FACTOR",
    "fundraise.ops.golive.lines.house.SECOND_PERSON",
]

# --- Providers ------------------------------------------------------------------------------------
PROVIDERS = {
    "stripe": "fundraise.providers.stripe.StripeProvider",
    "swish_number": "fundraise.providers.swish_number.SwishNumberProvider",
    "manual": "fundraise.providers.manual.ManualProvider",
    "autogiro": "fundraise.providers.giro.provider.AutogiroProvider",
}
# Ways to give again and again, in the order in which they are offered (providers/recurring.py).
RECURRING = {
    "autogiro": "fundraise.providers.giro.giving.AutogiroGiving",
    "card": "fundraise.providers.card_giving.CardGiving",
}
STRIPE_LIVE = ("https://api.stripe.com", "https://api.stripe.com/")
STRIPE_API_BASE = env_str("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_SECRET_KEY = env_str("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env_str("STRIPE_WEBHOOK_SECRET")
STRIPE_API_VERSION = "2026-10-28.endive"
STRIPE_CHECKOUT_ORIGIN = env_str("STRIPE_CHECKOUT_ORIGIN", "https://checkout.stripe.com")
AUTOGIRO_SEAL_KEY = env_str("AUTOGIRO_SEAL_KEY")  # 32 hexadecimal signs, from Bankgirot
AUTOGIRO_CUSTOMER_NUMBER = env_str("AUTOGIRO_CUSTOMER_NUMBER")  # six digits, from Bankgirot
AUTOGIRO_PASS_ON_DIR = env_str("AUTOGIRO_PASS_ON_DIR")  # rows of another system on our bankgiro
AUTOGIRO_TRANSPORT = env_choice("AUTOGIRO_TRANSPORT", transports.KINDS, "none")
AUTOGIRO_OUT_DIR = env_str("AUTOGIRO_OUT_DIR")
AUTOGIRO_IN_DIR = env_str("AUTOGIRO_IN_DIR")
AUTOGIRO_TAKEN = env_choice("AUTOGIRO_TAKEN", ("move", "leave"), "move")
AUTOGIRO_SETTLE_SECONDS = env_int("AUTOGIRO_SETTLE_SECONDS", 60)
AUTOGIRO_SFTP_HOST = env_str("AUTOGIRO_SFTP_HOST")
AUTOGIRO_SFTP_PORT = env_int("AUTOGIRO_SFTP_PORT", 22)
AUTOGIRO_SFTP_USER = env_str("AUTOGIRO_SFTP_USER")
AUTOGIRO_SFTP_HOST_KEY = env_list("AUTOGIRO_SFTP_HOST_KEY")  # `ssh-ed25519 AAAA…`
AUTOGIRO_SFTP_KEY_PATH = env_str("AUTOGIRO_SFTP_KEY_PATH")
AUTOGIRO_SFTP_CONNECT_SECONDS = env_int("AUTOGIRO_SFTP_CONNECT_SECONDS", 20)
AUTOGIRO_SFTP_ACT_SECONDS = env_int("AUTOGIRO_SFTP_ACT_SECONDS", 120)
_transport = transports.Options(
    kind=AUTOGIRO_TRANSPORT,
    out=AUTOGIRO_OUT_DIR,
    into=AUTOGIRO_IN_DIR,
    host=AUTOGIRO_SFTP_HOST,
    user=AUTOGIRO_SFTP_USER,
    host_keys=tuple(AUTOGIRO_SFTP_HOST_KEY),
    key_file=AUTOGIRO_SFTP_KEY_PATH,
)
if _faults := transports.faults(_transport, live=LIVE):
    raise ImproperlyConfigured("; ".join(_faults))

# --- The bank's files: a folder or an SFTP server that they are fetched from ----------------------
BANK_TRANSPORT = env_choice("BANK_TRANSPORT", transports.KINDS, "none")
BANK_IN_DIR = env_str("BANK_IN_DIR")
BANK_TAKEN = env_choice("BANK_TAKEN", ("move", "leave"), "move")
BANK_SETTLE_SECONDS = env_int("BANK_SETTLE_SECONDS", 60)
BANK_SFTP_HOST = env_str("BANK_SFTP_HOST")
BANK_SFTP_PORT = env_int("BANK_SFTP_PORT", 22)
BANK_SFTP_USER = env_str("BANK_SFTP_USER")
BANK_SFTP_HOST_KEY = env_list("BANK_SFTP_HOST_KEY")
BANK_SFTP_KEY_PATH = env_str("BANK_SFTP_KEY_PATH")
_from_bank = transports.Options(
    kind=BANK_TRANSPORT,
    out="-",
    into=BANK_IN_DIR,
    host=BANK_SFTP_HOST,
    user=BANK_SFTP_USER,
    host_keys=tuple(BANK_SFTP_HOST_KEY),
    key_file=BANK_SFTP_KEY_PATH,
    called="BANK",
    both=False,
)
if _faults := transports.faults(_from_bank, live=LIVE):
    raise ImproperlyConfigured("; ".join(_faults))

# --- Mail -----------------------------------------------------------------------------------------
MAIL_CARRIERS = ("file", "smtp", "sendgrid")
MAIL_SENDER = env_choice("MAIL_SENDER", MAIL_CARRIERS, "file")
APPEAL_SENDER = env_choice("APPEAL_SENDER", MAIL_CARRIERS, MAIL_SENDER)
MAIL_SENDERS = {
    "file": "mailings.senders.file.FileSender",
    "smtp": "mailings.senders.smtp.SmtpSender",
    "sendgrid": "mailings.senders.sendgrid.SendGridSender",
}
MAIL_FROM = env_str("MAIL_FROM", "fundraise <noreply@localhost>")
MAIL_DIR = DATA_DIR / "mail"
OPS_EMAIL = env_str("OPS_EMAIL")  # who is told when an alarm rings
ALARM_HOOK = "mailings.alarms.mail_alarm"
EMAIL_HOST = env_str("SMTP_HOST", "localhost")
EMAIL_PORT = env_int("SMTP_PORT", 587)
EMAIL_HOST_USER = env_str("SMTP_USER")
EMAIL_HOST_PASSWORD = env_str("SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
SENDGRID_HOSTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
SENDGRID_REGION = env_choice("SENDGRID_REGION", ("global", "eu"), "global")
SENDGRID_HOST = env_str("SENDGRID_HOST", SENDGRID_HOSTS[SENDGRID_REGION]).rstrip("/")
SENDGRID_API_KEY = env_str("SENDGRID_API_KEY")
SENDGRID_APPEALS_KEY = env_str("SENDGRID_APPEALS_KEY")  # of a subuser, where appeals have one
SENDGRID_POOL = env_str("SENDGRID_POOL")
SENDGRID_APPEALS_POOL = env_str("SENDGRID_APPEALS_POOL")
SENDGRID_PEOPLE = env_int("SENDGRID_PEOPLE", 500)  # in one request; SendGrid takes 1000
SENDGRID_GZIP = env_bool("SENDGRID_GZIP", default=False)
SENDGRID_UNSUBSCRIBE_GROUP = env_int("SENDGRID_UNSUBSCRIBE_GROUP", 0)
SENDGRID_TRACK_CLICKS = env_bool("SENDGRID_TRACK_CLICKS", default=False)
SENDGRID_TRACK_OPENS = env_bool("SENDGRID_TRACK_OPENS", default=False)
if not 1 <= SENDGRID_PEOPLE <= 1000:
    raise ImproperlyConfigured(f"SENDGRID_PEOPLE: use 1 to 1000, not {SENDGRID_PEOPLE}")

# What comes back about mails (docs/mail-events.md).
# The last part of the address that events are posted to, and the keys of their signature.
SENDGRID_ACCOUNT = env_str("SENDGRID_ACCOUNT", "demo" if MODE == "demo" else "main")
SENDGRID_WEBHOOK_PUBLIC_KEY = env_list("SENDGRID_WEBHOOK_PUBLIC_KEY")
EVENT_POSTS_KEEP_DAYS = env_int("EVENT_POSTS_KEEP_DAYS", 30)  # raw posts hold addresses
MAIL_EVENTS_KEEP_DAYS = env_int("MAIL_EVENTS_KEEP_DAYS", 400)  # without addresses
MAIL_REFUSED_ALARM = env_int("MAIL_REFUSED_ALARM", 20)  # mails, for content or name

# --- Mail that comes in (mailings/inbound) ---
# The domain whose mail SendGrid's inbound parse posts to /webhooks/sendgrid/inbound/<token>.
MAIL_INBOUND_DOMAIN = env_str(
    "MAIL_INBOUND_DOMAIN", "svar.example.org" if MODE == "demo" else ""
).lower()
SENDGRID_INBOUND_TOKEN = env_str("SENDGRID_INBOUND_TOKEN")
SENDGRID_INBOUND_PUBLIC_KEY = env_list("SENDGRID_INBOUND_PUBLIC_KEY")
INBOUND_MAX_MB = env_int("INBOUND_MAX_MB", 30)
REPLIES_DUE_HOURS = env_int("REPLIES_DUE_HOURS", 48)
# Bankgirot: OCR levels 3 and 4 want the number's length before the check digit.
OCR_LENGTH_DIGIT = env_bool("OCR_LENGTH_DIGIT", default=False)
REPLIES_KEEP_DAYS = env_int("REPLIES_KEEP_DAYS", 180)
# Whether a sender's domain is looked up (mailings/verified), and where DKIM's keys stand under it.
MAIL_DNS_CHECKS = env_bool("MAIL_DNS_CHECKS", default=MODE != "demo")
MAIL_DKIM_SELECTORS = env_list("MAIL_DKIM_SELECTORS", "s1,s2")
# Whether an appeal's links are asked for before it may be sent (mailings/appeals/looks/live.py).
MAIL_LINK_CHECKS = env_bool("MAIL_LINK_CHECKS", default=MODE != "demo")

# --- Appeals (docs/appeals.md) --------------------------------------------------------------------
APPEAL_COOL_OFF_MINUTES = env_int("APPEAL_COOL_OFF_MINUTES", 10)  # with Stop, before it is prepared
TWO_PERSON_APPEAL_PEOPLE = env_int("TWO_PERSON_APPEAL_PEOPLE", 1000)  # 0 = always
APPEAL_QUIET_FROM = env_int("APPEAL_QUIET_FROM", 21)  # hours on the appeal's clock
APPEAL_QUIET_UNTIL = env_int("APPEAL_QUIET_UNTIL", 8)
JOURNEY_TIME = env_str("JOURNEY_TIME", "10:07")  # in Stockholm; an odd minute
APPEAL_CAP_MAILS = env_int("APPEAL_CAP_MAILS", 3)  # appeals to one person; 0 = no cap
APPEAL_CAP_DAYS = env_int("APPEAL_CAP_DAYS", 7)
APPEAL_PER_HOUR = env_int("APPEAL_PER_HOUR", 0)  # mails in all; 0 = as fast as it goes
APPEAL_FAMILY_PER_HOUR = env_json("APPEAL_FAMILY_PER_HOUR", {})  # {"gmail": 20000}
APPEAL_NEXT_WAVE_MINUTES = env_int("APPEAL_NEXT_WAVE_MINUTES", 60)  # for events to come in
APPEAL_WARN_COMPLAINTS = env_int("APPEAL_WARN_COMPLAINTS", 10)  # of 10 000 delivered
APPEAL_STOP_COMPLAINTS = env_int("APPEAL_STOP_COMPLAINTS", 30)
APPEAL_WARN_BOUNCES = env_int("APPEAL_WARN_BOUNCES", 200)  # of 10 000 sent
APPEAL_STOP_BOUNCES = env_int("APPEAL_STOP_BOUNCES", 500)
APPEAL_ODD_MINUTES = env_bool("APPEAL_ODD_MINUTES", default=LIVE)  # waves begin at an odd minute
APPEAL_LOOPS = env_int("APPEAL_LOOPS", 2)  # tasks that prepare and send at a time
APPEAL_RECALL = env_choice("APPEAL_RECALL", ("none", "wave", "batch"), "none")
APPEAL_RECALL_MINUTES = env_int("APPEAL_RECALL_MINUTES", 20)  # how long the sender holds a batch
APPEAL_PAYLOAD_DAYS = env_int("APPEAL_PAYLOAD_DAYS", 14)  # addresses and values, after the end
APPEAL_DOUBT_HOURS = env_int("APPEAL_DOUBT_HOURS", 2)  # in doubt so long without an event: alarm

# --- Rules of the house ---------------------------------------------------------------------------
# Which legal bases are enough for a purpose: "consent", "membership", "regular_contact".
LEGAL_BASES: dict[str, list[str]] = {
    "register": env_list("BASES_REGISTER", "consent,membership,regular_contact"),
    "appeals": env_list("BASES_APPEALS", "consent,membership"),
    "newsletter": env_list("BASES_NEWSLETTER", "consent,membership"),
    "receipts": ["consent", "membership", "regular_contact"],
    "targeting": ["consent"],  # choosing whom to ask, and for how much, by what is known of them
}
# Choosing people: how long one question may take, and which conditions choose nobody by what is
# known of them beyond the subscription (EU Regulation 2024/900, Art. 18; docs/segments.md).
SEGMENT_SECONDS = env_int("SEGMENT_SECONDS", 10)
UNTARGETED_CONDITIONS = env_list(
    "UNTARGETED_CONDITIONS",
    "kind,language,allowed,basis,has_email,has_address,suppressed,share,recent_givers,monthly_givers",
)
# A member list is kept sealed for so many days, for its error file and for questions; no longer.
IMPORT_KEEP_DAYS = env_int("IMPORT_KEEP_DAYS", 30)
IMPORT_MAX_BYTES = env_int("IMPORT_MAX_MB", 20) * 1_000_000
# Who else handles people's data for this house, "name | what | where": the data-protection page.
PROCESSORS = env_list("PROCESSORS")
# Price base amounts in öre by year (lag 2018:90, 2 §: the one valid at the end of the year). Until
# a year's is known here, the last one goes on.
PRICE_BASE_AMOUNTS_ORE = {2024: 57_300_00, 2025: 58_800_00, 2026: 59_200_00}
# (from date, kinds of entity, yearly sum in öre above which identity is asked; 0 = always). A
# party may not keep the anonymous part above 0.05 price base amounts (9 §).
IDENTITY_RULES: list[tuple[str, list[str], int]] = [
    (f"{year}-01-01", ["party"], ore * 5 // 100) for year, ore in PRICE_BASE_AMOUNTS_ORE.items()
]
# (from date, thousandths of a price base amount): lag (2018:90) 9, 14-22, 25 §§. `small`: told as
# one sum; `member_fee`: taken off per member for 25 §; `anonymous`: the most that nobody known may
# give in a year; `named`: above it the giver is named, and above it a party must file.
PARTY_RULES: list[tuple[str, dict[str, int]]] = [
    ("2018-04-01", {"small": 5, "member_fee": 10, "anonymous": 50, "named": 500}),
]
# (from date, öre and percent): inkomstskattelagen 67 kap. 20-26 §§ and the 90-konto's rules.
CHARITY_RULES: list[tuple[str, dict[str, int]]] = [
    (
        "2019-07-01",
        {"gift_ore": 200_00, "year_ore": 2_000_00, "cost_percent": 25, "least_age": 18},
    ),
]
# From this day of January on, givers may be told that last year's statement is there.
YEAR_STATEMENTS_DAY = env_day("YEAR_STATEMENTS_DAY", 15)
PARTY_NEAR_PERCENT = env_int("PARTY_NEAR_PERCENT", 80)  # of the limit: then identity is asked for
# So many in so many seconds, refilled evenly (fundraise/limits): of one address block, of one wide
# block (/16, /48: also a mobile operator's customers), of one e-mail address, of one form.
LIMITS: dict[str, tuple[int, int]] = {
    "give": (env_int("LIMIT_GIVE", 30), 600),
    "give-wide": (env_int("LIMIT_GIVE_WIDE", 600), 600),
    "give-email": (env_int("LIMIT_GIVE_EMAIL", 10), 3600),
    "give-form": (env_int("LIMIT_GIVE_FORM", 20), 14_400),
    "pledge": (env_int("LIMIT_PLEDGE", 20), 600),
    "pledge-wide": (env_int("LIMIT_PLEDGE_WIDE", 400), 600),
    "pledge-email": (env_int("LIMIT_PLEDGE_EMAIL", 5), 86_400),
    "pledge-account": (env_int("LIMIT_PLEDGE_ACCOUNT", 5), 86_400),
    "card-page": (env_int("LIMIT_CARD_PAGE", 6), 86_400),  # pages about a pledge's card, each day
    "prove": (env_int("LIMIT_PROVE", 60), 600),
    "link": (env_int("LIMIT_LINK", 10), 600),
    "link-email": (env_int("LIMIT_LINK_EMAIL", 3), 3600),
    "link-house": (env_int("LIMIT_LINK_HOUSE", 300), 600),
    "check": (env_int("LIMIT_CHECK", 300), 600),
    "mine-link": (env_int("LIMIT_MY_PAGES_LINK", 10), 600),
    "mine-link-email": (env_int("LIMIT_MY_PAGES_LINK_EMAIL", 3), 3600),
    "mine-link-house": (env_int("LIMIT_MY_PAGES_LINK_HOUSE", 300), 600),
    "mine-enter": (env_int("LIMIT_MY_PAGES_ENTER", 30), 600),  # tries with a link, of one block
    "mine-change": (env_int("LIMIT_MY_PAGES_CHANGE", 60), 3600),  # of one address or one link
    "mail-token": (env_int("LIMIT_MAIL_TOKEN", 60), 600),  # tokens that are none, of one block
    "account": (env_int("LIMIT_ACCOUNT", 300), 600),
    "login": (env_int("LIMIT_LOGIN", 10), 600),
    "login_challenge": (env_int("LIMIT_LOGIN_CHALLENGE", 30), 600),  # for passkeys
    "api_key": (env_int("LIMIT_API_KEY", 600), 60),  # of one key
    "api_public": (env_int("LIMIT_API_PUBLIC", 300), 60),  # of one address block without a key
    # Wrong passwords for one name: of one block or one known browser; from anywhere else.
    "login_name": (env_int("LIMIT_LOGIN_NAME", 20), 3600),
    "login_name_wide": (env_int("LIMIT_LOGIN_NAME_WIDE", 100), 3600),
    "login_code": (env_int("LIMIT_LOGIN_CODE", 10), 600),  # per account, after the password
    "login_link": (3, 3600),  # mails with a link for a new password, per address
}
# The donor's own pages (docs/my-pages.md).
MY_PAGES_LINK_MINUTES = env_int("MY_PAGES_LINK_MINUTES", 15)
MY_PAGES_IDLE_MINUTES = env_int("MY_PAGES_IDLE_MINUTES", 20)
MY_PAGES_MOST_HOURS = env_int("MY_PAGES_MOST_HOURS", 4)
# Card testing (docs/donation-page.md, "Under attack").
FORM_MIN_SECONDS = env_int("FORM_MIN_SECONDS", 2)  # a form that is sent sooner is shown again
MOST_DECLINES = env_int("MOST_DECLINES", 6)  # on one page of the provider; then we close it
BREAKER_WINDOW_MINUTES = env_int("BREAKER_WINDOW_MINUTES", 10)
BREAKER_DECLINES = env_int("BREAKER_DECLINES", 20)
BREAKER_DECLINE_PERCENT = env_int("BREAKER_DECLINE_PERCENT", 50)
BREAKER_UNPAID = env_int("BREAKER_UNPAID", 300)
BREAKER_CALM_MINUTES = env_int("BREAKER_CALM_MINUTES", 30)
PROOF_COST = env_int("PROOF_COST", 2000)  # iterations of one try
PROOF_ROUNDS = env_int("PROOF_ROUNDS", 450)  # tries: a third of it to four thirds
# How often a thermometer on another site should ask; each asks a third earlier or later.
THERMOMETER_POLL_SECONDS = env_int("THERMOMETER_POLL_SECONDS", 30)
EXPORT_AT_ONCE_ROWS = env_int("EXPORT_AT_ONCE_ROWS", 2000)  # longer files are made by a worker
EXPORT_KEPT_HOURS = env_int("EXPORT_KEPT_HOURS", 24)
EXPORT_DIR = DATA_DIR / "exports"
TWO_PERSON_REFUND_ORE = env_int("TWO_PERSON_REFUND_ORE", 100_000)  # 0 = always
# Who may be asked to give more every month (fundraise/pledges/upgrading.py).
UPGRADE_AFTER_MONTHS = env_int("UPGRADE_AFTER_MONTHS", 12)
UPGRADE_PRICE_RISE_PERCENT = env_int("UPGRADE_PRICE_RISE_PERCENT", 10)

# --- Monthly giving -------------------------------------------------------------------------------
# Cut-offs and lead times in bank days, as dated rows (fundraise/pledges/times.py).
AUTOGIRO_TIMES = env_json(
    "AUTOGIRO_TIMES",
    [
        {
            "from": "2000-01-01",
            "until": "17:00",
            "cut_off": "19:00",
            "mandate": 6,
            "draw": 1,
            "notice": 8,
        }
    ],
)
AUTOGIRO_BY_HAND = "fundraise.providers.giro.calendar.is_by_hand"  # whose files are carried
PLEDGE_PLAN_DAYS = env_int("PLEDGE_PLAN_DAYS", 62)  # how far ahead instalments are planned
PLEDGE_RETRIES = env_bool("PLEDGE_RETRIES", default=True)  # one new try in a period, announced
PLEDGE_RETRY_DAYS_BEFORE_NEXT = env_int("PLEDGE_RETRY_DAYS_BEFORE_NEXT", 10)
PLEDGE_DAYS = env_days("PLEDGE_DAYS", "1,15,25,28,31")  # to choose on the page; 31 = last bank day
PLEDGE_DAY = env_day("PLEDGE_DAY", 28)  # the day that is chosen when nobody chooses
# How a mandate is signed on the page: one of SIGNERS (providers/signing.py, give/signing).
MANDATE_SIGNING = env_choice("MANDATE_SIGNING", ("tick", "mail_link", "bankid"), "tick")
SIGNERS = {
    "tick": "fundraise.give.signing.tick.Tick",
    "mail_link": "fundraise.give.signing.mail_link.MailLink",
    "bankid": "fundraise.give.signing.bankid.BankId",
}
BANKID = env_str("BANKID", "fundraise.give.signing.bankid_sandbox.Sandbox")  # who is asked
PLEDGE_REMIND_HOURS = env_int("PLEDGE_REMIND_HOURS", 24)  # an unsigned sign-up is reminded once
PLEDGE_PAYDAY = env_int("PLEDGE_PAYDAY", 25)  # 1-28: a new try comes the bank day after it

# --- Content Security Policy ----------------------------------------------------------------------
# form-action must hold the checkout origin: Chromium blocks the redirect of a POST otherwise.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, STRIPE_CHECKOUT_ORIGIN],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

# --- API (api/) -----------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.Allowance"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsing.OnlyJson",
    "DEFAULT_PARSER_CLASSES": ["api.parsing.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "api.paging.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.StrictFilters"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.problems.answer",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "fundraise",
    "VERSION": "1",
    "DESCRIPTION": "The guide is docs/api.md.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVERS": [{"url": "/"}],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["api.schema.with_problems"],
}

# Shows a campaign that is not saved yet as its donation page (fundraise/give/preview.py).
CAMPAIGN_PREVIEW = "fundraise.give.preview.render"

# --- Staff ----------------------------------------------------------------------------------------
LOGIN_URL = "/staff/login/"
LOGIN_REDIRECT_URL = "/staff/"
SUDO_MINUTES = env_int("SUDO_MINUTES", 15)  # how long a log-in is enough for dangerous acts
STAFF_LINK_HOURS = {"setup": 72, "password": 1}  # links of fundraise/staff/links.py
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "fundraise.staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours count in the database: LIMITS above
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_TIMEOUT = SUDO_MINUTES * 60
MFA_ADAPTER = "fundraise.staff.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = False
USERSESSIONS_TRACK_ACTIVITY = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- Metrics (fundraise/ops/metrics) --------------------------------------------------------------
METRICS_KEY = env_str("METRICS_KEY")  # without it /metrics is not there

# --- Logs: no personal data (fundraise/logs.py) ---------------------------------------------------
LOGGING = logging_config(json_lines=env_str("LOG_FORMAT", "json") == "json")
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request, when it has ended
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG


# --- Live refuses what belongs to play ------------------------------------------------------------
def _is_sendgrids(key: str) -> bool:
    return key.startswith("SG.") and not key.startswith("SG.stand-in.")


if LIVE:
    _refusals = [
        ("DEBUG must be False in live mode", DEBUG),
        ("FUNDRAISE_SECRET_KEY is missing", not SECRET_KEY),
        ("FUNDRAISE_FIELD_KEYS is missing", not FIELD_KEYS),
        ("FUNDRAISE_LOOKUP_KEYS is missing", not LOOKUP_KEYS),
        ("live mode needs a real database and broker, not the embedded ones", EMBEDDED),
        ("STRIPE_API_BASE must be https://api.stripe.com", STRIPE_API_BASE not in STRIPE_LIVE),
        ("STRIPE_SECRET_KEY is a test key", "_test_" in STRIPE_SECRET_KEY),
        ("STRIPE_WEBHOOK_SECRET is missing", bool(STRIPE_SECRET_KEY) and not STRIPE_WEBHOOK_SECRET),
        (
            "MAIL_SENDER=file sends nothing; live mode needs smtp or sendgrid",
            "file" in {MAIL_SENDER, APPEAL_SENDER},
        ),
        (
            f"SENDGRID_HOST must be {' or '.join(SENDGRID_HOSTS.values())}",
            SENDGRID_HOST not in SENDGRID_HOSTS.values(),
        ),
        (
            "SENDGRID_API_KEY is missing or is no key of SendGrid (SG.…)",
            MAIL_SENDER == "sendgrid" and not _is_sendgrids(SENDGRID_API_KEY),
        ),
        (
            "SENDGRID_APPEALS_KEY is missing or is no key of SendGrid (SG.…)",
            APPEAL_SENDER == "sendgrid"
            and not _is_sendgrids(SENDGRID_APPEALS_KEY or SENDGRID_API_KEY),
        ),
        ("FUNDRAISE_BASE_URL must begin with https://", not SECURE),
    ]
    _said = [text for text, broken in _refusals if broken]
    if _said:
        raise ImproperlyConfigured("; ".join(_said))
if MODE == "demo" and "_live_" in STRIPE_SECRET_KEY:
    raise ImproperlyConfigured("demo mode refuses a live Stripe key")
if MODE == "demo" and any(_is_sendgrids(key) for key in (SENDGRID_API_KEY, SENDGRID_APPEALS_KEY)):
    raise ImproperlyConfigured("demo mode refuses a key of SendGrid")

# --- Faults told to a Sentry, without persons (fundraise/sentry.py) -------------------------------
SENTRY_DSN = env_str("SENTRY_DSN")
if SENTRY_DSN:
    begin(SENTRY_DSN, MODE)

# --- The frame of staff pages (django-unfold); dotted paths are called with the request -----------
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "fundraise.console.shell.title",
    "SITE_HEADER": "fundraise.console.shell.title",
    "SITE_SYMBOL": "favorite",
    "SITE_FAVICONS": [{"rel": "icon", "href": "fundraise.console.shell.icon"}],
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "fundraise.console.shell.language_action"},
    "GLOBAL_CALLBACK": "fundraise.console.shell.extra",
    "STYLES": ["fundraise.console.shell.stylesheet"],
    "SCRIPTS": ["fundraise.console.shell.script"],
    "SIDEBAR": {"navigation": "fundraise.console.shell.menu"},
    "ACCOUNT": {
        "navigation": [{"title": "fundraise.console.shell.account_link", "link": "/staff/account/"}]
    },
}

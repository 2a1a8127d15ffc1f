"""A stand-in for SendGrid: mail requests in, signed events out, an inbox to read. Nothing is sent.

It is written from the description of the API alone and shares no code with the product: each checks
the other. Start it with `python -m fundraise.sandbox.sendgrid` (docs/sendgrid-stand-in.md).
"""

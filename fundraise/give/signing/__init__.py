"""The ways to sign on the donation page (settings.SIGNERS); see providers/signing.py."""

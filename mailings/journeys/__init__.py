"""Mails that follow an event: welcome, thanks, a missed draw, a year later."""

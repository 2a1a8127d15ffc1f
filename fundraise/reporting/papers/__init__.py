"""Papers as PDF: rendered once from what was frozen, kept, and handed out again to the byte."""

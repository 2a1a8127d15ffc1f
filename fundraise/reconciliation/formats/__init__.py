"""Files that tell of money, read without Django: camt, banks' CSV, Swish, BgMax, Stripe's CSV."""

"""The life of an issued paper: number, code, card, who signs it, how it stands, whether it is unaltered."""

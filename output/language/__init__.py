"""Russian on paper: names and phrases in grammatical case, dates, numbers, money, spaces that hold."""

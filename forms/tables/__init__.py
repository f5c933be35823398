"""Cases from the spreadsheet that a centre really has: its columns are understood, checked, brought in once.

opening.py    a file of a foreign program becomes plain rows, or is refused
headers.py    where the headers are, and what stands in them
meaning.py    what a column may mean; the meaning proposed from its header
mapping.py    the file that keeps what the columns mean
cells.py      days, numbers and words as they are typed in cells
people.py     names, and several people in one cell
addresses.py  an address in one cell
families.py   rows become plain data of cases, and each value knows its cell
bringing.py   examined, compared with what is there, written
ledger.py     what was brought in before
telling.py    faults by cell: findings, and a copy of the table with the cells coloured
"""

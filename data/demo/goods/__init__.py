"""The goods in the demo zone: what happens to them, and what their books tell of it.

lot.py        articles, lines, lots, what is planted in them       stock.py     what is kept, and for whom
ledger.py     which lots there are, day by day; counts             stories.py   what lawfully happens to a lot
told.py       which book tells what, and when                      write.py     the texts: CSV of two makes, a workbook
truth.py      the planted offences, for whoever checks us
"""

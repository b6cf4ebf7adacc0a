"""The database: engine (how it is opened), types, tables (what is in it), migrations (how it came to be).

SQL is written here and in `data/queries`; nowhere else but in the modules of `data` that own a table.
"""

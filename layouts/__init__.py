"""What people see: one page a file, shared parts in `_parts`, every word in `_text`.

A page reads its address, asks one query of `data.queries`, hands the rows to a figure and wraps it in `chart`. It may use
`data.queries`, `data.actions` and `zones`; it knows no SQL, no session and no colour.
"""

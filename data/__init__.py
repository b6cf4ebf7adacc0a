"""What happened: from bytes at a source to rows a page may ask for. The words are those of `zones/__init__.py`.

    source ------------> receipt + message ------> report ----------> movement ---> stay, counts ----> alert ----------> page, file
    sources/             intake.py  raw.py         feeds/<format>.py  derive.py     derive.py          judge.py          queries/
    1 list and fetch     2 keep bytes, commit      3 bytes->records   4 fold        5 counts.py        6 rules -> journal  export.py

    1  sources/      lists what lies at a source and opens it; a file still being written is left alone
    2  pull.py       asks a source for what is new; `ingest` takes local files the same way
       intake.py     keeps the bytes (raw.py), unpacks (unpack.py), reads, commits about 2,000 rows a transaction with all that follows
                     plausible.py: what counts as it is dated; signals.py: what devices said of these boxes
                     settle.py: what depends on other messages (time of receipt, references)
                     breaker.py: where too much is rejected, what comes is kept and not read until a person says so
    3  feeds/        one format a file, no I/O: records, or why not. keep.py: each record gets its identity, place and time of receipt
    4  derive.py     new reports resume the fold of their box from its `tip`; anything late or correcting folds the box again (books.py)
    5  counts.py     what each movement and stay adds to `hourly`, `occupancy`, `area_hour`, `inside`, `dwell_bucket`, `agreement`, each
                     report to `lag` (lags.py); hearing.py: when a feed was heard; expectation.py: how often it is to be
       Goods         lines.py makes the rows of a ledger, ledger.py folds and posts them, standing.py: which of them count; openings.py:
                     what was there when each month began; inventory.py: what was inside at any moment, as known at any moment;
                     followed.py: holds that go with goods into another box; ledger_check.py: do the ledgers add up
    6  judge.py      touched and due boxes, lots, feeds and days of places x zones/rules -> episodes -> alerts, one journal line a change
                     (journal.py); outlook.py: which boxes no rule has anything to say of yet; areas.py: places by the day
       attend.py     what time does to alerts: a shelf is over, a response is overdue and goes further (duty.py: to whom)
    7  actions/      what people do with alerts: right, state, journal line and audit row (audit.py) in one transaction. And with messages:
                     references.py carries out which of several under one reference stands
    8  queries/      what a page may ask, one module a page; every function takes the actor
    9  export.py     tables for other programs (export_columns.py names the columns)

    Law       declared.py what the files say, rule_changes.py what two people agreed on since; backtest.py a rule tried under other limits,
              backtest_runs.py those that the worker does
    Telling   notify/: an outbox, written with the journal line or act that it tells of, sent by the worker: e-mail, signed webhook, chat
    Again     rebuild.py folds anew; reread.py reads kept bytes with today's reader; asof.py any past moment; verify.py: do the books add up
    Running   work.py the one worker, lease.py its lease, runs.py what ran, clock.py the only reader of the clock
    Set up    settings.py the environment, declared.py the declaration files, people.py accounts and roles, logs.py
    Kept in   store/: engine.py (SQLite and PostgreSQL), tables.py (every column), migrations/, bulk.py
    By hand   by_hand.py: what people recorded from paper and another read becomes a file and goes in by 2; pasted.py rows of a spreadsheet
    Try       tryout/ how a file would be read, and what would follow, before any feed is declared
    Demo      first.py the first start, demo/ the synthetic port

To follow a CODECO: `intake.Intake.take` keeps it, `feeds/codeco.py` reads it, `keep.Keeper.report` makes the row, `derive.Derivation` makes
it a movement and a stay (`zones.stay.step`), `judge.judge` asks the rules. `python app.py explain ID` walks the same way back. A line of a
ledger goes the same way: `feeds/ledger_csv.py`, `lines.line_row`, `ledger.post` (`zones.ledger.step`), and `goods.lots` for the rules.
"""

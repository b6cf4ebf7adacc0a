"""The domain on one page: the words, and the way from a message to an alert. Nothing here knows a database, a screen, a clock or a file.

    derived = fold(reports known at K, declarations in force, up to T)

What a screen shows is a pure function of what was received, the world as declared, and a moment. What arrives is kept byte for byte; what
is derived can be thrown away and comes out equal, row for row; what people do is a journal and is never derived.

    source -> receipt + message -> report -> movement -> stay, counts -> episode -> alert -> page
                                   report.py movement.py stay.py         rules/     alert.py

    receipt     one delivery of some bytes; the same bytes once more are a second receipt, not a second message
    message     one interchange or one CSV file; its time of receipt is the least of its receipts
    report      what ONE SOURCE SAYS happened to a box; never edited. `report.standing` says which ones count: only `live` ones do
    movement    what HAPPENED: the live reports that tell of one physical event. One is canonical, the others evidence; counted once
    customs     facts (hold, selection, inspection, release, permit) by an agency about a box or a document; `customs.holds` pairs them
    signal      what a device on a box says: a seal opened, a position, a temperature. Evidence, never a movement
    stay        one visit of a box to a place, folded from its movements by `stay.step`; unknown ends stay unknown
    word        a live report that tells more than a movement: announced, ordered, declared, weighed; a rule is given those of each visit
    visit       of a vehicle: gate to gate, folded from movements when a page asks, like the call of a ship from plans and movements
    book        all of this for one box: the one fold that deriving, replay, judging of the past and verifying share
    episode     when a rule's condition WAS, IS OR WILL BE true: [began, ended), with its anchor, its steps and what proves it
    alert       an episode's occasion in the journal: what the system saw (condition) and what people did (work.py)
    place       any supervised port or zone, as declared (world.py hands out all of them, and their law)
    law         limits with a value, a calendar, a span in which they are in force, and a citation (limits.py, jurisdiction.py)

Said once, true everywhere:
- Ids are hashes of content, never counters, so the order in which things arrive plays no part.
- Intervals are [began, ended). Times are aware UTC; a `day` is a calendar day of the place, never 24 hours.
- At equal times: entry < hold < release < exit.
- An anchor is made of report ids, never of a computed time, so a moved limit or a late message keeps the alert that people work on.
- A rule that leans on the absence of something says so (NEEDS); beyond what was heard, its episodes are `unverified`.
- Counts are integers: movements, hundredths of TEU, minutes, grams.

    codes.py        container numbers, size/type to TEU, the event vocabulary
    calendar.py     durations and deadlines        measure.py   shares, counts, ways     limits.py        the law of a place
    jurisdiction.py a file of limits               _declare.py  YAML with file, line and field
    place.py        a place as declared            folder.py    its folder, read         world.py         all places and their law
    by_hand.py      what people record from paper, and how it joins what sources tell
    report.py       which reports count            movement.py  reports of one event     customs.py       holds
    stay.py         the fold, step by step         book.py      the whole fold of a box
    required.py     what a place asks for beyond limits: seals, what must stand apart             seals.py  who put a seal on
    goods.py        statuses and watched goods, and who keeps their ledger     entry.py   a line of it
    neighbour.py    which boxes with dangerous goods stood together
    word.py         what is said of a box beside its movements, and of which visit it is
    visit.py        vehicles, gate to gate         call.py      ships: planned, estimated, actual
    landing.py      a call's lists against what was discharged
    signal.py       what devices on boxes say
    area.py         places and areas: levels at full hours, trucks      announced.py     what stands announced
    subject.py      what a rule sees               episode.py   what a rule yields       rules/<rule>.py  one rule a file
    apart.py        where the two books of a lot part, and meet again         pairing.py   which lines of them are one and the same
    entry.py        a line of a goods ledger       line.py      what is wrong with one by itself      uom.py   units of measure, exactly
    packed.py       which goods were in which box when                            followed.py   holds that go with them into the next
    asking.py       which facts each rule is given catalogue.py every rule's number      muting.py blind.py whatif.py
    switch.py       rules that are off             backtest.py  two laws compared
    precision.py    what outcomes say of a rule    alarm_load.py flood.py  how many alerts people can bear
    alert.py        spells to occasions, matched   work.py      what people may do when
    closing.py      what was closed on what, and what of that no longer counts
    response.py     how fast people are to answer       attachment.py  what may be attached to an alert
    notice.py       who is told when
    places/ limits/ examples and law: data, never imported
"""

"""Telling people of alerts: an outbox, so that what is to be told is neither lost nor told of what never happened.

    journal line, act  ->  notice                  ->  delivery                       ->  channel
    journal.py             outbox.py                   sending.py                         send.py: _mail.py _webhook.py _chat.py
    actions/               in the same transaction     one message of one or several      outside any transaction

    channel.py    what is declared in the environment      wishes.py    who wants to hear what, and may
    message.py    what goes out, and in whose words        sending.py   bundles, leases, tries again, gives up

Whoever is told at all is told at least once: a sender that dies between sending and noting it leaves a message that is sent again under the
same key. What a person may not see (any more) is not sent. Waiting for a digest and for quiet hours goes by the time of the house, tries
and leases by real time, as networks do.
"""

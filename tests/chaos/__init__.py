"""
Guests, clients and a mux, and a saboteur among them: everything that can go wrong at once.

``make chaos`` runs it for ten minutes; ``tests/functional/test_chaos.py`` for one, with fewer of
each. A seed says what happens (``_plan``); what each part did is written down in a ledger of its
own while it happens (``_ledger``); when all is over the ledgers are read against each other
(``_verdict``).
Nothing here is made of txqga: what judges the mux knows its sockets, and nothing else of it.
"""

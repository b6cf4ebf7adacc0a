"""What a page may ask: one module a page; every function takes the store and the actor, and none has a default actor.

SQL that pages lead to lives here and in `data.store` only. Nobody is shown what lies beyond their places: see `_scope`.
"""

"""Git itself: objects, trees, history, differences and merges, on the objects of a store.

dulwich does what it does as git itself does, and as fast as its like here: the form of objects, packs, deltas, names of
refs, lines of the protocol. Where it does not, a module of ours says in what.

Everything here is a plain function of objects; refs, users and permissions are the API's affair.
"""

"""Git itself: objects, trees, history, differences and merges, on the objects of a store.

Everything here is a plain function of objects; refs, users and permissions are the API's affair.
"""

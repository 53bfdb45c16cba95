"""The web application: pages and the API of one observatory.

A page is a function in a module of `pages/`; it declares its permission in its decorator, and
answers with a `Content`: a dataclass that names its template and holds what the template shows.
"""

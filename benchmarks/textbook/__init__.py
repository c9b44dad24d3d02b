"""The same answers as a textbook would have them made: Django REST framework by its documentation, and well.

Nested `ModelSerializer`s, every to-one relation selected or prefetched, every list prefetched, so that the number of
queries does not grow. It reads the same database through the same models, and is served by the same gunicorn.
"""

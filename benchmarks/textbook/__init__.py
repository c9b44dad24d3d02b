"""A textbook implementation of the same responses: good code as in the documentation of Django REST framework.

It uses nested `ModelSerializer` classes, and selects or prefetches every relation, so that the number of queries is
constant. It reads the same database through the same models, and runs under the same gunicorn.
"""

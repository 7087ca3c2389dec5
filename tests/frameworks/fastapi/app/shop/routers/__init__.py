from . import admin, items
from .v2 import orders

ALL = [items.router, orders.router]

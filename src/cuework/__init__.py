"""Cuework: a CRM whose record changes start workflows.

This module holds the version and nothing else; it must stay free of imports that cost start-up time.
"""

from importlib.metadata import version

__version__ = version("cuework")

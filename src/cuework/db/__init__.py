"""Connections, tenancy, bulk writes, migrations: everything that knows PostgreSQL and nothing of CRM or workflows."""

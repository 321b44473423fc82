"""Looks rows up by their ids in a way that no estimate can turn into reading a tenant's table (decision 0012).

Each id is looked up by itself: `offset 0` keeps the planner from joining the table in any other way. Named as a set
(`id = any(...)`), a plan for any tenant may read all of the tenant's rows and compare each with all ids: it does where
most tenants are small, and then for the large one too.
"""

from functools import cache


@cache
def by_id(table: str, columns: str, lock: str = "") -> str:
    """The query for a tenant's rows by ids, in the order of these. Shape: $1 is the tenant, $2 the ids as uuid[]."""
    one = f"select {columns} from {table} where tenant_id = $1 and id = k.id offset 0 {lock}".strip()
    return f"select r.* from unnest($2::uuid[]) as k(id), lateral ({one}) r"

"""The fields of records as data."""

from uuid import UUID

import pytest

from cuework.engine.catalog import Catalog, CustomField, Pipeline, Stage
from cuework.engine.records import RECORD_TYPES, FieldType, nearest, schema

CATALOG = Catalog(
    UUID(int=1),
    custom_fields={"contact": {"plan": CustomField("plan", "Plan", "choice", ("basic", "pro"))}},
    lifecycle_stages=("lead", "customer"),
    pipelines=(
        Pipeline(
            UUID(int=2),
            "sales",
            "Sales",
            (Stage(UUID(int=3), "new", "New"), Stage(UUID(int=4), "won", "Won")),
        ),
        Pipeline(UUID(int=5), "partners", "Partners", (Stage(UUID(int=6), "new", "New"),)),
    ),
)


def test_a_tenants_own_fields_stand_beside_the_standard_ones() -> None:
    fields = schema("contact", CATALOG)
    plan = fields["custom.plan"]
    assert (plan.type, plan.label, plan.choices, plan.writable) == (
        FieldType.CHOICE,
        "Plan",
        ("basic", "pro"),
        True,
    )
    assert fields["lifecycle_stage"].choices == ("lead", "customer")
    assert list(fields)[:3] == ["id", "external_id", "first_name"]


def test_stages_of_all_pipelines_are_choices_once() -> None:
    fields = schema("deal", CATALOG)
    assert fields["stage"].choices == ("new", "won")
    assert fields["pipeline"].choices == ("sales", "partners")


def test_a_type_without_custom_fields_has_its_standard_ones_only() -> None:
    assert schema("task", CATALOG) == dict(RECORD_TYPES["task"].fields)


def test_what_the_system_sets_is_not_writable() -> None:
    for record_type in ("contact", "company", "deal", "task"):
        fields = RECORD_TYPES[record_type].fields
        assert not any(fields[key].writable for key in ("id", "revision", "created_at", "updated_at"))
    assert not any(RECORD_TYPES["deal"].fields[key].writable for key in ("stage", "pipeline", "closed_at"))


def test_every_relation_leads_through_a_field_of_its_own_record_to_a_known_type() -> None:
    for record_type in RECORD_TYPES.values():
        for relation in record_type.relations.values():
            assert relation.field in record_type.fields
            assert relation.record_type in RECORD_TYPES


@pytest.mark.parametrize(
    ("word", "meant"), [("lead_scor", "lead_score"), ("Email", "email"), ("xyzzy", None), ("", None)]
)
def test_a_misspelt_word_suggests_the_nearest_one(word: str, meant: str | None) -> None:
    assert nearest(word, RECORD_TYPES["contact"].fields) == meant

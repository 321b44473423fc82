"""What a tenant has set up, as definitions refer to it: by stable keys, never by ids.

A catalogue is an immutable snapshot; its epoch says which. It holds no records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that the tenant added to a record type; `options` are the choices of choice fields."""

    key: str
    name: str
    type: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A deal stage of one pipeline, in order."""

    id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Stages that deals move through; the default one takes deals that name none."""

    id: UUID
    key: str
    name: str
    stages: tuple[Stage, ...]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """A person of the tenant. A deactivated one is assigned nothing new."""

    id: UUID
    email: str
    name: str
    role: str = "member"
    timezone: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """Users in rotation order."""

    id: UUID
    key: str
    name: str
    members: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its fields as `{key, label, type, ...}`."""

    id: UUID
    key: str
    name: str
    fields: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A provider's account; its secrets are elsewhere."""

    id: UUID
    key: str
    name: str
    type: str
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Catalog:
    """One tenant's set-up. Lookups by key are dictionaries, made on first use."""

    tenant_id: UUID
    slug: str = "tenant"
    name: str = "Tenant"
    epoch: int = 0
    currency: str = "USD"
    timezone: str = "UTC"
    rates: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])  # tenant currency per one unit
    custom_fields: Mapping[str, Mapping[str, CustomField]] = field(default_factory=dict[str, Mapping[str, CustomField]])
    pipelines: tuple[Pipeline, ...] = ()
    lifecycle_stages: tuple[str, ...] = ()
    users: tuple[User, ...] = ()
    teams: tuple[Team, ...] = ()
    forms: tuple[Form, ...] = ()
    hooks: tuple[str, ...] = ()
    connections: tuple[Connection, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The tenant's time zone; UTC if its name is not known here."""
        try:
            return ZoneInfo(self.timezone)
        except (KeyError, ValueError):
            return ZoneInfo("UTC")

    @cached_property
    def user_by_id(self) -> Mapping[UUID, User]:
        """Users by id."""
        return {user.id: user for user in self.users}

    @cached_property
    def user_by_email(self) -> Mapping[str, User]:
        """Users by email, case-folded."""
        return {user.email.casefold(): user for user in self.users}

    @cached_property
    def team_by_key(self) -> Mapping[str, Team]:
        """Teams by key."""
        return {team.key: team for team in self.teams}

    @cached_property
    def form_by_key(self) -> Mapping[str, Form]:
        """Forms by key."""
        return {form.key: form for form in self.forms}

    @cached_property
    def pipeline_by_key(self) -> Mapping[str, Pipeline]:
        """Pipelines by key."""
        return {pipeline.key: pipeline for pipeline in self.pipelines}

    @cached_property
    def stage_by_id(self) -> Mapping[UUID, tuple[Pipeline, Stage]]:
        """Deal stages, with their pipeline, by id."""
        return {stage.id: (pipeline, stage) for pipeline in self.pipelines for stage in pipeline.stages}

    @cached_property
    def default_pipeline(self) -> Pipeline | None:
        """The pipeline of deals that name none."""
        chosen = [pipeline for pipeline in self.pipelines if pipeline.is_default]
        return (chosen or list(self.pipelines) or [None])[0]

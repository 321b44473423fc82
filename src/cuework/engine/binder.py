"""Joins a parsed node to a tenant: conditions are compiled and every key it names is looked up.

A binder gathers problems with their full path; it never raises for what a person wrote. It also remembers the
templates and conditions that were compiled through it, each with its place, so that what they read can be checked.

A version that is published already is bound more gently than a draft: people may have left and choices may have been
taken off their lists since, which is no reason to stop. Its trigger only compares keys: nothing has one that is gone.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from cuework.base.errors import Invalid, Problem
from cuework.engine.catalog import Catalog, Connection, Form, Pipeline, Stage, Team, User
from cuework.engine.condition_model import Gone, any_choice, no_choice
from cuework.engine.conditions import Condition, compile_condition
from cuework.engine.records import nearest
from cuework.engine.target import Target, TargetError, compile_target
from cuework.engine.templates import Template, compile_template


class Binder:
    """What one node may refer to at its place: the trigger's record type and the ids of earlier steps."""

    def __init__(
        self,
        catalog: Catalog,
        record_type: str | None,
        steps: frozenset[str],
        path: str,
        *,
        published: bool = False,
        compares_keys: bool = False,
    ) -> None:
        self.catalog = catalog
        self.published = published
        self.compares_keys = compares_keys
        self.record_type = record_type
        self.steps = steps
        self.path = path
        self.problems: list[Problem] = []
        self.reading: list[tuple[str, Template | Condition]] = []

    @property
    def gone(self) -> Gone:
        """Which choices a condition may compare with although they are on no list."""
        return any_choice if self.published else no_choice

    def problem(self, path: str, message: str, suggestion: str | None = None) -> None:
        """The definition has this problem at a path relative to the node."""
        self.problems.append(Problem(f"{self.path}.{path}" if path else self.path, message, suggestion))

    def condition(self, data: Any, path: str) -> Condition | None:
        """A compiled condition, None after its problems were noted."""
        where = f"{self.path}.{path}" if path else self.path
        try:
            found = compile_condition(data, self.catalog, self.record_type, path=where, gone=self.gone)
        except Invalid as error:
            self.problems.extend(error.problems or (Problem(where, error.detail),))
            return None
        self.reading.append((where, found))
        return found

    def template(self, text: str, path: str, *, html: bool = False) -> Template | None:
        """A compiled template of a text that is no Template by its type, None after its problems were noted."""
        where = f"{self.path}.{path}" if path else self.path
        try:
            found = compile_template(text, where, html=html)
        except Invalid as error:
            self.problems.extend(error.problems)
            return None
        self.reading.append((where, found))
        return found

    def target(self, words: Any, path: str, *, types: Sequence[str] = ()) -> Target | None:
        """The record that `on:` means: the trigger's record if nothing is said. `types` are those that fit."""
        if words is None:
            if self.record_type is None:
                self.problem(
                    path, "The trigger has no record, so this step needs `on:`.", "name an earlier step or {type, id}"
                )
                return None
            words = self._nearest_fitting(types)
        try:
            target = compile_target(words, self.record_type, self.steps)
        except TargetError as error:
            self.problem(path, error.args[0], error.args[1])
            return None
        except Invalid as error:
            self.problems.extend(error.problems)
            return None
        if types and target.type is not None and target.type not in types:
            self.problem(path, f"This step works on a {' or '.join(types)}; “{target.source}” is a {target.type}.")
            return None
        if target.identity is not None:
            self.reading.append((f"{self.path}.{path}.id", target.identity))
        return target

    def team(self, key: str, path: str) -> Team | None:
        """The team of that key."""
        return self._known(self.catalog.team_by_key.get(key), "team", key, path, self.catalog.team_by_key)

    def user(self, email: str, path: str) -> User | None:
        """The user of that email, who is active unless the version is published already."""
        known = self.catalog.user_by_email
        found = self._known(known.get(email.casefold()), "user", email, path, known)
        if found is not None and not found.active and not self.published:
            self.problem(path, f"{email} is deactivated.", "name an active user, or a team")
        return found

    def form(self, key: str, path: str) -> Form | None:
        """The form of that key."""
        return self._known(self.catalog.form_by_key.get(key), "form", key, path, self.catalog.form_by_key)

    def pipeline(self, key: str, path: str) -> Pipeline | None:
        """The pipeline of that key."""
        known = self.catalog.pipeline_by_key
        return self._known(known.get(key), "pipeline", key, path, known)

    def stage(self, key: str, path: str, pipeline: Pipeline | None = None) -> Stage | None:
        """The deal stage of that key, in one pipeline or in any."""
        pipelines = [pipeline] if pipeline else self.catalog.pipelines
        stages = {stage.key: stage for each in pipelines for stage in each.stages}
        return self._known(stages.get(key), "deal stage", key, path, stages)

    def lifecycle_stage(self, key: str, path: str) -> str | None:
        """The lifecycle stage of that key."""
        known = self.catalog.lifecycle_stages
        return self._known(key if key in known else None, "lifecycle stage", key, path, known)

    def connection(self, kind: str, key: str | None, path: str) -> Connection | None:
        """The connection of that key, or the only or first one of its type when no key is given."""
        fitting = {each.key: each for each in self.catalog.connections if each.type == kind}
        if key is None and fitting:
            return next(iter(fitting.values()))
        if key is None:
            self.problem(
                path,
                f"There is no {kind.upper()} connection yet.",
                "add one under Settings → Connections, then publish",
            )
            return None
        return self._known(fitting.get(key), f"{kind.upper()} connection", key, path, fitting)

    def hook(self, key: str, path: str) -> str | None:
        """The hook of that key."""
        known = self.catalog.hooks
        return self._known(key if key in known else None, "hook", key, path, known)

    def _known(self, found: Any, what: str, key: str, path: str, known: Iterable[str]) -> Any:
        if found is None and not (self.published and self.compares_keys):
            words = list(known)
            near = nearest(key, words)
            suggestion = near or (f"there are: {', '.join(words[:10])}" if words else f"there is no {what} yet")
            self.problem(path, f"There is no {what} “{key}”.", suggestion)
        return found

    def _nearest_fitting(self, types: Sequence[str]) -> str:
        """The trigger's record, or the one of a fitting type that it leads to."""
        if not types or self.record_type in types:
            return "record"
        return next(iter(types))

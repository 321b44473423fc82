"""What a new version changes, in sentences: the trigger, the settings, and each step by its id. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from cuework.engine.condition_phrases import condition_words
from cuework.engine.condition_words import shown
from cuework.engine.registry import NodeTypes
from cuework.workflows.steps import walk, with_ids
from cuework.workflows.vocabulary import title_of, trigger_of, trigger_summary

_INNER = ("steps", "otherwise", "cases")
_LONGEST = 80


def difference(old: Mapping[str, Any] | None, new: Mapping[str, Any], types: NodeTypes) -> list[str]:
    """Sentences that tell what is new; none where nothing is. `old` is None for the first version."""
    if old is None:
        return list(_first(new, types))
    before, after = with_ids(old), with_ids(new)
    return [
        *_fields(
            "The workflow",
            _without(before, "trigger", "settings", "steps", "key"),
            _without(after, "trigger", "settings", "steps", "key"),
        ),
        *_trigger(before, after, types),
        *_fields("The settings", _mapping(before.get("settings")), _mapping(after.get("settings"))),
        *_steps(before, after, types),
    ]


def _first(new: Mapping[str, Any], types: NodeTypes) -> Iterator[str]:
    summary = trigger_summary(new, types)
    yield f"It is published for the first time: {summary[:1].lower()}{summary[1:]}." if summary else "It is new."
    titles = [title_of(str(raw.get("type")), types) for _, raw in walk(new)]
    if titles:
        count = "1 step" if len(titles) == 1 else f"{len(titles)} steps"
        yield f"It has {count}: {', '.join(titles[:12])}{' and more' if len(titles) > 12 else ''}."


def _trigger(old: Mapping[str, Any], new: Mapping[str, Any], types: NodeTypes) -> Iterator[str]:
    before, after = trigger_of(old), trigger_of(new)
    if before.get("type") != after.get("type"):
        yield f"The trigger was “{_kind(before, types)}” and is now “{_kind(after, types)}”."
        return
    yield from _fields("The trigger", before, after)


def _steps(old: Mapping[str, Any], new: Mapping[str, Any], types: NodeTypes) -> Iterator[str]:
    before = {str(raw["id"]): (path, raw) for path, raw in walk(old)}
    after = {str(raw["id"]): (path, raw) for path, raw in walk(new)}
    for name, (_, raw) in after.items():
        if name not in before:
            yield f"The step {_step(name, raw, types)} is new."
    for name, (_, raw) in before.items():
        if name not in after:
            yield f"The step {_step(name, raw, types)} is removed."
    for name, (path, raw) in after.items():
        if name in before:
            yield from _fields(f"The step {_step(name, raw, types)}", _own(before[name][1]), _own(raw))
            if _parent(path) != _parent(before[name][0]):
                yield f"The step {_step(name, raw, types)} moved to another place."
    common_before = [name for name in before if name in after]
    common_after = [name for name in after if name in before]
    if common_before != common_after:
        yield f"The steps come in another order: {', '.join(common_after[:12])}."


def _fields(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if before is None:
            yield f"{what}: {name} is now {_words(after)}."
        elif after is None:
            yield f"{what}: {name} is no longer {_words(before)}."
        else:
            yield f"{what}: {name} was {_words(before)} and is now {_words(after)}."


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = condition_words(value) or shown(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _own(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A step without its id and the steps inside it, whose changes are told for themselves."""
    return {name: _emptied(value) for name, value in raw.items() if name not in ("id", "steps", "otherwise")}


def _emptied(value: Any) -> Any:
    if isinstance(value, list):
        return [_emptied(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _emptied(each) for name, each in cast("dict[str, Any]", value).items() if name not in _INNER}
    return value


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _step(name: str, raw: Mapping[str, Any], types: NodeTypes) -> str:
    return f"“{name}” ({title_of(str(raw.get('type')), types)})"


def _kind(trigger: Mapping[str, Any], types: NodeTypes) -> str:
    return title_of(str(trigger.get("type")), types)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _without(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name not in names}

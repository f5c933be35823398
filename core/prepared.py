"""What pydantic works out of a contract before it reads the first case, kept between runs.

A contract is a hundred classes, and to work out how each of their fields is read takes longer than to read a
case. It follows from papka's code and pydantic's alone, so it is kept like what was worked out of a method
(`kept.py`), and made anew when either of them changes.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
from typing import Any

from pydantic import BaseModel
from pydantic_core import CoreConfig, SchemaValidator

from . import kept

_SAID_TO_OTHERS = ("metadata", "serialization")
"""What a schema holds that is not asked when data are read."""


def recall(model: type[BaseModel]) -> bool:
    """Give a contract back what reads its data; tell whether that was kept."""
    if not _is_in_code(model):
        return False
    content = kept.recall(_key(model))
    if content is None:
        return False
    with contextlib.suppress(Exception):
        # As safe as a template's code: the seal and the owner were looked at.
        model.__pydantic_validator__ = SchemaValidator(pickle.loads(content), _config(model))
        return True
    return False


def keep(model: type[BaseModel]) -> None:
    """Keep what reads the data of a contract that is ready."""
    if _is_in_code(model):
        with contextlib.suppress(pickle.PicklingError, AttributeError, TypeError):
            kept.keep(_key(model), pickle.dumps(_plain(model.__pydantic_core_schema__), protocol=5))


def _key(model: type[BaseModel]) -> str:
    return kept.key_of("contract", f"{model.__module__}:{model.__qualname__}")


def _is_in_code(model: type[BaseModel]) -> bool:
    """Tell whether a contract stands in papka's own code: only that is a part of the key."""
    home = sys.modules.get(model.__module__)
    ours = model.__module__.startswith(f"{__package__}.")
    return ours and getattr(home, model.__qualname__, None) is model


def _config(model: type[BaseModel]) -> CoreConfig:
    known = model.model_config
    return CoreConfig(
        title=model.__name__,
        hide_input_in_errors=known.get("hide_input_in_errors", False),
        extra_fields_behavior=known.get("extra") or "ignore",
    )


def _plain(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _plain(one) for name, one in schema.items() if name not in _SAID_TO_OTHERS}
    if isinstance(schema, list | tuple):
        return type(schema)(map(_plain, schema))
    return schema

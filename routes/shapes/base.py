"""Base shapes: bodies, query strings, answers, pages, the error."""

from typing import Annotated, Any, ClassVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from routes.shapes.fields import Day, Limit


class Body(BaseModel):
    """A JSON body; unknown fields and wrong types are reported together."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self):
        """The fields that the client sent, as a dict."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Query(BaseModel):
    """A query string; parameters in `repeatable` may occur more than once."""

    model_config = ConfigDict(extra="forbid")
    repeatable: ClassVar[frozenset] = frozenset()


class Paging(Query):
    limit: Limit = 20
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class DayRange(Query):
    """Days from `first` to `last`, both included."""

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


MODELS = {}
"""{name: answer} of all models in the OpenAPI document."""


def reference(model):
    """Return a reference to the schema of an answer, and add its model to the OpenAPI document."""
    if isinstance(model, dict):
        return model
    MODELS[model.__name__] = model
    return {"$ref": f"#/components/schemas/{model.__name__}"}


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


def as_change(body):
    """Return a body with the same fields, all optional: clients send only changed fields."""
    types = get_type_hints(body, include_extras=True)
    return create_model(body.__name__, __base__=body, **{name: (types[name], None) for name in body.model_fields})


def as_answer(body):
    """Return an answer with the same fields: their types without limits, all required."""
    types = get_type_hints(body)
    fields = {
        name: (types[name], Field(alias=field.alias, description=field.description))
        for name, field in body.model_fields.items()
    }
    return create_model(body.__name__, __base__=Answer, **fields)


class Page(Answer):
    next_cursor: str | None


class CountedPage(Page):
    total: int = 0
    total_is_capped: bool = False


class Error(Answer):
    """Error answer: a message for the user, a stable code, invalid fields (422), the current object (412)."""

    error: str
    code: str
    fields: dict[str, str] = Field(default_factory=dict)
    current: dict[str, Any] = Field(default_factory=dict)

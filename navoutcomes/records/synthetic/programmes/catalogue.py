"""Every programme synthetic extracts are made of, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from navoutcomes.errors import DataProblem
from navoutcomes.records.synthetic.programmes import (
    aktivitetsplikt,
    aktivtiltaket,
    alarmen_gaar,
    innsatsgjengen,
    introduksjonsprogram,
    ips,
    jobbsjansen,
    kvp,
    p1824,
    ung_i_etableringsfasen,
)
from navoutcomes.records.synthetic.programmes.programme import Programme

_ROOMS = (
    aktivitetsplikt,
    aktivtiltaket,
    alarmen_gaar,
    innsatsgjengen,
    introduksjonsprogram,
    ips,
    jobbsjansen,
    kvp,
    p1824,
    ung_i_etableringsfasen,
)
PROGRAMMES: Mapping[str, Programme] = MappingProxyType({room.PROGRAMME.name: room.PROGRAMME for room in _ROOMS})


def programme(name: str) -> Programme:
    """The programme of a name; ``-`` and ``_`` mean the same. Raises: ``DataProblem`` naming those there are."""
    found = PROGRAMMES.get(name.strip().lower().replace("-", "_"))
    if found is None:
        raise DataProblem("synthetic_unknown", known=tuple(PROGRAMMES))
    return found

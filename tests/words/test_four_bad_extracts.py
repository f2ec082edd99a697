"""The four faults an office meets first, each as one message of four parts, compared whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from bad_input import NUMBER, refused, write_csv

from navoutcomes.records.columns.codebook import Codebook, Column
from navoutcomes.records.extract import read
from navoutcomes.records.spells.stays import Spells

BOOK = Codebook((Column("person", "id", headers=("løpenummer",)), Column("reason", "word", headers=("sluttårsak",))))
FAULTS = {
    "30.02.2019": (
        {"fom": ["01.02.2019", "30.02.2019"], "sluttårsak": ["Arbeid", "Annet"]},
        """Hva: 1 av 2 celler i «fom» er datoer som ikke finnes, som 30. februar.
Hvor: Kolonne «fom», rad 3 (overskriften er rad 1).
Hvorfor det betyr noe: Uten riktig dato kan ingen si hvor lenge forløpet varte.
Hva du kan gjøre: Rett datoen i registeret eller i filen. Står måneden først, si det med date_format="mm.dd.yyyy".""",
    ),
    "end before start": (
        {"fom": ["01.02.2019", "01.02.2019"], "tom": ["01.01.2019", "01.03.2019"], "sluttårsak": ["Arbeid", "Annet"]},
        """Hva: 1 av 2 forløp slutter før de starter.
Hvor: Kolonne «tom», «fom», rad 2 (overskriften er rad 1).
Hvorfor det betyr noe: Et forløp med negativ lengde ødelegger alle tall for hvor lenge folk var i tiltaket.
Hva du kan gjøre: Rett datoene i radene over; ofte er start og slutt byttet om, eller året feil.""",
    ),
    "a missing column": (
        {"fom": ["01.02.2019"]},
        """Hva: «uttrekk.csv» mangler kolonner som trengs (antall: 1): «reason».
Hvor: I overskriftene. Ventet «reason», «sluttårsak»; fant «Løpenummer», «fom».
Hvorfor det betyr noe: Uten kolonnen kan det ikke avgjøres hvem det gjelder, eller når og hvordan det gikk.
Hva du kan gjøre: Si hvilken kolonne det er, under [columns] i tilordningen som navoutcomes check skriver, """
        'eller i kodeboken: Column(..., headers=("...",)).',
    ),
    "an identity number": (
        {"Løpenummer": ["P-1", NUMBER, "P-3"], "sluttårsak": ["Arbeid", "Annet", "Helse"]},
        """Hva: Kolonnen «Løpenummer» har syntetiske fødselsnummer i 1 av 3 rader.
Hvor: Kolonne «Løpenummer», rad 3 (overskriften er rad 1).
Hvorfor det betyr noe: Analysen skal bare bruke pseudonymer; et fødselsnummer kan havne i en tabell, en logg eller \
en rapport.
Hva du kan gjøre: Slett kolonnen fra uttrekket. Trengs den for å kjenne igjen personer, og har du lov til det, bytter \
nav.pseudonymise(...) numrene ut med pseudonymer. Er det noe annet enn personnumre, sett en bokstav foran hvert \
nummer.""",
    ),
}


def _spells(path: Path) -> Spells:
    return Spells.from_extract(read(path, BOOK))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_clear_message(fault: str, tmp_path: Path) -> None:
    columns: Mapping[str, Sequence[str]]
    columns, message = FAULTS[fault]
    problem = refused(partial(_spells, write_csv(tmp_path, columns)))
    assert problem.text("nb") == message
    assert problem.exit_code == 3

"""What do registers and offices usually call their columns, and their exit reasons?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from navoutcomes.records.columns.codebook import Codebook, Column

REFERRAL_HEADERS = ("henvist dato", "henvisningsdato", "tilvist dato", "tilvisingsdato")
SYNTHETIC_MARKS = ("syntetiske data", "synthetic data")


def _column(name: str, kind: str, *headers: str, low: float | str | None = None, high: float | None = None) -> Column:
    return Column(name, kind, headers=headers, low=low, high=high, required=False)


USUAL_COLUMNS = Codebook(
    name="navoutcomes",
    columns=(
        _column(
            "person", "id",
            "person_id", "person id", "personid", "pid", "pseudonym", "løpenummer", "løpenr", "lnr", "personløpenummer",
            "bruker id", "brukar id", "klientnummer", "klientnr", "ident", "fnr", "fødselsnummer", "personnummer",
            "person number", "national identity number", "d-nummer", "dnr",
        ),
        _column(
            "programme", "word",
            "program", "programnavn", "programnamn", "tiltak", "tiltaksnavn", "tiltaksnamn", "tiltakstype",
            "tiltakskode", "ordning", "programme_code", "programme name", "program name",
        ),
        _column(
            "start", "date",
            "startdato", "start date", "fom", "f.o.m.", "fra og med", "frå og med", "fra dato", "frå dato",
            "begynt dato", "byrja dato", "startet dato", "starta dato", "oppstart", "oppstartsdato", "periode fra",
            "periode frå", "deltakelse fra", "deltaking frå", "from date", "started",
        ),
        _column(
            "end", "date",
            "slutt", "sluttdato", "end date", "tom", "t.o.m.", "til og med", "til dato", "avsluttet dato",
            "avslutta dato", "avslutningsdato", "avsl dato", "stopp", "periode til", "deltakelse til", "deltaking til",
            "to date", "ended",
        ),
        _column(
            "reason", "word",
            "årsak", "sluttårsak", "avslutningsårsak", "avgangsårsak", "avgangsgrunn", "sluttgrunn", "exit reason",
            "reason for exit", "end reason",
        ),
        _column("exit_class", "word", "utfall", "utfallsklasse", "exit class", "outcome"),
        _column(
            "referred", "date",
            *REFERRAL_HEADERS, "referral date", "date of referral",
        ),
        _column(
            "registered_date", "date",
            "søknad registrert", "søknadsdato", "registrert dato", "reg dato", "application registered",
            "application date",
        ),
        _column("decision_date", "date", "vedtaksdato", "vedtak dato", "decision", "date of decision"),
        _column("contact_date", "date", "første kontakt", "fyrste kontakt", "first contact"),
        _column("attended", "date", "oppmøtt dato", "oppmøtedato", "first attendance"),
        _column("death_date", "date", "dødsdato", "død dato", "date of death", "dod_dato"),
        _column("outcome_date", "date", "utfallsdato", "hendelsesdato", "hendingsdato", "event date"),
        _column(
            "extracted", "date",
            "uttrekksdato", "datauttrekk", "datauttak", "uttaksdato", "uttrekksdag", "extraction date", "data cutoff",
        ),
        _column("birth_date", "date", "fødselsdato", "fødd", "født", "date of birth", "birthdate", low="1900-01-01"),
        _column("birth_year", "integer", "fødselsår", "fødselsaar", "fødeår", "year of birth", low=1900, high=2100),
        _column("age", "number", "alder", "alder ved start", "alder i år", "age at start", low=15, high=100),
        _column("sex", "word", "kjønn", "gender"),
        _column("arm", "word", "gruppe", "group", "behandlingsgruppe"),
        _column("municipality_no", "word", "kommunenummer", "kommunenr", "kommune nr", "municipality number"),
        _column("office", "word", "kontor", "nav-kontor", "nav-enhet", "nav-eining", "enhet", "eining", "nav office"),
        _column("position_percent", "number", "stillingsprosent", "stillingsandel", "position per cent"),
        _column("month", "word", "måned", "månad", "kalendermåned", "kalendermånad", "calendar month"),
        _column("employed", "flag", "i arbeid", "har arbeid", "sysselsatt", "sysselsett", "in work"),
        _column(
            "subsidised", "flag", "lønnstilskudd", "lønstilskot", "lønnstilskott", "med lønnstilskudd",
            "med lønstilskot", "wage subsidy", "subsidised work",
        ),
        _column(
            "sheltered", "flag", "skjermet arbeid", "skjerma arbeid", "i skjermet arbeid", "i skjerma arbeid",
            "skjermet", "skjerma", "sheltered work",
        ),
        _column("place_from", "date", "plass fra", "plass frå", "plass fra dato", "plass frå dato", "place start"),
        _column("place_to", "date", "plass til", "plass til dato", "place until", "place end"),
        _column("duration", "number", "varighet", "varigheit", "varighet dager", "varigheit dagar", "duration days"),
        _column("duration_weeks", "number", "varighet uker", "varigheit veker"),
        _column("duration_months", "number", "varighet måneder", "varigheit månader", "varighet mnd"),
    ),
)  # fmt: skip

_EXIT_WORDS = {
    "job": "job | arbeid | i arbeid | fått jobb | fått arbeid | fatt_jobb | bega | "
    "begynt i arbeid | byrja i arbeid | got a job",
    "job_subsidised": "job_subsidised | arbeid med lønnstilskudd | arbeid med lønstilskot | subsidised work",
    "education": "education | utdanning | skole/utdanning | skule/utdanning",
    "no_show": "no_show | manglende oppmøte | manglande oppmøte | ikke møtt | ikkje møtt | møter ikke opp | "
    "møter ikkje opp | ikke_mott | ikkem | non-attendance",
    "health": "health | helse | syk | sjuk | ill",
    "benefit": "benefit | statlig ytelse | statleg yting | "
    "uføretrygd | arbeidsavklaringspenger | arbeidsavklaringspengar",
    "relapse": "relapse | tilbake til økonomisk sosialhjelp | return to social assistance",
    "other_service": "other_service | annet tiltak | anna tiltak | trenger annen hjelp og støtte | "
    "treng anna hjelp og støtte | trenger_annen_stotte | ftoat | "
    "fått tilbud om annet tiltak | fått tilbod om anna tiltak",
    "other": "other | annet | anna | ann",
    "completed_unknown": "completed_unknown | fullført | ferdig | fullført, utfall ukjent",
    "administrative": "administrative | administrativ avslutning | avlyst kontrakt | avlyst_kontrakt",
    "never_started": "never_started | startet ikke | starta ikkje | fikk ikke plass | fekk ikkje plass | "
    "fikk_ikke_plass | kurs_fullt | krav_ikke_oppfylt | oppfyller_ikke_kravene | "
    "ikke_aktuell | ikke aktuell | ikkje aktuell",
    "censored": "censored | fortsatt i tiltak ved datauttrekk | fortsatt i tiltak ved datauttak | "
    "framleis i tiltak ved datauttak | deltar | deltek",
    "exclude": "exclude | utelatt | utelaten | feilregistrert | feilregistrering",
    "imprisonment": "imprisonment | soning | fengsel | fengselsopphold | fengselsopphald",
}
EXIT_WORDS: Mapping[str, str] = MappingProxyType(
    {word.strip(): exit_class for exit_class, words in _EXIT_WORDS.items() for word in words.split("|")}
)
"""Exit reasons in common use (words and codes, small letters) and the exit class each becomes."""

"""Source descriptions and settings: what a person may write, and what they are told."""

import pytest

from fanal import settings, sources
from fanal.errors import ConfigError

GOOD = """
name = "lille-a"
title = "Canal A"
publisher = "inconnu"
kind = "public posts"
site = "lille"
legal_basis = "mission d'intérêt public"
"""


def test_defaults():
    source = sources.parse(GOOD, "lille-a.toml")
    assert (source.country, source.zone, source.coarsening.time) == ("FR", "Europe/Paris", "day")
    assert source.retention_months is None


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ('colour = "red"', "lille-a.toml: unknown key 'colour'; allowed: name, title"),
        ("[coarsening]\ntme = 'day'", "unknown key 'coarsening.tme'; allowed: time, place"),
        ("retention_months = 0", "retention_months: Input should be greater than or equal to 1"),
        ('[coarsening]\ntime = "hour"', "coarsening.time: Input should be 'day', 'week'"),
        ("= 3", "not valid TOML"),
    ],
)
def test_wrong(extra, says):
    with pytest.raises(ConfigError) as error:
        sources.parse(GOOD + extra, "lille-a.toml")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("survey", '; write kind = "interview" and importer = "survey"'),
        ("questionnaire", '; write kind = "interview" and importer = "survey"'),
        ("enquête", '; write kind = "interview" and importer = "survey"'),
        ("rumour", "kind: Input should be 'public posts'"),  # nothing to write in its place
    ],
)
def test_a_kind_that_there_is_not_names_what_to_write(kind, says):
    line = next(line for line in GOOD.splitlines() if line.startswith("kind ="))
    with pytest.raises(ConfigError) as error:
        sources.parse(GOOD.replace(line, f'kind = "{kind}"'), "lille-a.toml")
    assert says in str(error.value)
    assert "'field notes'" in str(error.value)


def test_missing_key_is_named():
    with pytest.raises(ConfigError, match="key 'legal_basis' is missing; add legal_basis"):
        sources.parse(GOOD.replace("legal_basis", "# legal_basis"), "a.toml")


def test_file_and_name_agree(tmp_path):
    (tmp_path / "other.toml").write_text(GOOD, "utf-8")
    with pytest.raises(ConfigError, match=r"rename the file to lille-a\.toml"):
        sources.read(tmp_path / "other.toml")


def test_the_settings_template_is_valid_and_names_every_setting(tmp_path):
    text = settings.template('Nord "et" Est', "lille")
    (tmp_path / settings.FILE).write_text(text, "utf-8")
    read = settings.read(tmp_path)
    assert (read.title, read.site) == ('Nord "et" Est', "lille")
    for name, field in settings.Settings.model_fields.items():
        assert f"{name} = " in text
        assert field.description
    uncommented = "\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line)
    (tmp_path / settings.FILE).write_text(uncommented, "utf-8")
    assert settings.read(tmp_path) == read


def test_no_observatory_here(tmp_path):
    with pytest.raises(ConfigError, match="no observatory here; run: fanal init"):
        settings.read(tmp_path)


def test_a_retention_longer_than_the_calendar_keeps_all():
    from datetime import date

    text = (
        'name = "a"\ntitle = "a"\npublisher = "a"\nkind = "lab"\nsite = "lille"\n'
        'legal_basis = "essai"\n'
    )
    source = sources.parse(text, "a.toml").model_copy(update={"retention_months": 999_999})
    assert source.oldest(date(2026, 1, 1)) is None


@pytest.mark.parametrize("zone", ["Europe/Lutece", "Paris", "europe/paris", "UTC+2", "", "CEST"])
def test_a_time_zone_that_is_none_is_refused(tmp_path, zone):
    (tmp_path / settings.FILE).write_text(f'zone = "{zone}"\n', "utf-8")
    says = f"no time zone {zone!r}; allowed: names of the IANA database, as Europe/Paris, "
    with pytest.raises(ConfigError) as error:
        settings.read(tmp_path)
    assert f"fanal.toml: {says}" in str(error.value)
    source = sources.parse(GOOD + f'zone = "{zone}"\n', "lille-a.toml")
    assert [f"lille-a: {says}" in str(wrong) for wrong in sources.objections(source)] == [True]


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Cayenne", "UTC", "CET"])
def test_a_time_zone_of_the_database_is_kept(tmp_path, zone):
    (tmp_path / settings.FILE).write_text(f'zone = "{zone}"\n', "utf-8")
    assert settings.read(tmp_path).zone == zone

"""The one shape of an error."""

import pickle

from fanal.errors import ConfigError, FanalError, ImporterError


def test_says_what_where_allowed_and_what_to_do():
    error = ConfigError("unknown key 'tme'", where="a.toml", allowed="time, place", do="mend it")
    assert str(error) == "a.toml: unknown key 'tme'; allowed: time, place; mend it"
    assert error.as_json() == {
        "error": {
            "what": "unknown key 'tme'",
            "where": "a.toml",
            "allowed": "time, place",
            "do": "mend it",
        }
    }
    assert error.exit_code == 2


def test_comes_home_whole_from_a_worker():
    error = pickle.loads(pickle.dumps(ImporterError("cut short", where="record 7", do="x")))
    assert type(error) is ImporterError
    assert (error.what, error.where, error.do) == ("cut short", "record 7", "x")
    assert isinstance(error, FanalError)

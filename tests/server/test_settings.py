"""Settings: flags over environment over defaults, and one sentence for each that breaks its rule."""

import pytest

from server.settings import OPTIONS, Settings, SettingsError, default_hosts


def test_without_flags_the_server_is_private_to_this_machine() -> None:
    settings = Settings.read({}, {})
    assert (settings.host, settings.port, settings.hosts) == ("127.0.0.1", 8000, default_hosts())


def test_one_core_is_left_to_the_event_loop_where_there_is_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert default_hosts() == 7
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert default_hosts() == 1


def test_a_flag_wins_over_the_environment_and_that_over_the_default() -> None:
    assert Settings.read({"BACKFLOW_PORT": "8123"}, {"port": None}).port == 8123
    assert Settings.read({"BACKFLOW_PORT": "8123"}, {"port": "8124"}).port == 8124


@pytest.mark.parametrize(("name", "text"), [
    ("port", "abc"), ("port", "70000"), ("port", "-1"), ("port", ""), ("port", "80.5"),
    ("hosts", "0"), ("hosts", "65"), ("log_level", "loud"), ("host", ""), ("host", "a b"),
])
def test_a_value_that_breaks_its_rule_is_refused_by_name(name: str, text: str) -> None:
    option = next(option for option in OPTIONS if option.name == name)
    with pytest.raises(SettingsError) as flag:
        Settings.read({}, {name: text})
    assert str(flag.value) == f"{option.flag} {text or repr('')} refused: {option.rule}"
    with pytest.raises(SettingsError) as variable:
        Settings.read({option.variable: text}, {})
    assert str(variable.value).startswith(f"{option.variable} ")


def test_a_bad_variable_is_refused_even_where_a_flag_overrides_it() -> None:
    with pytest.raises(SettingsError, match="BACKFLOW_PORT abc refused: must be a whole number"):
        Settings.read({"BACKFLOW_PORT": "abc"}, {"port": "8000"})


def test_origins_are_separated_by_commas() -> None:
    assert Settings.read({}, {"origins": "https://a.example/,https://b.example"}).origins == ("https://a.example", "https://b.example")

from mockgitlab.api.emoji import Character, character_of, find_emoji


def test_an_emoji_is_found_by_all_its_names() -> None:
    assert find_emoji("thumbsup") == find_emoji("+1") == "thumbsup"
    assert find_emoji("nothing") is None


def test_an_emoji_has_a_character_and_a_title() -> None:
    assert character_of("tada") == Character("tada", "🎉", "party popper", "6.0")
    assert character_of("+1") == Character("thumbsup", "👍", "thumbs up sign", "6.0")
    assert character_of("nothing") is None


def test_an_emoji_of_several_characters_is_called_as_it_is_named() -> None:
    found = character_of("rainbow_flag")
    assert found is not None
    assert (len(found.text) > 1, found.title) == (True, "rainbow flag")

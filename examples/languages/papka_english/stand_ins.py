"""Fictional people and places for copies of English cases on which people are trained."""

from __future__ import annotations

from papka.core import StandIns


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STAND_INS = StandIns(
    surnames=_words(
        "Alder Ashdown Barley Birchwood Bramble Brook Cloverley Coppice Daisley Elmsworth Fennimore "
        "Ferncombe Finchley Foxglove Greenhill Hawthorne Hazelwood Heathcote Hollis Ivywell Larkin Linnet "
        "Maplesden Merriweather Millbrook Oakfield Orchard Pebblewick Plumtree Quince Rowanberry Rushmere "
        "Sedgwick Sorrel Sparrow Swallowfield Thistlewood Underhill Violetson Wagtail Wheatcroft Willowby "
        "Wrenfield Yarrow"
    ),
    men=_words(
        "Adam Alfred Barnaby Basil Clement Cyril Dennis Edgar Felix Gilbert Harvey Hugo Ivan Jasper Keith "
        "Lawrence Magnus Nigel Oscar Percy Quentin Ralph Simon Terence Victor Walter"
    ),
    women=_words(
        "Ada Bella Cora Daphne Edith Flora Grace Hilda Ivy Judith Kitty Lydia Mabel Nora Olive Phoebe Rose "
        "Sylvia Thelma Una Vera Winifred Yvonne Zelda"
    ),
    places=("Alderby", "Birchford", "Cloverton", "Dovemere", "Elmstead Green", "Fernhollow", "Larkbridge"),
    streets=(
        "Textbook Street",
        "Pencil Lane",
        "Primer Road",
        "Notebook Avenue",
        "Margin Row",
        "Chapter Close",
    ),
)

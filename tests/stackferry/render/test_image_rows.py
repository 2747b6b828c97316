"""Rows of `images`."""

from stackferry.emulator.engine.image import ImageInfo
from stackferry.render.image_rows import image_cells, image_row

INFO = ImageInfo("sha256:" + "ab" * 32, size=1_982_843, created_at=1_699_999_000.5, tagged_at=1_700_000_000.0)


def test_a_row() -> None:
    row = image_row("shop_web.1.x", "localhost:5000/shop/web", INFO)

    assert row == {
        "ID": INFO.id,
        "ContainerName": "shop_web.1.x",
        "Repository": "localhost:5000/shop/web",
        "Tag": "latest",
        "Platform": "linux/amd64",
        "Size": 1982843,
        "Created": "2023-11-14T21:56:40.5Z",
        "LastTagTime": "2023-11-14T22:13:20Z",
    }
    _, cells = image_cells([(row, INFO)], 1_700_000_015.0)
    assert cells[3:] == ("linux/amd64", "abababababab", "1.98MB", "16 minutes ago")


def test_an_image_of_which_no_time_is_known() -> None:
    unknown = ImageInfo("sha256:" + "ab" * 32)
    row = image_row("shop_web.1.x", "web", unknown)

    assert row.keys() & {"Created", "LastTagTime"} == set()
    assert image_cells([(row, unknown)], 1_700_000_015.0)[1][-1] == "N/A"

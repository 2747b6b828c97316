"""Rows of `images`: the image of each container, as docker compose shows it."""

from collections.abc import Iterable

from stackferry.emulator.engine.image import ImageInfo
from stackferry.render.durations import human, timestamp
from stackferry.render.image_names import image_name
from stackferry.render.pretty import decimal
from stackferry.render.task_rows import SHORT_ID

HEADING = ("CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED")


def image_row(container: str, name: str, info: ImageInfo) -> dict[str, object]:
    """The object of `--format json`."""
    repository, _, tag = image_name(name).rpartition(":")
    return {
        "ID": info.id,
        "ContainerName": container,
        "Repository": repository,
        "Tag": tag,
        "Platform": f"{info.os}/{info.arch}",
        "Size": info.size,
        **({"Created": timestamp(info.created_at)} if info.created_at else {}),
        **({"LastTagTime": timestamp(info.tagged_at)} if info.tagged_at else {}),
    }


def image_cells(rows: Iterable[tuple[dict[str, object], ImageInfo]], now: float) -> list[tuple[str, ...]]:
    """The lines of the table, with its heading."""
    return [
        HEADING,
        *(
            (
                *(str(row[key]) for key in ("ContainerName", "Repository", "Tag", "Platform")),
                info.id.removeprefix("sha256:")[:SHORT_ID],
                decimal(info.size),
                f"{human(now - info.created_at)} ago" if info.created_at else "N/A",
            )
            for row, info in rows
        ),
    ]

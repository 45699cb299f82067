"""File downloads."""

from flask import Response

from services.exporting.tables import CSV_TYPE, XLSX_TYPE

FILE_TYPES = (CSV_TYPE.partition(";")[0], XLSX_TYPE)


def download(pieces, media_type, name):
    """Stream the chunks of a file as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces, content_type=media_type, headers=headers)

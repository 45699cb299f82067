"""`flask import-csv`."""

import csv
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import click

from cli.command import Refused, command
from services.importing import importer

PROGRESS_FROM = 500
"""Steps with at least this many rows show a progress bar."""


@command("import-csv")
@click.argument("folder", metavar="ПАПКА", type=click.Path(path_type=Path))
@click.option("--domain", metavar="ДОМЕН", required=True, help="Домен почты (логин@домен); он же имя книги.")
@click.option("--dry-run", is_flag=True, help="Проверить и ничего не записать.")
@click.option(
    "--passwords", metavar="ФАЙЛ", type=click.Path(path_type=Path), help="Записать одноразовые пароли в файл."
)
def import_csv(folder, domain, dry_run, passwords):
    """Загрузить книгу мастерской из ПАПКИ: inputDataUsers.csv, inputDataRequests.csv, inputDataComments.csv."""
    if dry_run:
        report = importer.dry_run(folder, domain, _watch)
    else:
        with _password_file(passwords) as save:
            report = importer.import_dataset(folder, domain, save, _watch)
    _show(report)
    if report.refusals:
        raise Refused(f"ничего не записано, отказов: {len(report.refusals)}. Исправьте файлы и повторите")
    click.echo(_outcome(report))
    if report.written and passwords is None:
        _show_passwords(report.passwords)


def _outcome(report):
    if not any(count.new for count in report.counts):
        return "Нового в книге нет."
    return "Книга загружена." if report.written else "Проверка пройдена, ничего не записано."


@contextmanager
def _password_file(path):
    """Yield a function that writes the passwords to a new private file; a failed import leaves no file."""
    if path is None:
        yield lambda passwords: None
        return
    descriptor = _new_private_file(path)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            yield lambda passwords: _write_passwords(file, passwords)
        if not path.stat().st_size:
            path.unlink()
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refused(f"пароли не записались в «{path}» ({error.strerror}); ничего не записано") from None
        raise


def _new_private_file(path):
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"файл «{path}» уже есть; укажите новый") from None
    except OSError as error:
        raise Refused(f"файл «{path}» не создаётся ({error.strerror})") from None


def _write_passwords(file, passwords):
    if not passwords:
        return
    writer = csv.writer(file, delimiter=";")
    writer.writerow(("ФИО", "Роль", "Почта", "Одноразовый пароль"))
    writer.writerows((entry.fullname, entry.role.value, entry.email, entry.password) for entry in passwords)
    file.flush()


def _watch(items, label, length):
    """Yield the items; long work shows a progress bar on the error stream."""
    if length < PROGRESS_FROM:
        yield from items
        return
    with click.progressbar(items, length=length, label=f"{label:<13}", file=sys.stderr) as bar:
        yield from bar


def _show(report):
    click.echo(f"{'Файл':<26}{'прочитано':>10}{'новых':>8}{'уже есть':>10}{'отказано':>10}")
    for count in report.counts:
        click.echo(f"{count.file:<26}{count.read:>10}{count.new:>8}{count.already:>10}{count.refused:>10}")
    for repair, times in sorted(report.repairs.items()):
        click.echo(f"Исправлено: {repair} — {times}")
    for refusal in report.refusals:
        click.echo(f"Отказ: {refusal}")


def _show_passwords(passwords):
    """Print the one-time passwords, which are shown only this once."""
    if passwords:
        click.echo("Одноразовые пароли (показаны один раз, сменить при первом входе):")
    for entry in passwords:
        click.echo(f"  {entry.role.value:<13} {entry.email:<36} {entry.password}  {entry.fullname}")

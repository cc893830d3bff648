"""The project as it was at a commit, in a folder of its own."""

from __future__ import annotations

import io
import subprocess
import tarfile
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path

SHORT = 10  # digits of a commit that a report shows


def commit_of(project: Path, ref: str) -> str:
    """Return the commit that a branch, a tag or a short hash names.

    Raises:
        MarketingAnalyticsError: there is none, or no git.
    """
    try:
        return _git(project, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    except subprocess.CalledProcessError as error:
        raise MarketingAnalyticsError(
            f"git knows no commit {ref!r} here; fetch it (`git fetch origin {ref}`), or give "
            "another one with --base or --head"
        ) from error


def common_commit(project: Path, base: str, head: str) -> str:
    """Return the commit from which two have gone apart, so that others' changes do not count."""
    try:
        return _git(project, "merge-base", base, head)
    except subprocess.CalledProcessError:  # no history in common, or not fetched
        return commit_of(project, base)


def is_as_committed(project: Path, commit: str) -> bool:
    """Is the working tree that commit, without any local change?"""
    try:
        return commit_of(project, "HEAD") == commit and not _git(
            project, "status", "--porcelain", "--", "."
        )
    except MarketingAnalyticsError:
        return False


def check_out(project: Path, commit: str, folder: Path) -> Path:
    """Write the project's files of a commit into a folder, nothing else, and return it.

    It is no git worktree: nothing is noted in .git, so nothing stays there after a Ctrl-C. In a
    folder that holds another commit only what differs is written: dbt reads again what is new.

    Raises:
        MarketingAnalyticsError: the commit has no dbt project in this place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=project, capture_output=True, check=False
    )
    if archive.returncode != 0:
        raise MarketingAnalyticsError(
            f"git cannot write commit {commit[:SHORT]}: {archive.stderr.decode().strip()}"
        )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        _become(folder, files)
    if not (folder / "dbt_project.yml").is_file():
        raise MarketingAnalyticsError(f"commit {commit[:SHORT]} has no dbt_project.yml here")
    return folder


def _become(folder: Path, files: tarfile.TarFile) -> None:
    """Make a folder hold these files and no others."""
    wanted = {folder / member.name: member for member in files.getmembers()}
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        member = wanted.get(path)
        if path.is_symlink() or not path.is_dir():
            if member is None or path.is_symlink() or not member.isreg():
                path.unlink()
        elif member is None or not member.isdir():
            path.rmdir()
    for path, member in wanted.items():
        content = files.extractfile(member) if member.isreg() else None
        if content is None:
            files.extract(member, folder, filter="data")
        elif not path.is_file() or path.read_bytes() != content.read():
            files.extract(member, folder, filter="data")
            path.touch()  # the time of a commit can be that of another one


def _git(project: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project, capture_output=True, text=True, check=True
        )
    except FileNotFoundError as error:
        raise MarketingAnalyticsError(
            "git is not installed; give two finished builds with --base-db and --head-db"
        ) from error
    return done.stdout.strip()

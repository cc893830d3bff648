"""The workflows: what a stranger's pull request may do, and which comment is replaced."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import PROJECT
from marketing_analytics.review.render.markdown import MAX_LENGTH, render
from review.fixtures import document_case, reviewed
from review.hostile import HOSTILE, hostile_case

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = PROJECT / ".github" / "workflows"
REVIEW: dict[Any, Any] = yaml.safe_load((FOLDER / "review.yml").read_text())
COMMENT: dict[Any, Any] = yaml.safe_load((FOLDER / "review-comment.yml").read_text())
ON = True  # YAML 1.1 reads the key `on` as that
STEPS = COMMENT["jobs"]["comment"]["steps"]
SCRIPT: str = STEPS[1]["with"]["script"]

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    NODE is None, reason="node, which runs the script, is not installed"
)

# Runs the script as actions/github-script does, and prints what it would have done.
HARNESS = """
const given = JSON.parse(process.argv[2]);
const done = [];
const record = (what) => async (how) => { done.push([what, how]); };
const github = {
  rest: {
    pulls: {list: 'pulls'},
    issues: {
      listComments: 'comments',
      createComment: record('create'),
      updateComment: record('update'),
    },
  },
  paginate: async (what, how) => { done.push([what, how]); return given[what]; },
};
const core = {
  notice: (text) => done.push(['notice', text]),
  setFailed: (text) => done.push(['failed', text]),
};
const context = {repo: {owner: 'o', repo: 'r'}, payload: {workflow_run: given.run}};
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('require', 'github', 'context', 'core', process.argv[1])(
  require, github, context, core
).then(() => console.log(JSON.stringify(done)));
"""
RUN = {
    "head_sha": "abc",
    "head_branch": "branch",
    "html_url": "https://github.example/o/r/actions/runs/1",
    "head_repository": {"id": 7, "owner": {"login": "stranger"}},
}
PULL = {"number": 12, "head": {"sha": "abc", "repo": {"id": 7}}}
BODY = render(reviewed(document_case()))


def test_the_pull_request_s_code_gets_no_right_and_no_secret() -> None:
    assert set(REVIEW[ON] if isinstance(REVIEW[ON], dict) else [REVIEW[ON]]) == {"pull_request"}
    assert REVIEW["permissions"] == {"contents": "read"}
    assert "permissions" not in REVIEW["jobs"]["review"]
    text = (FOLDER / "review.yml").read_text()
    assert "secrets." not in text
    assert "github.token" not in text
    checkout = REVIEW["jobs"]["review"]["steps"][0]
    assert checkout["with"]["persist-credentials"] is False


def test_what_may_write_runs_nothing_of_the_pull_request() -> None:
    assert COMMENT[ON] == {"workflow_run": {"workflows": [REVIEW["name"]], "types": ["completed"]}}
    assert COMMENT["permissions"] == {}
    rights = COMMENT["jobs"]["comment"]["permissions"]
    assert rights == {"actions": "read", "pull-requests": "write"}
    assert [step["uses"].split("@")[0] for step in STEPS] == [
        "actions/download-artifact",
        "actions/github-script",
    ]
    assert not any("run" in step for step in STEPS)
    # Nothing is written into the script before it runs.
    assert "${{" not in SCRIPT


def test_only_actions_of_github_itself_are_used() -> None:
    for workflow in (REVIEW, COMMENT):
        for job in workflow["jobs"].values():
            used = [step["uses"] for step in job["steps"] if "uses" in step]
            assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


@pytest.mark.parametrize("hostile", ["harmless", *HOSTILE])
def test_no_comment_of_ours_is_taken_for_a_stranger_s(hostile: str) -> None:
    assert is_ours(render(reviewed(hostile_case(hostile))))


def test_comments_of_a_stranger_are_refused() -> None:
    mark = "<!-- mktg review: sample -->\n"
    assert is_ours(f"{mark}\n## SAFE\n")
    for text in ("@octocat", "[a](b)", "<img src=x>", "https://evil.example", "<!-- x -->"):
        assert not is_ours(f"{mark}{text}")
    assert not is_ours("## SAFE")


def is_ours(text: str) -> bool:
    mark, foreign = (re.search(rf"const {name} = /(.*)/;", SCRIPT) for name in ("mark", "foreign"))
    assert mark is not None
    assert foreign is not None
    found = re.match(mark[1], text)
    return bool(found) and not re.search(foreign[1], text[found.end() if found else 0 :])


def test_a_full_comment_and_its_last_line_fit_github() -> None:
    assert MAX_LENGTH + 300 < 65_536


def ran(folder: Path, body: str | None, **given: Any) -> list[list[Any]]:
    (folder / "review").mkdir()
    if body is not None:
        (folder / "review" / "review.md").write_text(body, encoding="utf-8")
    known: dict[str, Any] = {"run": RUN, "pulls": [PULL], "comments": []}
    done = subprocess.run(
        [str(NODE), "-e", HARNESS, SCRIPT, json.dumps(known | given)],
        env={"RUNNER_TEMP": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    steps: list[list[Any]] = json.loads(done.stdout)
    return steps


@needs_node
def test_the_first_comment_is_created_at_the_pull_request_of_the_commit(tmp_path: Path) -> None:
    others = [
        {"number": 1, "head": {"sha": "other", "repo": {"id": 7}}},
        {"number": 2, "head": {"sha": "abc", "repo": {"id": 8}}},
        {"number": 3, "head": {"sha": "abc", "repo": None}},
    ]
    steps = ran(tmp_path, BODY, pulls=[*others, PULL])
    assert steps[0] == [
        "pulls",
        {"owner": "o", "repo": "r", "state": "open", "head": "stranger:branch"},
    ]
    what, how = steps[-1]
    assert (what, how["issue_number"]) == ("create", 12)
    assert how["body"].startswith(BODY)


@needs_node
def test_the_earlier_comment_of_its_own_is_replaced(tmp_path: Path) -> None:
    mark = "<!-- mktg review: sample -->\nold"
    comments = [
        {"id": 1, "user": {"login": "stranger"}, "body": mark},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "of another workflow"},
        {"id": 3, "user": None, "body": mark},
        {"id": 4, "user": {"login": "github-actions[bot]"}, "body": mark},
    ]
    what, how = ran(tmp_path, BODY, comments=comments)[-1]
    assert (what, how["comment_id"]) == ("update", 4)


@needs_node
def test_a_pull_request_that_has_moved_on_gets_no_comment(tmp_path: Path) -> None:
    moved = {"number": 12, "head": {"sha": "newer", "repo": {"id": 7}}}
    assert [step[0] for step in ran(tmp_path, BODY, pulls=[moved])] == ["pulls", "notice"]


@needs_node
@pytest.mark.parametrize(
    ("body", "done"),
    [
        (None, "notice"),
        ("hello", "failed"),
        (f"{BODY}\n@octocat", "failed"),
        (BODY + "a" * 66_000, "failed"),
        ("a" * 400_000, "failed"),
    ],
)
def test_what_is_not_ours_is_not_posted(body: str | None, done: str, tmp_path: Path) -> None:
    assert [step[0] for step in ran(tmp_path, body)] == [done]

"""The hard limits of the house style, read off the source with `ast` and `tokenize`."""

import ast
import io
import re
import shutil
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULE_LINES, MODULE_LINES_SOFT = 600, 350
FUNCTION_LINES, FUNCTION_LINES_SOFT = 80, 35
ROOT_NAMES = 45
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"})

# Joined from parts, so that this file does not contain what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("conda", "anaconda", "org"),
    )
)
MACHINE_PATH = re.compile(r"""(?:^|[\s"'`(=:,\[])(/(?:work|root|home/\w+|Users/\w+|opt/\w+)/[\w.])""", re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def source_files(repository: Path) -> list[Path]:
    """All modules of the package, sorted."""
    return sorted((repository / "src" / "kakao_asi").rglob("*.py"))


def modules_of_tests(repository: Path) -> list[Path]:
    """All test modules, sorted."""
    return sorted((repository / "tests").rglob("test_*.py"))


def shown(path: Path, repository: Path, node: ast.AST | None = None) -> str:
    """A path below the repository, with the line of a node."""
    place = path.relative_to(repository).as_posix()
    return f"{place}:{node.lineno}" if isinstance(node, ast.stmt) else place


def parse(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method of a module, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def docstring_lines(node: Function | ast.ClassDef | ast.Module) -> int:
    """How many lines the docstring of a node takes."""
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def length(function: Function) -> int:
    """The lines of a function from `def` to its end, its docstring not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring_lines(function)


def is_overload(function: Function) -> bool:
    """Whether a function only spells one signature, or sets a property, and so needs no words of its own."""
    spelled = {ast.unparse(decorator).rpartition(".")[2] for decorator in function.decorator_list}
    return bool(spelled & {"overload", "setter", "deleter"})


def undocumented(node: ast.Module | ast.ClassDef) -> Iterator[ast.stmt]:
    """Public classes, functions and methods below a node that have no docstring."""
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        if ast.get_docstring(child) is None and not (isinstance(child, Function) and is_overload(child)):
            yield child
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child)


def test_no_module_is_longer_than_the_limit(repository: Path) -> None:
    """No module of the package has more lines than the hard limit."""
    long = {shown(path, repository): len(path.read_text("utf-8").splitlines()) for path in source_files(repository)}

    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_the_limit(repository: Path) -> None:
    """No function has more lines of code than the hard limit."""
    long = {
        f"{shown(path, repository, function)} {function.name}": length(function)
        for path in source_files(repository)
        for function in functions(parse(path))
        if length(function) > FUNCTION_LINES
    }

    assert long == {}


def test_no_module_has_a_vague_name(repository: Path) -> None:
    """No module or package is called by a word that says nothing about what it holds."""
    parts = {part.strip("_") for path in source_files(repository) for part in path.relative_to(repository).parts}

    assert {part.removesuffix(".py").strip("_") for part in parts} & VAGUE_NAMES == set()


def test_every_public_thing_has_a_docstring(repository: Path) -> None:
    """Every module, and every public class, function and method, says what it is or does."""
    silent = []
    for path in source_files(repository):
        tree = parse(path)
        if ast.get_docstring(tree) is None:
            silent.append(shown(path, repository))
        silent += [shown(path, repository, node) for node in undocumented(tree)]

    assert silent == []


def test_source_has_no_assert_statement(repository: Path) -> None:
    """The package checks with errors that stay, not with assert, which `python -O` removes."""
    found = [
        shown(path, repository, node)
        for path in source_files(repository)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Assert)
    ]

    assert found == []


def test_root_face_is_small_and_sorted(repository: Path) -> None:
    """The root lists its names sorted, and no more of them than the limit."""
    root = repository / "src" / "kakao_asi" / "__init__.py"
    if not root.exists():
        pytest.skip("kakao_asi has no __init__ yet")
    lists = [
        ast.literal_eval(node.value)
        for node in parse(root).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.value is not None
        and "__all__"
        in {ast.unparse(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])}
    ]
    names = [name for name in (lists[0] if lists else ()) if not name.startswith("__")]

    assert sorted(names) == list(names)
    assert len(names) <= ROOT_NAMES


def test_every_test_has_a_docstring(repository: Path) -> None:
    """Every test says in a docstring what it proves."""
    silent = [
        f"{shown(path, repository, function)} {function.name}"
        for path in modules_of_tests(repository)
        for function in functions(parse(path))
        if function.name.startswith("test_") and ast.get_docstring(function) is None
    ]

    assert silent == []


def project_files(repository: Path) -> list[Path]:
    """Every file that is committed or waits to be, as git sees it."""
    git = shutil.which("git")
    if git is None or not (repository / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        [git, "-C", str(repository), "ls-files", "-coz", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (repository / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def texts(repository: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every project file that is text."""
    for path in project_files(repository):
        try:
            yield shown(path, repository), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_package_registry(repository: Path) -> None:
    """No file of the project names the host of a package registry."""
    found = {name: host for name, text in texts(repository) for host in REGISTRY_HOSTS if host in text}

    assert found == {}


def test_no_file_names_a_path_of_a_machine(repository: Path) -> None:
    """No file of the project names a folder of the machine it was written on."""
    found = {name: match[1] for name, text in texts(repository) if (match := MACHINE_PATH.search(text))}

    assert found == {}


@pytest.mark.long
def test_soft_limits_are_shown(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The soft limits, which fail nothing, are measured and printed with every run."""
    code = comments = words = 0
    sizes: list[int] = []
    long: list[str] = []
    for path in source_files(repository):
        text = path.read_text("utf-8")
        tree = parse(path)
        sizes += [length(function) for function in functions(tree)]
        if (lines := len(text.splitlines())) > MODULE_LINES_SOFT:
            long.append(f"{path.relative_to(repository / 'src').as_posix()} {lines}")
        documented = [node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef | ast.Module)]
        prose = sum(map(docstring_lines, documented))
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        comments += sum(token.type == tokenize.COMMENT for token in tokens)
        words += prose
        code += len({token.start[0] for token in tokens if token.type in {tokenize.NAME, tokenize.OP}})
    if len(sizes) < 2 or not code:
        pytest.skip("there is no code to measure yet")
    p90 = statistics.quantiles(sizes, n=10)[-1]

    with capsys.disabled():
        sys.stdout.write(
            f"\nsoft limits: functions median {statistics.median(sizes):.0f}, p90 {p90:.0f} lines"
            f" (aim {FUNCTION_LINES_SOFT}); per 100 lines of code {100 * words / code:.0f} of docstring (aim 35 to 60),"
            f" {100 * comments / code:.0f} comments (aim 8);"
            f" modules over {MODULE_LINES_SOFT} lines: {', '.join(long) or 'none'}\n"
        )

    assert code > 0

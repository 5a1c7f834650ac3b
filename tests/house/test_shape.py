"""Sizes, names, docstrings: the house as a stranger meets it."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, functions_of, name_of, product_modules, tracked_files, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
SAYS_ITSELF = 6
"""Lines of a function whose name and signature are its docstring."""

UNWANTED_CLASSES = re.compile(r"(Manager|Processor|Service|Impl)$|^Abstract")
UNWANTED_FUNCTIONS = {"process", "handle", "run"}
UNWANTED_FILES = {"utils", "helpers", "common", "core", "misc"}
PROGRAM_ENTRY = ("cli.main", "run")
"""The one `run` that needs no noun: the program itself."""

MODULES = product_modules()


def _lines(node: ast.AST) -> int:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return int(last) - int(first) + 1


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_file_and_its_functions_can_be_read_at_once(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert [f"{node.name}: {_lines(node)}" for node in functions_of(file) if _lines(node) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_module_says_what_it_is_and_its_public_functions_what_they_do(file: Path) -> None:
    tree = tree_of(file)
    assert ast.get_docstring(tree), "module without a docstring"
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert [node.name for node in public if _lines(node) > SAYS_ITSELF and not ast.get_docstring(node)] == []


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_names_say_what_a_thing_is(file: Path) -> None:
    classes = [node.name for node in ast.walk(tree_of(file)) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if UNWANTED_CLASSES.search(name)] == []
    functions = [node.name for node in functions_of(file) if (name_of(file), node.name) != PROGRAM_ENTRY]
    assert UNWANTED_FUNCTIONS.isdisjoint(functions)
    assert file.stem not in UNWANTED_FILES


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_no_switch_is_passed_by_position(file: Path) -> None:
    switches = [
        f"{node.name}({argument.arg})"
        for node in functions_of(file)
        for argument in (*node.args.posonlyargs, *node.args.args)
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
    ]
    assert switches == []


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_nothing_is_left_for_later(file: Path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", file.read_text(encoding="utf-8"))


def test_every_package_is_listed_for_installation() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    there = {name_of(file) for file in MODULES if file.name == "__init__.py"}
    assert set(listed) == there


def test_every_folder_of_the_product_with_code_is_a_package() -> None:
    assert {file.parent for file in MODULES} == {file.parent for file in MODULES if file.name == "__init__.py"}


def test_data_beside_the_code_is_installed_with_it() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    packages = {file.parent for file in MODULES}
    tops = {folder for folder in packages if folder.parent == ROOT}
    data = [file for file in tracked_files() if file.suffix != ".py" and any(folder in file.parents for folder in tops)]
    covered = {match for folder in packages for pattern in patterns for match in folder.glob(pattern)}
    assert [str(file) for file in data if file not in covered] == []

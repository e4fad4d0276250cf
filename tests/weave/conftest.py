"""The small course that the tests of the machinery write on."""

import pytest
from project import Project


@pytest.fixture(scope="session")
def _course(tmp_path_factory):
    course = Project(tmp_path_factory.mktemp("course"))
    yield course
    course.close()


@pytest.fixture
def course(_course):
    """An empty course; the process that runs its lessons is shared by all tests."""
    _course.empty()
    return _course

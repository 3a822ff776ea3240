"""Tests of the page of `kg view` in a browser: what it shows, what can be clicked."""

import pytest

pytest.register_assert_rewrite("view.opened")

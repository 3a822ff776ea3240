"""The server does what its OpenAPI document says, whatever is sent to it.

Schemathesis makes requests of the document, right and wrong ones, and checks each answer against
it. One of the canned questions stands for all; ``KG_WHOLE_API=1`` takes every path (minutes).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from serving import serving

from kg.queries import names

SOME = "who-shares"
#: SPARQL has a grammar, and a month so many days: a JSON schema can say neither, so that what
#: fits it may be refused.
CONFIG = """
[[operations]]
include-path = "/sparql"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "404"]

[[operations]]
include-path = "/view"
parameters = {{ company = ["Portness Herald"] }}
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "404"]

[[operations]]
include-path = "/statements/{{digits}}"
parameters = {{ digits = "{digits}" }}

[[operations]]
include-path = "/id/{{kind}}/{{digits}}"
parameters = {{ kind = "statement", digits = "{digits}" }}
"""


def test_it_does_what_its_description_says(built: Path, tmp_path: Path) -> None:
    paths = [f"/queries/{name}" for name in names() if name != SOME] + ["/view"]
    left_out = [] if os.environ.get("KG_WHOLE_API") else paths
    with serving(built, "--rate", "0") as served:
        found = served.sparql("SELECT ?s { ?s a pf:Statement } LIMIT 1").json
        digits = found["results"]["bindings"][0]["s"]["value"].rsplit("/", 1)[-1]
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG.format(digits=digits))
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{served.address}/openapi.json", "--checks", "all", "--no-color"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--no-shrink"),
            *("--seed", "1", "--generation-deterministic", "--suppress-health-check", "all"),
            *("--continue-on-failure", "--warnings", "off"),
            *(part for path in left_out for part in ("--exclude-path", path)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    said = "\n".join(line[:300] for line in done.stdout.splitlines())
    if "No module named" in done.stderr:
        pytest.fail(done.stderr)
    assert done.returncode == 0, said[-6000:] + done.stderr[-2000:]
    assert f"Tested: {11 + len(names()) - len(left_out)}" in said, said[-2000:]
    assert not [line for line in served.log if " 500 " in line.partition(" ms")[0][-20:]]

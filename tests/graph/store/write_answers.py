"""Writes the committed answers anew: `python -m tests.graph.store.write_answers`. Read the difference afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from graph.store import open_store
from graph.store.queries import run
from tests.graph.store.small_graph import graphs

HERE = Path(__file__).parent


def main() -> None:
    with open_store("memory:") as store:
        store.replace_graphs(graphs())
        for name, case in yaml.safe_load((HERE / "query_cases.yaml").read_text(encoding="utf-8")).items():
            answer = run(store, case["query"], **case.get("parameters", {}))
            text = json.dumps(answer, ensure_ascii=False, indent=1)
            (HERE / "answers" / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""`python -m bench NAME [--runs 3] [--size N] [--json]`: runs one workload and prints what it found."""

import argparse
import asyncio
import importlib
import json
import sys

WORKLOADS = {"W2": "bench.w2_welcome", "W3": "bench.w3_latency", "W4": "bench.w4_match"}


def main() -> int:
    """Exit 0 when the workload ran, 2 for a name that is none."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("workload", choices=sorted(WORKLOADS), type=str.upper)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--size", type=int, default=None, help="smaller or larger than the workload's definition")
    parser.add_argument("--profile", action="store_true", help="also print where the worker's time goes")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    workload = importlib.import_module(WORKLOADS[arguments.workload])
    figures = asyncio.run(workload.run(runs=arguments.runs, size=arguments.size, profile=arguments.profile))
    if arguments.json:
        print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Checks everything under deploy; what it found is told at the end, all of it."""
import sys
import time

import chart
import dependencies
import documents
import image
import monitoring
import permissions
import rendering
import schemas
import security
import sources
from problems import Problems


def main():
    started = time.monotonic()
    problems = Problems()
    facts = sources.Facts(problems)
    renderings = rendering.all_of_them(problems)
    helm = chart.check(facts, problems)
    everything = renderings | helm
    schemas.check(everything, problems)
    permissions.check(everything, facts, problems)
    security.check(everything, facts, problems)
    monitoring.check(everything, facts, problems)
    image.check(problems)
    dependencies.check(problems)
    documents.check(facts, problems)
    problems.tell()
    print(f"{'FAILED' if problems.found else 'ok'} in {time.monotonic() - started:.1f} s")
    return 1 if problems.found else 0


sys.exit(main())

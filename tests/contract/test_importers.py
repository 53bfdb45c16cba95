"""Every importer passes the published checks on its golden files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.importers import BUILTIN, identify
from fanal.testing.importer_checks import OWN_CHECKS, check_importer, leaves_the_others

GOLDEN = Path(__file__).parent.parent / "golden"
SAMPLES = {kind: sorted((GOLDEN / kind.name).glob("*.input.*")) for kind in BUILTIN}


@pytest.mark.parametrize("check", OWN_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.name)
def test_own_samples(kind, check):
    check(kind(), SAMPLES[kind])


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.name)
def test_samples_of_others(kind):
    """Broader importers may claim what a narrower one claims too: the narrowest reads it."""
    others = [p for other in SAMPLES if other.breadth <= kind.breadth for p in SAMPLES[other]]
    leaves_the_others(kind(), [p for p in others if p not in SAMPLES[kind] and identify(p) is kind])
    for path in SAMPLES[kind]:
        assert identify(path) is kind


def test_check_importer_runs_everything():
    kind = BUILTIN[0]
    check_importer(kind(), SAMPLES[kind], [])

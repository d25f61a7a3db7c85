"""What every peer's result records about the machine; and where the published weights are."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ESPALIER_SHARED", ROOT.parent / "shared"))
LITE_WEIGHTS = SHARED / "weights" / "efficientnet-lite0-57934424.pth"
FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16", "amx_int8")

sys.path.insert(0, str(ROOT / "tools" / "golden"))


def machine() -> dict:
    """Processor, its features that matter, load, threads, versions."""
    import torch

    cpuinfo = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    lines = dict(line.split(":", 1) for line in cpuinfo.split("\n\n")[0].splitlines() if ":" in line)
    facts = {k.strip(): v.strip() for k, v in lines.items()}
    flags = facts.get("flags", "").split()
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    if "fastai" in sys.modules:
        versions["fastai"] = sys.modules["fastai"].__version__
    return {
        "cpu": facts.get("model name", platform.processor()), "cores": os.cpu_count(), "threads": torch.get_num_threads(),
        "features": [f for f in FEATURES if f in flags], "aten": torch.backends.cpu.get_cpu_capability(),
        "limits": {k: os.environ[k] for k in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "OMP_NUM_THREADS") if k in os.environ},
        "load": round(os.getloadavg()[0], 2), "versions": versions,
    }


def report(**result) -> None:
    """Prints one line of JSON: the result, then the machine."""
    print(json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in result.items()} | {"machine": machine()}), flush=True)

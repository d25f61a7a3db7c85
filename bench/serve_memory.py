"""Asks a running `espalier serve` many times and tells the resident memory of its process after every tenth.

    ESPALIER_JAVA_OPTS=-Xmx256m ./espalier serve model.safetensors --port 8080 &
    python3 bench/serve_memory.py --url http://127.0.0.1:8080 --pid PID --pictures DIR [--clients 16] [--requests 10000]

PID is the Java process. Only Python's own library is needed.
"""

import argparse
import http.client
import itertools
import threading
import time
import urllib.parse
from pathlib import Path


def resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--requests", type=int, default=10_000)
    options = parser.parse_args()
    host = urllib.parse.urlsplit(options.url).netloc
    files = sorted(f for f in options.pictures.rglob("*") if f.suffix.lower() in (".jpg", ".jpeg", ".png"))[:200]
    pictures = [f.read_bytes() for f in files]
    numbers, lock, statuses, figures = itertools.count(), threading.Lock(), {}, []

    def client() -> None:
        connection = http.client.HTTPConnection(host, timeout=120)
        while True:
            with lock:
                number = next(numbers)
            if number >= options.requests:
                return
            connection.request(
                "POST", "/api/predict", pictures[number % len(pictures)], {"Content-Type": "application/octet-stream"}
            )
            answer = connection.getresponse()
            answer.read()
            with lock:
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
                if (number + 1) % (options.requests // 10) == 0:
                    figures.append(resident(options.pid))
                    print(f"{number + 1} requests: {figures[-1]} MB", flush=True)

    print(f"before: {resident(options.pid)} MB, {len(pictures)} pictures")
    start = time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"statuses {statuses}, {options.requests / (time.monotonic() - start):.1f} a second, most {max(figures)} MB")


main()

"""Clients of a prediction server: latency and answers a second, over connections that stay open.

    python http_load.py --url http://127.0.0.1:8080/api/predict --data DIR [--clients 1,16] [--seconds 20]

Works on `espalier serve` (`/api/predict`) and on `litserve_server.py` (`/predict`). Each client sends the photos of DIR in turn, as
multipart/form-data, and waits for each answer. The clients take some of the same processors.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

BOUNDARY = "espalier-bench-boundary"


def multipart(file: Path) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + file.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()


def client(url, bodies, first: int, end: float, times: list, refused: list):
    connection, i = http.client.HTTPConnection(url.hostname, url.port, timeout=60), first
    while time.perf_counter() < end:
        begin = time.perf_counter()
        connection.request("POST", url.path, bodies[i % len(bodies)], {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
        answer = connection.getresponse()
        answer.read()
        (times if answer.status == 200 else refused).append(time.perf_counter() - begin)
        i += 1


def load(url, bodies, clients: int, seconds: float):
    times, refused, begin = [], [], time.perf_counter()
    threads = [threading.Thread(target=client, args=(url, bodies, 7 * k, begin + seconds, times, refused)) for k in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times), len(refused), time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clients", default="1,16")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each number of clients, after a quarter of it to warm up")
    args = parser.parse_args()
    bodies = [multipart(file) for file in sorted(args.data.rglob("*.jpg"))[:128]]
    url = urlsplit(args.url)
    for clients in (int(text) for text in args.clients.split(",")):
        load(url, bodies, clients, args.seconds / 4)
        times, refused, wall = load(url, bodies, clients, args.seconds)
        print(json.dumps({
            "work": "serving", "url": args.url, "clients": clients, "answers": len(times), "refused": refused,
            "per_second": round(len(times) / wall, 2), "p50_ms": round(1000 * statistics.median(times), 2),
            "p99_ms": round(1000 * times[min(len(times) - 1, int(0.99 * len(times)))], 2)}), flush=True)


if __name__ == "__main__":
    main()

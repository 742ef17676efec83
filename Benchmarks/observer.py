"""An outside observer: two watches on the lab's API that note when the node and its pods change."""

import http.client
import json
import ssl
import threading
import time
import urllib.parse

from lab import TOKEN


class Observer:
    """Stamps each line of the watches when it arrives, and reads it only afterwards, so as to disturb little."""

    def __init__(self, lab, pods):
        self.lab, self.count = lab, pods
        self.lines = {"nodes": [], "pods": []}
        self.known, self.gone, self.empty = threading.Event(), 0, threading.Event()
        node = urllib.parse.quote(lab.node)
        paths = {"nodes": f"/api/v1/nodes?watch=true&fieldSelector=metadata.name%3D{node}",
                 "pods": f"/api/v1/namespaces/default/pods?watch=true&fieldSelector=spec.nodeName%3D{node}"}
        self.threads = [threading.Thread(target=self.follow, args=item, daemon=True) for item in paths.items()]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        if not self.known.wait(60):
            raise TimeoutError("the watch did not show all pods")
        return self

    def __exit__(self, *_):
        pass  # the watches end with the lab

    def follow(self, what, path):
        """One watch, line by line."""
        address = urllib.parse.urlsplit(self.lab.addresses["kubernetes"])
        # The lab's certificate is made anew at each start; this is loopback.
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(address.hostname, address.port, context=context)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            lines = self.lines[what]
            while line := answer.readline():
                lines.append((time.time(), line))
                if what == "pods":
                    self.count_pod(line, len(lines))
        except (OSError, http.client.HTTPException):
            pass  # the lab ended
        finally:
            connection.close()

    def count_pod(self, line, lines):
        """Tells when all pods were seen, and when all are gone."""
        if line.startswith(b'{"type":"DELETED"'):
            self.gone += 1
            if self.gone >= self.count:
                self.empty.set()
        elif lines >= self.count:
            self.known.set()

    def pods(self):
        """Name and uid of each pod that has to leave."""
        found = [json.loads(line)["object"]["metadata"] for _, line in self.lines["pods"][:self.count]]
        return [(pod["name"], pod["uid"]) for pod in found]

    def times(self):
        """When the node was unschedulable, the first and last pod told to leave, the last one gone; None for never."""
        cordoned = next((at for at, line in self.lines["nodes"]
                         if json.loads(line)["object"]["spec"].get("unschedulable")), None)
        accepted, gone = {}, []
        for at, line in self.lines["pods"]:
            event = json.loads(line)
            metadata = event["object"]["metadata"]
            if metadata.get("deletionTimestamp"):
                accepted.setdefault(metadata["uid"], at)
            if event["type"] == "DELETED":
                gone.append(at)
        return {"cordoned": cordoned, "first": min(accepted.values(), default=None),
                "accepted": max(accepted.values(), default=None), "empty": max(gone, default=None),
                "pods": len(accepted)}

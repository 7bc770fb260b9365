"""A running salla-sim, its control API, and a folder for the homes that read it; falaj beside it."""
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from results import ROOT

BENCH = os.path.join(ROOT, "build", "bench")
FALAJ = os.path.join(ROOT, "build", "bin", "falaj")
SIMULATOR = os.path.join(ROOT, "build", "bin", "salla-sim")
TOKEN = "sim-token"


def new_folder(prefix):
    """Removed once all is measured. Where files were removed, ext4 without a journal is slow to make new ones for five
    minutes (13 times as slow, seen here), so each folder is made where the disk is empty: that is what `T` asks for."""
    os.makedirs(BENCH, exist_ok=True)
    subprocess.run(["chattr", "+T", BENCH], stderr=subprocess.DEVNULL, check=False)
    folder = tempfile.mkdtemp(prefix=prefix, dir=BENCH)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def peak_memory(process):
    """Bytes; of a process that still runs."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024


class SimulatedStore:
    """Serves until the `with` block ends. Arguments are options of `salla-sim serve`."""

    def __init__(self, *arguments, time_scale=1):
        self.time_scale = time_scale
        command = [SIMULATOR, "serve", "--port", "0", "--time-scale", str(time_scale), *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            sys.exit(f"bench: salla-sim did not start; its first line was: {line!r}")
        self.base_url = line[line.index("http://"):].strip()
        self.origin = "/".join(self.base_url.split("/")[:3])
        self.folder = new_folder("store-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()

    def control(self, path, method="GET", body=None):
        """One call of the control API: `path` is what follows /_sim/, a body makes it a POST."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + "/_sim/" + path, data=data, headers={"content-type": "application/json"},
                                         method="POST" if body is not None else method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def count_from_a_new_minute(self):
        """Zeroes the counters when a minute of the store begins: how much of it is left is then no luck."""
        while not self.control("clock")["now"][17:19] < "03":
            time.sleep(0.5 / self.time_scale)
        self.control("counters", "DELETE")

    def environment(self, token=TOKEN):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SALLA_", "FALAJ_"))}
        return {**clean, "SALLA_API_BASE_URL": self.base_url, "SALLA_API_TOKEN": token,
                "FALAJ_TIME_SCALE": str(self.time_scale), "FALAJ_QUOTA_DIR": os.path.join(self.folder, "quota")}

    def home(self, name):
        return os.path.join(self.folder, name)

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def quota(self):
        """(granted, refused, grantable) of all stores together."""
        rows = self.control("counters")["quota"]
        return tuple(sum(store[key] for store in rows) for key in ("granted", "refused", "grantable"))


class Run:
    """A falaj run in the background; finish() gives its report."""

    def __init__(self, home, environment, *arguments):
        self.output = tempfile.TemporaryFile()
        self.started = time.perf_counter()
        self.process = subprocess.Popen([FALAJ, "run", "--home", home, "--json", "--quiet", *arguments],
                                        stdout=self.output, stdin=subprocess.DEVNULL, env=environment)
        atexit.register(self.process.terminate)  # does nothing once it has ended

    def finish(self):
        _, status, usage = os.wait4(self.process.pid, 0)
        self.seconds = time.perf_counter() - self.started
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss_mb = usage.ru_maxrss / 1024
        self.output.seek(0)
        text = self.output.read().decode()
        if self.process.returncode != 0:
            sys.exit(f"bench: falaj run ended with {self.process.returncode}: {text[-2000:]}")
        report = json.loads(text)
        if not report["reconciles"]:
            sys.exit(f"bench: the run does not reconcile: {report['verdict']}")
        return report


def falaj_json(home, environment, *arguments):
    """What a falaj command prints with --json; it must succeed."""
    done = subprocess.run([FALAJ, *arguments, "--home", home, "--json"], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: falaj {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-500:]}")
    return json.loads(done.stdout)

"""A runner of two small processes, for the tests of supervision: `supervised.py DATA`."""

from __future__ import annotations

import sys
from pathlib import Path

from fundraise.local import environment, leftovers
from fundraise.local.children import Spec
from fundraise.local.logfiles import say
from fundraise.local.places import private_folder
from fundraise.local.shares import Sole
from fundraise.local.supervisor import Asked, Supervisor

# Says who it is, has a child of its own, and leaves when told.
MEEK = """
import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print('meek is here', flush=True)
time.sleep(600)
"""
# Hears SIGTERM and stays.
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('{"level": "warning", "event": "stubborn is here"}', flush=True)
while True:
    time.sleep(600)
"""


def main(data: Path) -> int:
    folder = private_folder(private_folder(data) / "run")
    if not Sole(folder / "lock").take():
        say("taken")
        return 1
    say(f"cleared {leftovers.clear(folder, str(data))}")
    supervisor = Supervisor(data, environment.filled({environment.MARK: str(data)}))
    supervisor.listen()
    try:
        for name, code, stage, nicer in (("meek", MEEK, 0, 7), ("stubborn", STUBBORN, 1, 0)):
            command = (sys.executable, "-c", code)
            supervisor.start(Spec(name, command, stage=stage, patience=0.3, nicer=nicer))
        say("started")
        supervisor.run()
    except Asked:
        say("asked")
    finally:
        supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Opens a Word file in LibreOffice, prints how many tracked changes it shows, and accepts or rejects them all.

Run by the Python that has LibreOffice's `uno`: settle_in_libreoffice.py FILE ACCEPTED REJECTED
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def value(name: str, content: object) -> PropertyValue:
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connected(pipe: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def settled(context: object, desktop: object, file: str, result: str, order: str) -> int:
    """Open a file, count its changes, settle them, and save the result; an order of none only saves."""
    document = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (value("Hidden", True),))
    changes = document.getRedlines().createEnumeration()
    count = 0
    while changes.hasMoreElements():
        changes.nextElement()
        count += 1
    helper = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    if order:
        helper.executeDispatch(document.getCurrentController().getFrame(), f".uno:{order}", "", 0, ())
    document.storeToURL(Path(result).as_uri(), (value("FilterName", "MS Word 2007 XML"),))
    document.close(True)
    return count


def main(file: str, accepted: str, rejected: str) -> None:
    with tempfile.TemporaryDirectory() as room:
        pipe = f"papka-settle-{Path(room).name}"
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nodefault",
                f"-env:UserInstallation=file://{room}",
                f"--accept=pipe,name={pipe};urp;",
            ]
        )
        desktop = None
        try:
            context = connected(pipe)
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            found = settled(context, desktop, file, accepted, "AcceptAllTrackedChanges")
            settled(context, desktop, file, rejected, "RejectAllTrackedChanges")
            print(found)
        finally:
            if desktop is not None:
                desktop.terminate()
            office.wait(timeout=60)


if __name__ == "__main__":
    main(*sys.argv[1:])

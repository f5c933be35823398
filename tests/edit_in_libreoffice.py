"""Opens a template in LibreOffice, changes words as a methodologist would, and saves it as Word.

Run by the Python that has LibreOffice's `uno`: edit_in_libreoffice.py TEMPLATE RESULT FIND REPLACE
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
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def main(template: str, result: str, find: str, replace: str) -> None:
    with tempfile.TemporaryDirectory() as room:
        pipe = f"papka-edit-{Path(room).name}"
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
            document = desktop.loadComponentFromURL(
                Path(template).as_uri(), "_blank", 0, (value("Hidden", True),)
            )
            search = document.createReplaceDescriptor()
            search.SearchString, search.ReplaceString = find, replace
            changed = document.replaceAll(search)
            document.storeToURL(Path(result).as_uri(), (value("FilterName", "MS Word 2007 XML"),))
            document.close(True)
            print(changed)
        finally:
            if desktop is not None:
                desktop.terminate()
            office.wait(timeout=30)


main(*sys.argv[1:])

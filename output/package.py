"""A Word file as a container: opened only after it proved harmless, and written so that bytes repeat.

A template comes from outside. Before anything in it is read, its size, its members and its links are held
against limits; XML is parsed strictly, with no entity and no network.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from ..core.errors import PapkaError
from ..core.i18n import tr
from ..core.zips import BROKEN
from .zipping import Packed, Unpacked, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

MAX_FILE = 20 * 2**20
MAX_MEMBERS = 3_000
MAX_MEMBER = 40 * 2**20
MAX_TOTAL = 120 * 2**20
MAX_RATIO = 400
MAX_XML = 32 * 2**20
MAX_BRACES = 12
MAX_FIELDS = 40
"""How deep fields may be nested; Word itself stops at twenty."""

_MAIN_TYPES = frozenset(
    f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}.main+xml"
    for kind in ("document", "template")
)
_FORBIDDEN_RELATIONS = frozenset(
    {
        "aFChunk",
        "activeXControlBinary",
        "attachedToolbars",
        "control",
        "extensibility",
        "frame",
        "mailMergeHeaderSource",
        "mailMergeSource",
        "oleObject",
        "package",
        "subDocument",
        "ui",
        "vbaProject",
        "wordVbaData",
    }
)
_PAGE_ENDS = frozenset({"header", "footer"})
_FORBIDDEN_FIELD = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|INCLUDE|EMBED|PRINT|HTMLACTIVEX)"
    r"\b",
    re.IGNORECASE,
)
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"?([^\s"\\][^\s"]*)', re.IGNORECASE)
_EMPTY_TAG = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)
_FAR = re.compile(r"^\s*([a-z][a-z0-9+.\-]{1,20}:(?!\w*image)|\\\\|//)|[\\/]{2}", re.IGNORECASE)
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_EMBEDDING = (f"{W}altChunk", f"{W}subDoc", f"{W}control", f"{_OFFICE}OLEObject")
_OF_FIELDS = tuple(f"{W}{name}" for name in ("fldSimple", "fldChar", "instrText", "delInstrText", "t"))
_PROGRAMS = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"#!")
"""How objects of old office programs begin, and programs."""
_LINK = re.compile(r"(https?:|mailto:|tel:|#|[^:\\/]*$)", re.IGNORECASE)
_LONG_BRACES = re.compile(rb"[{}]{%d}" % MAX_BRACES)


class PackageFault(PapkaError):
    """A Word file is damaged, or holds what a template may not hold; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _refuse(code: str, message: str) -> PackageFault:
    return PackageFault(code, message)


@dataclass(frozen=True)
class Package:
    """The members of a Word file, in their order."""

    members: Mapping[str, bytes]

    @classmethod
    def unpacked(cls, packed: Mapping[str, Packed]) -> Package:
        """Return a file of packed members; they are unpacked when they are asked for."""
        package = cls(Unpacked(packed))
        package.__dict__["packed"] = packed
        return package

    @cached_property
    def packed(self) -> Mapping[str, Packed]:
        """The members as they lie in a file that is written."""
        return {name: Packed.of(body) for name, body in self.members.items()}

    def xml(self, name: str) -> etree._Element:
        """Parse a member strictly."""
        return parse(self.members[name], name)

    def write(self, changed: dict[str, bytes]) -> bytes:
        """Write the file with some members changed or added: same members, same order, same date, always."""
        new = {name: Packed.of(body) for name, body in changed.items()}
        return written({**self.packed, **new})


def parse(body: bytes, name: str) -> etree._Element:
    """Parse XML strictly; a DOCTYPE, an entity or a fault in the text is refused.

    Raises:
        PackageFault: The member is not the XML that Word writes.
    """
    if len(body) > MAX_XML:
        raise _refuse("D-SIZE", tr("The part {part} is too large.").format(part=name))
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:400]:
        raise _refuse("D-XML", tr("The part {part} is not written in UTF-8.").format(part=name))
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise _refuse("D-DOCTYPE", tr("The part {part} declares entities.").format(part=name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _refuse("D-XML", tr("The part {part} is damaged.").format(part=name)) from error


def open_package(data: bytes) -> Package:
    """Open a Word file after it proved harmless.

    Raises:
        PackageFault: It is no Word file, is damaged, or holds macros, outside links or a bomb.
    """
    if len(data) > MAX_FILE:
        raise _refuse("D-SIZE", tr("The file is larger than 20 MB."))
    if data[:4] != b"PK\3\4":
        raise _refuse("D-NOT-WORD", _what_it_is(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = Package(_members(archive))
    except BROKEN as error:
        raise _refuse("D-DAMAGED", tr("The Word file is damaged.")) from error
    _check_parts(package)
    return _without_attached(package)


def _what_it_is(data: bytes) -> str:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        return tr("This is an old .doc or a file with a password. Save it as .docx without one.")
    if data[:5] == b"{\\rtf":
        return tr("This is an RTF file. Save it as .docx.")
    return tr("This is not a Word file.")


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise _refuse("D-BOMB", tr("The file unpacks to more than a Word file may hold."))
    seen: set[str] = set()
    found: dict[str, bytes] = {}
    for info in infos:
        _check_member(info, seen)
        seen.add(info.filename.casefold())
        if info.filename.endswith("/"):
            continue
        try:
            with archive.open(info) as stream:
                body = stream.read(MAX_MEMBER + 1)
        except BROKEN as error:
            raise _refuse("D-DAMAGED", tr("The Word file is damaged.")) from error
        if len(body) > MAX_MEMBER or len(body) != info.file_size:
            raise _refuse("D-BOMB", tr("The file unpacks to more than a Word file may hold."))
        found[info.filename] = body
    return found


def _check_member(info: zipfile.ZipInfo, seen: set[str]) -> None:
    name = info.filename
    unsafe = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    if unsafe or any(ord(sign) < 32 for sign in name):
        raise _refuse("D-NAMES", tr("The file holds a part with an unsafe name."))
    if name.casefold() in seen:
        raise _refuse("D-NAMES", tr("The file holds one part twice."))
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refuse("D-DAMAGED", tr("The file is encrypted or packed in an unusual way."))
    bomb = info.file_size > 2**20 and info.file_size > MAX_RATIO * max(1, info.compress_size)
    if bomb or info.file_size > MAX_MEMBER:
        raise _refuse("D-BOMB", tr("The file unpacks to more than a Word file may hold."))


def _check_parts(package: Package) -> None:
    for needed in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
        if needed not in package.members:
            raise _refuse("D-NOT-WORD", tr("This is not a Word file."))
    types = package.xml("[Content_Types].xml")
    kinds = {element.get("ContentType", "") for element in types}
    if any(re.search("macroEnabled|vbaProject|activeX", one) for one in (*kinds, *package.members)):
        raise _refuse("D-MACRO", tr("The file holds macros. Save it as .docx without them."))
    main = {e.get("ContentType") for e in types if e.get("PartName") == "/word/document.xml"}
    if not main & _MAIN_TYPES:
        raise _refuse("D-NOT-WORD", tr("This is not a Word file."))
    for name, body in package.members.items():
        if name.endswith(".rels"):
            _check_relations(package, name)
        elif name.endswith(".xml"):
            if name.startswith("word/") and _LONG_BRACES.search(body):
                raise _refuse("D-BRACES", tr("The part {part} holds a long run of braces.").format(part=name))
            check_part(package.xml(name))
        elif body.startswith(_PROGRAMS):
            raise _refuse("D-EMBEDDED", tr("The file embeds another file."))


def _check_relations(package: Package, name: str) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    owner = posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
    for relation in package.xml(name).iter(f"{RELATIONSHIPS}Relationship"):
        kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
        target = relation.get("Target") or ""
        if kind in _FORBIDDEN_RELATIONS:
            words = tr("The file holds an embedded object or a macro ({kind}).")
            raise _refuse("D-EMBEDDED", words.format(kind=kind))
        if relation.get("TargetMode") == "External":
            if kind == "attachedTemplate" or (kind == "hyperlink" and _LINK.match(target)):
                continue
            raise _outside(kind)
        inside = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if inside.startswith("..") or (inside not in package.members and not target.startswith("#")):
            raise _refuse("D-DAMAGED", tr("The Word file is damaged: a part is missing."))
        # A header that has a header is a way round in a circle: LibreOffice 7.4 dies of it.
        if inside == owner or (kind in _PAGE_ENDS and posixpath.basename(owner) != "document.xml"):
            raise _refuse("D-DAMAGED", tr("The Word file is damaged: a part of it names itself."))


def _outside(kind: str) -> PackageFault:
    words = tr("The file is linked to something outside it ({kind}).")
    return _refuse("D-EXTERNAL", words.format(kind=kind))


def _without_attached(package: Package) -> Package:
    """Return a file without the template that Word would load with it, from wherever that lies.

    Every ordinary file of an office with a template of its own has such a link, so it is no reason to refuse.
    """
    changed: dict[str, bytes] = {}
    for name, body in package.members.items():
        tag = f"{RELATIONSHIPS}Relationship" if name.endswith(".rels") else f"{W}attachedTemplate"
        if b"attachedTemplate" not in body or not name.endswith((".xml", ".rels")):
            continue
        root = package.xml(name)
        for one in list(root.iter(tag)):
            parent = one.getparent()
            if parent is not None and (one.get("Type") or "/attachedTemplate").endswith("/attachedTemplate"):
                parent.remove(one)
        changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Package({**package.members, **changed}) if changed else package


# --- what Word would do with a part ----------------------------------------------------------------------


def check_part(root: etree._Element) -> None:
    """Refuse a part whose fields, objects or pictures make Word start a program or fetch something.

    Raises:
        PackageFault: Says which it is.
    """
    if next(root.iter(*_EMBEDDING), None) is not None:
        raise _refuse("D-EMBEDDED", tr("The file embeds another file."))
    if next(root.iter(f"{W}mailMerge"), None) is not None:
        raise _outside("mailMerge")
    for drawn in root.iter("{urn:schemas-microsoft-com:vml}*"):
        for attribute in ("src", f"{_OFFICE}href", f"{_OFFICE}althref"):
            if _FAR.search(drawn.get(attribute) or ""):
                raise _outside("image")
    _check_fields(root)


def _check_fields(root: etree._Element) -> None:
    """Hold each field against what fields may do, whatever pieces its code was cut into."""
    fields: list[_Field] = []
    for element in root.iter(*_OF_FIELDS):
        if element.tag == f"{W}fldSimple":
            _Field(element.get(f"{W}instr") or "").check()
        elif element.tag != f"{W}fldChar":
            if fields:
                fields[-1].take(element)
        elif element.get(f"{W}fldCharType") == "begin":
            if fields and not fields[-1].has_result:
                fields[-1].nested()
            fields.append(_Field())
            if len(fields) > MAX_FIELDS:
                raise _refuse("D-DEPTH", tr("The file holds fields nested too deep."))
        elif fields:
            fields[-1].check()
            if element.get(f"{W}fldCharType") == "end":
                fields.pop()
            else:
                fields[-1].has_result = True
    for one in fields:
        one.check()


class _Field:
    """The code of a field as it is gathered; one that somebody deleted counts as if it stood there."""

    def __init__(self, code: str = "") -> None:
        self.code = code
        self.before = code
        self.has_result = False

    def take(self, element: etree._Element) -> None:
        """Take in a piece of the code; a tag among the field's words could change which field it is."""
        words = element.text or ""
        if element.tag == f"{W}t":
            if not self.has_result and "{" in words:
                raise _field()
            return
        self.before += words
        self.code += words if element.tag == f"{W}instrText" else ""

    def nested(self) -> None:
        """Refuse a field whose kind another field inside it would say."""
        if not self.before.strip():
            raise _field()

    def check(self) -> None:
        """Refuse a field that reads files or starts programs, or could become one."""
        for code in {self.code, self.before}:
            bare = _EMPTY_TAG.sub("", code)
            link = _HYPERLINK.match(bare)
            if _FORBIDDEN_FIELD.match(bare):
                raise _field()
            if link and "{{" not in link[1] and not _LINK.match(link[1]):
                raise _outside("hyperlink")


def _field() -> PackageFault:
    return _refuse("D-FIELD", tr("The file holds a field that reads other files or programs."))

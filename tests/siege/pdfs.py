"""PDFs made to break those who read them: bombs, loops, lies, and what runs or fetches."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping


def pdf(objects: Mapping[int, str | bytes], root: int = 1, more: str = "") -> bytes:
    """Write a PDF of objects as they are given."""
    made = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(made)
        made += (
            f"{number} 0 obj\n".encode() + (body.encode() if isinstance(body, str) else body) + b"\nendobj\n"
        )
    start = len(made)
    size = max(objects) + 1
    made += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        made += f"{places.get(number, 0):010} 00000 {'n' if number in places else 'f'} \n".encode()
    made += f"trailer\n<< /Size {size} /Root {root} 0 R {more}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


def stream(body: bytes, words: str = "", *, packed: int = 1) -> bytes:
    """Return a stream, packed as often as is said."""
    for _ in range(packed):
        body = zlib.compress(body, 9)
    filters = " ".join(["/FlateDecode"] * packed)
    return f"<< /Length {len(body)} /Filter [{filters}] {words} >>\nstream\n".encode() + body + b"\nendstream"


PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> {} >>"
CATALOG = "<< /Type /Catalog /Pages 2 0 R {} >>"
DRAW = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
DOT = stream(
    b"\x80" * 100,
    "/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8",
)


def one(
    catalog: str = "", page: str = "", contents: bytes = DRAW, image: bytes = DOT, **more: str | bytes
) -> bytes:
    """Return a PDF of one page with a picture."""
    extra = {int(name[1:]): body for name, body in more.items()}
    return pdf({1: CATALOG.format(catalog), 2: PAGES, 3: PAGE.format(page), 4: contents, 5: image, **extra})


def files(port: int, bait: str) -> Iterator[tuple[str, bytes]]:
    """All of them."""
    sound = one()
    yield "sound", sound
    yield "empty", b""
    yield "head_only", b"%PDF-1.7\n"
    yield "tail_missing", sound[:-200]
    yield "no_trailer", sound.replace(b"trailer", b"trailxr")
    yield "nulls", b"%PDF-1.7\n" + bytes(100_000)
    yield "late_head", b"x" * 900 + sound
    yield "polyglot_zip", sound + b"PK\3\4" + bytes(100)
    for count in (0, -1, 2**31, 10**12, 10**30):
        yield f"count_{count}", sound.replace(b"/Count 1", f"/Count {count}".encode())
    yield "pages_self", pdf({1: CATALOG.format(""), 2: "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"})
    yield (
        "pages_loop",
        pdf(
            {
                1: CATALOG.format(""),
                2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                3: "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
            }
        ),
    )
    dag = {
        n: f"<< /Type /Pages /Kids [{n + 1} 0 R {n + 1} 0 R] /Count {2 ** (32 - n)} /Parent {max(n - 1, 2)} 0 R >>"
        for n in range(2, 32)
    }
    yield (
        "pages_dag",
        pdf({1: CATALOG.format(""), **dag, 32: "<< /Type /Page /Parent 31 0 R /MediaBox [0 0 9 9] >>"}),
    )
    deep = {n: f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 /Parent {n - 1} 0 R >>" for n in range(2, 3000)}
    yield (
        "pages_deep",
        pdf({1: CATALOG.format(""), **deep, 3000: "<< /Type /Page /Parent 2999 0 R /MediaBox [0 0 9 9] >>"}),
    )
    many = " ".join(["3 0 R"] * 60_000)
    yield (
        "pages_many",
        pdf(
            {
                1: CATALOG.format(""),
                2: f"<< /Type /Pages /Kids [{many}] /Count 60000 >>",
                3: PAGE.format(""),
                4: DRAW,
                5: DOT,
            }
        ),
    )
    yield "kids_words", sound.replace(b"[3 0 R]", b"(words)")
    yield "kids_missing", sound.replace(b"[3 0 R]", b"[99 0 R]")
    yield "root_missing", sound.replace(b"/Root 1 0 R", b"/Root 9 0 R")
    yield "root_loop", pdf({1: "1 0 R", 2: PAGES})
    yield "array_deep", one(catalog="/X " + "[" * 20_000 + "]" * 20_000)
    yield "dict_deep", one(catalog="/X " + "<< /A " * 5_000 + "1" + ">>" * 5_000)
    yield "string_open", one(catalog="/X (" + "(" * 50_000)
    yield "name_long", one(catalog="/" + "N" * 1_000_000 + " 1")
    yield "number_long", one(catalog="/X " + "9" * 100_000)
    yield "hex_long", one(catalog="/X <" + "f" * 1_000_000 + ">")
    yield "box_huge", sound.replace(b"[0 0 595 842]", b"[0 0 99999999 99999999]")
    yield "box_tiny", sound.replace(b"[0 0 595 842]", b"[0 0 0.0001 1000000]")
    yield "box_words", sound.replace(b"[0 0 595 842]", b"[(a) /b 1 0 R]")
    yield "box_nan", sound.replace(b"[0 0 595 842]", b"[0 0 nan 1e999]")
    yield "flate_bomb", one(contents=stream(bytes(2 * 10**8)))
    yield "flate_nested", one(contents=stream(bytes(10**7), packed=4))
    yield "text_bomb", one(contents=stream(b"BT /F 1 Tf (a) Tj ET " * 300_000))
    yield "states_bomb", one(contents=stream(b"q " * 500_000))
    yield "paths_bomb", one(contents=stream(b"0 0 m 9 9 l S " * 500_000))
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I 5 0 R >> >>"
    yield "form_self", one(image=stream(b"/I Do /I Do", form))
    shape = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    yield "image_huge", one(image=stream(bytes(1000), f"{shape} /Width 60000 /Height 60000"))
    yield "image_bomb", one(image=stream(bytes(2 * 10**8), f"{shape} /Width 20000 /Height 10000"))
    yield "image_full", one(image=stream(bytes(9_000 * 9_000), f"{shape} /Width 9000 /Height 9000"))
    yield "image_negative", one(image=stream(bytes(100), f"{shape} /Width -10 /Height 10"))
    yield (
        "image_jpeg_lie",
        one(
            image=b"<< /Length 4 /Filter /DCTDecode /Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceRGB /BitsPerComponent 8 >>\nstream\n\xff\xd8\xff\xd9\nendstream"
        ),
    )
    yield (
        "image_jbig2",
        one(
            image=b"<< /Length 9 /Filter /JBIG2Decode /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 >>\nstream\n\x97JB2\r\n\x1a\n\0\nendstream"
        ),
    )
    yield (
        "image_jpx",
        one(
            image=b"<< /Length 12 /Filter /JPXDecode /Type /XObject /Subtype /Image >>\nstream\n\0\0\0\x0cjP  \r\n\x87\n\nendstream"
        ),
    )
    yield "smask_loop", one(image=stream(bytes(100), f"{shape} /Width 10 /Height 10 /SMask 5 0 R"))
    yield "length_lie", sound.replace(b"/Length ", b"/Length 9999999")
    yield "length_loop", one(contents=b"<< /Length 4 0 R >>\nstream\nx\nendstream")
    yield "xref_lie", sound.replace(b"0000000", b"9999999")
    yield "xref_size", sound.replace(b"xref\n0 6", b"xref\n0 999999999")
    yield (
        "prev_loop",
        one().replace(b"trailer\n<<", b"trailer\n<< /Prev " + str(sound.find(b"xref")).encode()),
    )
    yield "start_far", sound.replace(b"startxref\n", b"startxref\n99999999999")
    yield (
        "object_stream_self",
        pdf({1: CATALOG.format(""), 2: PAGES, 3: stream(b"3 0 << >>", "/Type /ObjStm /N 99999999 /First 4")}),
    )
    yield (
        "encrypted",
        pdf(
            {1: CATALOG.format(""), 2: PAGES, 3: PAGE.format("")},
            more="/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /O (x) /U (y) /P -1 >> ",
        ),
    )
    yield (
        "encrypted_oddly",
        pdf({1: CATALOG.format(""), 2: PAGES}, more="/Encrypt << /Filter /Evil /V 99 >> "),
    )
    for name, action in {
        "script": f"<< /S /JavaScript /JS (app.launchURL('http://127.0.0.1:{port}/x')) >>", "launch": "<< /S /Launch /F (/bin/sh) >>",
        "submit": f"<< /S /SubmitForm /F (http://127.0.0.1:{port}/x) >>", "uri": f"<< /S /URI /URI (http://127.0.0.1:{port}/x) >>",
        "remote": f"<< /S /GoToR /F (file://{bait}) >>",
    }.items():  # fmt: skip
        yield (
            f"action_{name}",
            one(catalog=f"/OpenAction {action} /AA << /WC {action} >>", page=f"/AA << /O {action} >>"),
        )
    yield (
        "outside_stream",
        one(
            image=f"<< /Length 0 /F (file://{bait}) /FFilter /FlateDecode {shape} /Width 10 /Height 10 >>\nstream\n\nendstream".encode()
        ),
    )
    yield (
        "embedded",
        one(
            catalog="/Names << /EmbeddedFiles << /Names [(evil.exe) 9 0 R] >> >>",
            _9="<< /Type /Filespec /EF << /F 10 0 R >> >>",
            _10=stream(b"MZ"),
        ),
    )
    yield (
        "xfa",
        one(
            catalog="/AcroForm << /XFA [(x) 9 0 R] /Fields [] >>",
            _9=stream(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        ),
    )
    yield (
        "xmp",
        one(
            catalog="/Metadata 9 0 R",
            _9=stream(
                b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
                "/Type /Metadata /Subtype /XML",
            ),
        ),
    )
    yield "fields_self", one(catalog="/AcroForm << /Fields [9 0 R] >>", _9="<< /T (a) /Kids [9 0 R 9 0 R] >>")
    yield (
        "fields_many",
        one(catalog=f"/AcroForm << /Fields [{'9 0 R ' * 100_000}] >>", _9="<< /T (a) /V (b) /FT /Tx >>"),
    )
    yield (
        "fields_deep",
        one(
            catalog="/AcroForm << /Fields [9 0 R] >>",
            **{f"_{n}": f"<< /T (a) /Kids [{n + 1} 0 R] >>" for n in range(9, 900)},
        ),
    )
    yield "fields_words", one(catalog="/AcroForm << /Fields (words) >>")
    yield (
        "field_typed_oddly",
        one(catalog="/AcroForm << /Fields [9 0 R] >>", _9="<< /T 12 /V << /A 1 >> /FT /Tx /Kids 7 >>"),
    )
    yield "form_words", one(catalog="/AcroForm (x)")
    yield (
        "field_of_papka",
        one(
            catalog="/AcroForm << /Fields [9 0 R] >>",
            _9="<< /T (papka) /V (" + "[" * 100_000 + ") /FT /Tx >>",
        ),
    )
    signed = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Contents <{}> /ByteRange [{}] >>"
    for name, contents, span in (("empty", "", "0 0 0 0"), ("junk", "3080" + "00" * 99, "0 10 20 30"), ("negative", "00", "0 -1 -2 99999999999"),
                                 ("deep", "3080" * 5_000, "0 1 2 3"), ("long", "3084ffffffff", "0 1 2 3"), ("words", "00", "(a) /b")):  # fmt: skip
        yield (
            f"signature_{name}",
            one(
                catalog="/AcroForm << /SigFlags 3 /Fields [9 0 R] >>",
                _9="<< /T (s) /FT /Sig /V 10 0 R >>",
                _10=signed.format(contents, span),
            ),
        )
    yield (
        "outlines_loop",
        one(catalog="/Outlines 9 0 R", _9="<< /First 9 0 R /Next 9 0 R /Last 9 0 R /Title (a) >>"),
    )
    yield (
        "annots_loop",
        one(
            page="/Annots [9 0 R 3 0 R 9 0 R]",
            _9="<< /Subtype /FreeText /Contents (a) /Parent 9 0 R /Popup 9 0 R >>",
        ),
    )
    yield "annots_many", one(page=f"/Annots [{'9 0 R ' * 100_000}]", _9="<< /Subtype /Text /Contents (a) >>")
    yield (
        "inherit_loop",
        pdf(
            {
                1: CATALOG.format(""),
                2: "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>",
                3: "<< /Type /Page /Parent 2 0 R >>",
            }
        ),
    )
    yield "resources_loop", sound.replace(b"/Resources <<", b"/Resources 3 0 R /Y <<")
    yield (
        "font_loop",
        one(
            page="/Resources << /Font << /F 9 0 R >> >>",
            contents=stream(b"BT /F 9 Tf (abc) Tj ET"),
            _9="<< /Type /Font /Subtype /Type0 /BaseFont /A /DescendantFonts [9 0 R] /ToUnicode 9 0 R /Encoding 9 0 R >>",
        ),
    )
    cmap = b"1 beginbfrange <0000> <ffffffff> <0000> endbfrange\n" * 200
    yield (
        "cmap_bomb",
        one(
            page="/Resources << /Font << /F 9 0 R >> >>",
            contents=stream(b"BT /F 9 Tf (abc) Tj ET"),
            _9="<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 10 0 R >>",
            _10=stream(cmap),
        ),
    )


def mutated(whole: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """A sound PDF with bytes changed by chance."""
    dice = random.Random(seed)
    for number in range(count):
        made = bytearray(whole)
        for _ in range(dice.choice((1, 3, 10, 60))):
            at = dice.randrange(len(made))
            if dice.randrange(3):
                made[at] = dice.randrange(256)
            else:
                made[at : at + dice.randrange(9)] = dice.choice(
                    (b"", b"<<", b"[", b"9", b"0 R", b"/A ", b"endobj")
                )
        yield f"mutated_{seed}_{number}", bytes(made)

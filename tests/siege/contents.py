"""Hostile Word files whose zip and XML are sound: what their links, their fields and their sheer size can do."""

from __future__ import annotations

from .packages import (
    HEAD,
    STORIES,
    TAG,
    TYPE,
    W_NS,
    Files,
    field,
    members,
    packed,
    paper,
    paragraph,
    part,
    relations,
    story,
    types,
)

# --- links and embedded things ---------------------------------------------------------------------------

OUTSIDE = ("image", "attachedTemplate", "hyperlink", "subDocument", "oleObject", "package", "aFChunk", "frame",
           "mailMergeSource", "mailMergeHeaderSource", "externalLink", "externalLinkPath", "theme", "styles", "settings",
           "webSettings", "audio", "video", "media", "control", "customXml", "chart", "diagramData", "header", "footer",
           "printerSettings", "recipientData", "glossaryDocument", "font", "officeDocument")  # fmt: skip


def links(port: int, bait: str) -> Files:
    """Relations to things outside the file, from each part that can have them."""
    for kind in OUTSIDE:
        for how, target in {
            "http": f"http://127.0.0.1:{port}/x", "file": f"file://{bait}", "unc": r"\\127.0.0.1\share\x",
            "path": bait, "script": "javascript:alert(1)", "mhtml": f"mhtml:http://127.0.0.1:{port}/x!x-usc:",
        }.items():  # fmt: skip
            fine = kind == "attachedTemplate" or (kind == "hyperlink" and how == "http")
            made = paper(**{"word/_rels/document.xml.rels": relations((kind, target, "External"))})
            yield f"outside_{kind}_{how}", made, "" if fine else "D-E"
    for home in (
        "_rels/.rels",
        "word/_rels/settings.xml.rels",
        "word/_rels/header9.xml.rels",
        "docProps/_rels/x.rels",
    ):
        rows = [("image", f"http://127.0.0.1:{port}/x", "External")]
        if home == "_rels/.rels":
            rows.append(("officeDocument", "word/document.xml", ""))
        yield f"outside_in_{home[-16:]}", paper(**{home: relations(*rows)}), "D-EXTERNAL"
    escape = paper(**{"word/_rels/document.xml.rels": relations(("image", "../../../etc/passwd", ""))})
    yield "target_above", escape, "D-DAMAGED"
    yield (
        "target_bait",
        paper(**{"word/_rels/document.xml.rels": relations(("image", bait, ""))}),
        "D-DAMAGED",
    )
    yield "mode_case", paper(
        **{"word/_rels/document.xml.rels": relations(("image", f"http://127.0.0.1:{port}/x", "external"))}
    ), "D-"  # fmt: skip
    yield "mode_none", paper(
        **{"word/_rels/document.xml.rels": relations(("image", f"http://127.0.0.1:{port}/x", ""))}
    ), "D-"  # fmt: skip
    yield "relation_loop", paper(
        **{"word/_rels/document.xml.rels": relations(("header", "document.xml", ""), ("x", "/_rels/.rels", ""))}
    ), ""  # fmt: skip
    yield "no_target", paper(**{"word/_rels/document.xml.rels": relations(("image", "", ""))}), ""
    yield "picture_link", paper(
        f'<w:p><w:r><w:pict><v:shape><v:imagedata src="http://127.0.0.1:{port}/x" o:href="http://127.0.0.1:{port}/y"/>'
        f'</v:shape></w:pict></w:r></w:p>'
    ), ""  # fmt: skip


def embedded() -> Files:
    """Macros, objects, controls and other files inside."""
    sound = members()
    ole = b"\xd0\xcf\x11\xe0" + bytes(600)
    macro = "application/vnd.ms-office.vbaProject"
    main = types().replace("wordprocessingml.document.main", "x")
    yield "docm", packed(
        {**sound, "[Content_Types].xml": types().replace(
            f"{TYPE}.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml").encode()}
    ), "D-MACRO"  # fmt: skip
    yield (
        "vba_typed",
        paper(**{"word/vbaProject.bin": ole, "[Content_Types].xml": types(("word/vbaProject.bin", macro))}),
        "D-MACRO",
    )
    yield "vba_untyped", paper(**{"word/vbaProject.bin": ole}), "D-MACRO"
    yield "vba_renamed", paper(
        **{"word/x.bin": ole, "word/_rels/document.xml.rels": relations(("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x.bin", ""))}
    ), "D-EMBEDDED"  # fmt: skip
    yield "active_x", paper(**{"word/activeX/activeX1.xml": f"{HEAD}<x/>"}), "D-MACRO"
    yield "ole", paper(
        **{"word/embeddings/oleObject1.bin": ole, "word/_rels/document.xml.rels": relations(("oleObject", "embeddings/oleObject1.bin", ""))}
    ), "D-EMBEDDED"  # fmt: skip
    yield "ole_unrelated", paper(**{"word/embeddings/oleObject1.bin": ole}), "D-"
    yield "executable", paper(**{"word/media/a.exe": b"MZ" + bytes(100)}), ""
    yield "package", paper(
        **{"word/embeddings/a.xlsx": paper(), "word/_rels/document.xml.rels": relations(("package", "embeddings/a.xlsx", ""))}
    ), "D-EMBEDDED"  # fmt: skip
    yield "alt_chunk", paper(
        '<w:altChunk r:id="rX0"/>',
        **{"word/a.html": "<script/>", "word/_rels/document.xml.rels": relations(("aFChunk", "a.html", ""))},
    ), "D-EMBEDDED"  # fmt: skip
    yield "alt_chunk_unrelated", paper('<w:altChunk r:id="rX0"/>'), "D-EMBEDDED"
    yield "sub_document", paper('<w:subDoc r:id="rX0"/>'), "D-EMBEDDED"
    yield "custom_ui", paper(
        **{"customUI/customUI.xml": f"{HEAD}<customUI onLoad='x'/>", "_rels/.rels": relations(
            ("officeDocument", "word/document.xml", ""),
            ("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI/customUI.xml", ""))}
    ), "D-EMBEDDED"  # fmt: skip
    yield "other_main", packed({**sound, "[Content_Types].xml": main.encode()}), "D-NOT-WORD"
    yield (
        "spreadsheet",
        packed({"[Content_Types].xml": types().encode(), "xl/workbook.xml": b"<x/>"}),
        "D-NOT-WORD",
    )
    object_ = (
        '<w:p><w:r><w:object><o:OLEObject Type="Link" ProgID="Package" r:id="rX0"/></w:object></w:r></w:p>'
    )
    yield "ole_link", paper(object_ + paragraph(TAG)), ""
    yield "mail_merge", paper(
        **{"word/settings.xml": f'{HEAD}<w:settings xmlns:w="{W_NS}"><w:mailMerge><w:dataType w:val="native"/>'
           '<w:connectString w:val="Provider=x;Data Source=x"/><w:query w:val="SELECT * FROM x"/></w:mailMerge></w:settings>'}
    ), ""  # fmt: skip


FIELDS = ("DDE cmd /c calc", "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe x", "INCLUDETEXT C:\\\\x.docx",
          "INCLUDEPICTURE http://127.0.0.1/x \\d", "IMPORT x.png", "LINK Excel.Sheet.8 C:\\\\x.xls", "DATABASE \\d x",
          "MACROBUTTON Evil x", "RD x.docx", "INCLUDE x", "dDeAuTo x", "  DDE x", "\tDDE x", "AUTOTEXT x",
          "EMBED Package", "PRINT x", "GOTOBUTTON x", "GLOSSARY x", "HTMLACTIVEX x", "CONTROL x", "ADDIN x")  # fmt: skip
FORBIDDEN_FIELDS = 13


def fields() -> Files:
    """Fields that start programs or read files, whole, cut, simple, nested, in each part."""
    for number, code in enumerate(FIELDS):
        told = "D-FIELD" if number < FORBIDDEN_FIELDS else ""
        yield f"field_{number}", paper(field(code) + paragraph(TAG)), told
        yield f"field_{number}_cut", paper(field(*code) + paragraph(TAG)), told
        yield f"field_{number}_simple", paper(f'<w:p><w:fldSimple w:instr="{code}"/></w:p>'), told
    for one, (root, kind) in STORIES.items():
        yield f"field_in_{one}", paper(**part(one, kind, story(root, field("DDEAUTO x")))), "D-FIELD"
    outer = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    inner = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    yield "field_nested", paper(outer.format("IF 1=1 ") + inner.format("DDEAUTO x", "x") + end), "D-FIELD"
    yield (
        "field_quoted",
        paper(
            outer.format(" ")
            + inner.format("QUOTE 68 68 69", "DDE")
            + "<w:r><w:instrText> c calc</w:instrText></w:r>"
            + end
        ),
        "D-FIELD",
    )
    yield "field_around", paper(outer.format("DDE") + inner.format("x", "AUTO cmd") + end), "D-FIELD"
    yield (
        "field_unended",
        paper(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>'
        ),
        "D-FIELD",
    )
    yield "field_over_paragraphs", paper(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r></w:p>'
        '<w:p><w:r><w:instrText>AUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
    ), "D-FIELD"  # fmt: skip
    yield "field_split_tag", paper(field("DDE", "{{ organisation.short_name }}", "AUTO x")), ""
    yield "field_of_data", paper(field("{{ organisation.short_name }} x")), ""
    yield "field_of_blocks", paper(field("{% if 1 %}DDEAUTO{% endif %} c calc")), ""
    yield "field_of_two", paper(field("D{# #}DE c calc")), ""
    yield "field_of_simple", paper('<w:p><w:fldSimple w:instr="{# #}DDE x"/></w:p>'), ""
    yield "field_no_instr", paper("<w:p><w:fldSimple/></w:p>" * 10), ""
    yield "field_loose", paper("<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>"), ""
    yield "field_many", paper(field("PAGE") * 5_000), ""
    yield (
        "field_depth",
        paper("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 20_000 + "</w:p>"),
        "",
    )


# --- size ------------------------------------------------------------------------------------------------


def sizes() -> Files:
    """Papers that are large, wide or odd, and within the limits of the container."""
    cell = f"<w:tc>{paragraph('x')}</w:tc>"
    row = f"<w:tr>{cell}</w:tr>"
    yield "braces", paper(paragraph("{" * 50_000)), "D-BRACES"
    yield "braces_runs", paper("<w:p>" + "<w:r><w:t>{</w:t></w:r>" * 50_000 + "</w:p>"), ""
    yield "braces_pairs", paper(paragraph("{{ " * 20_000)), ""
    yield "braces_closed", paper(paragraph("}} " * 20_000)), ""
    yield "percents", paper(paragraph("{% " * 20_000)), ""
    yield "comments", paper(paragraph("{# " * 20_000)), ""
    yield "quotes", paper(paragraph("{{ '" * 10_000)), ""
    yield "stray", paper(paragraph("{ a } " * 20_000)), ""
    yield "brackets", paper(paragraph("[[ a ]] &lt;&lt; b >> « c " * 10_000)), ""
    yield "one_run_letters", paper(paragraph("x" * 400_000)), ""
    yield "open_over_paragraphs", paper(paragraph("{{ a") * 5_000), ""
    yield "comment_over_paragraphs", paper(paragraph("{# a") + paragraph("a") * 5_000), ""
    yield (
        "rows_20000",
        paper(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{row * 20_000}</w:tbl>" + paragraph(TAG)),
        "",
    )
    yield (
        "rows_wide",
        paper(f"<w:tbl><w:tr>{cell * 20_000}</w:tr></w:tbl>" + paragraph(TAG)),
        "",
    )
    yield "no_grid", paper(f"<w:tbl>{row}</w:tbl>" + paragraph(TAG)), ""
    yield "no_grid_loop", paper(
        f"<w:tbl><w:tr><w:tc>{paragraph('{%tr for m in family.members %}')}</w:tc></w:tr><w:tr><w:tc>"
        f"{paragraph('{{ m.last_name }}')}</w:tc></w:tr><w:tr><w:tc>{paragraph('{%tr endfor %}')}</w:tc></w:tr></w:tbl>"
    ), ""  # fmt: skip
    yield "empty_cell", paper("<w:tbl><w:tr><w:tc/></w:tr></w:tbl>"), ""
    yield "empty_body", paper(""), ""
    yield (
        "span_huge",
        paper(
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{paragraph("x")}</w:tc></w:tr></w:tbl>'
        ),
        "",
    )
    yield (
        "span_word",
        paper(
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr>{paragraph("{% colspan 2 %}x")}</w:tc></w:tr></w:tbl>'
        ),
        "",
    )
    yield "paragraphs_30000", paper(paragraph("word " * 5) * 30_000), ""
    yield "tags_3000", paper(paragraph(TAG) * 3_000), ""
    yield "tags_one_paragraph", paper("<w:p>" + f"<w:r><w:t>{TAG}</w:t></w:r>" * 3_000 + "</w:p>"), ""
    yield "unclosed_3000", paper(paragraph("{% if family %}") * 3_000), ""
    yield (
        "tracked_3000",
        paper(f'<w:p><w:ins w:id="1" w:author="a">{"<w:r><w:t>x</w:t></w:r>" * 3_000}</w:ins></w:p>'),
        "",
    )
    yield "bookmarks", paper('<w:p><w:bookmarkStart w:id="1" w:name="a"/></w:p>' * 10_000), ""
    yield (
        "sdt_deep",
        paper("<w:sdt><w:sdtContent>" * 100 + paragraph(TAG) + "</w:sdtContent></w:sdt>" * 100),
        "",
    )
    yield (
        "ids_odd",
        paper(
            '<w:p><w:pPr><w:numPr><w:ilvl w:val="-5"/><w:numId w:val="99999999999999999999"/></w:numPr></w:pPr></w:p>'
            + paragraph(TAG)
        ),
        "",
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 900}"/></w:style>'
        for n in range(900)
    )
    yield "styles_loop", paper(
        '<w:p><w:pPr><w:pStyle w:val="s1"/></w:pPr><w:r><w:t>{{ x }}</w:t></w:r></w:p>',
        **{"word/styles.xml": f'{HEAD}<w:styles xmlns:w="{W_NS}">{styles}</w:styles>'},
    ), ""  # fmt: skip

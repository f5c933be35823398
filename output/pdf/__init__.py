"""PDF: engines, and the gate that each PDF passes before it is a paper."""

from __future__ import annotations

from .convert import EngineInfo, PdfInfo, PdfResult, Refusal, describe_engines, pdf_info, to_pdf
from .embedded import Rdocx
from .engines import built_in_engines, choose_engine
from .fonts import FontReport, font_report
from .libreoffice import LibreOffice
from .model import Converted, EngineFailure, PdfEngine, PdfError

__all__ = [
    "Converted",
    "EngineFailure",
    "EngineInfo",
    "FontReport",
    "LibreOffice",
    "PdfEngine",
    "PdfError",
    "PdfInfo",
    "PdfResult",
    "Rdocx",
    "Refusal",
    "built_in_engines",
    "choose_engine",
    "describe_engines",
    "font_report",
    "pdf_info",
    "to_pdf",
]

"""PDF: engines, and the gate that each PDF passes before it is a paper."""

from __future__ import annotations

from .convert import EngineInfo, PdfInfo, PdfResult, Refusal, describe_engines, pdf_info, to_pdf
from .embedded import Rdocx
from .engines import built_in_engines, choose_engine
from .fonts import FontReport, font_report
from .gotenberg import Gotenberg
from .libreoffice import LibreOffice
from .model import Converted, EngineFailure, PdfEngine, PdfError
from .pooling import Pool, pool

__all__ = [
    "Converted",
    "EngineFailure",
    "EngineInfo",
    "FontReport",
    "Gotenberg",
    "LibreOffice",
    "PdfEngine",
    "PdfError",
    "PdfInfo",
    "PdfResult",
    "Pool",
    "Rdocx",
    "Refusal",
    "built_in_engines",
    "choose_engine",
    "describe_engines",
    "font_report",
    "pdf_info",
    "pool",
    "to_pdf",
]

"""One maker for each object of the domain: a valid small one, any field of which can be given."""

from __future__ import annotations

from datetime import date
from typing import Any

from graph.ids import agency_key, row_id, target_id
from graph.model import (
    AgencyRef,
    Citation,
    Head,
    Level,
    Link,
    Mention,
    Origin,
    Period,
    Plan,
    Problem,
    RawRow,
    Relation,
    Row,
    Source,
    Target,
    Timeframe,
    TimeframeKind,
)


def make_source(**fields: Any) -> Source:
    return Source(**{"page": 1, "table": 1, "row": 2, "line_start": 10, "line_end": 12, **fields})


def make_raw_row(**fields: Any) -> RawRow:
    given = {
        "source": make_source(),
        "section": "III",
        "section_title": "CẢI CÁCH THỦ TỤC HÀNH CHÍNH",
        "objective": "Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 95% trở lên",
        "task": "Công khai thủ tục hành chính",
        "activity": "Niêm yết thủ tục tại bộ phận một cửa",
        "product": "Báo cáo",
        "lead": "Văn phòng Sở",
        "coordinating": "Các phòng, đơn vị có liên quan",
        "time": "Hằng năm",
    }
    return RawRow(**{**given, **fields})


def make_agency(name: str = "Văn phòng Sở", **fields: Any) -> AgencyRef:
    given: dict[str, Any] = {"name": name, "label": name, "kind": "unit", "province": "Tây Ninh"}
    given |= {"parent": agency_key("Sở Tư pháp", "Tây Ninh"), **fields}
    given.setdefault("key", agency_key(name, given["province"], given["parent"]))
    return AgencyRef(**given)


def make_group(name: str = "Các phòng, đơn vị có liên quan", **fields: Any) -> AgencyRef:
    return make_agency(name, **{"kind": "group", **fields})


def make_timeframe(text: str = "Hằng năm", **fields: Any) -> Timeframe:
    given = {"kind": TimeframeKind.RECURRING, "recurrence": "FREQ=YEARLY"} if text == "Hằng năm" else {}
    return Timeframe(**{"text": text, **given, **fields})


def make_row(document: str = "a-txt", index: int = 1, **fields: Any) -> Row:
    """A row; `raw` takes a RawRow or a mapping of its fields."""
    raw = fields.pop("raw", {})
    made = raw if isinstance(raw, RawRow) else make_raw_row(**raw)
    given: dict[str, Any] = {
        "id": row_id(document, index, prose=made.origin is Origin.PROSE),
        "raw": made,
        "lead": (made.lead,) if made.lead else (),
        "coordinating": (made.coordinating,) if made.coordinating else (),
        "lead_agencies": (make_agency(made.lead),) if made.lead else (),
        "coordinating_agencies": (make_group(made.coordinating),) if made.coordinating else (),
        "timeframe": make_timeframe(made.time) if made.time else None,
    }
    return Row(**{**given, **fields})


def make_target(document: str = "a-txt", index: int = 1, **fields: Any) -> Target:
    given = {
        "id": target_id(document, index),
        "text": "Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 95% trở lên",
        "metric": "Tỷ lệ hồ sơ giải quyết đúng hạn",
        "comparator": ">=",
        "value": 95.0,
        "unit": "%",
        "source": make_source(),
        "row": row_id(document, 1),
        "cell": "objective",
        "section": "III",
    }
    return Target(**{**given, **fields})


def make_mention(**fields: Any) -> Mention:
    given = {"text": "Nghị định số 107/2021/NĐ-CP", "relation": "basis", "line": 5, "source": Source(line_start=5)}
    return Mention(**{**given, **fields})


def make_citation(**fields: Any) -> Citation:
    given = {"id": "107/2021/NĐ-CP", "type": "Nghị định", "key": "107/2021/NĐ-CP", "mentions": (make_mention(),)}
    return Citation(**{**given, **fields})


def make_head(**fields: Any) -> Head:
    given = {
        "title": "Kế hoạch cải cách hành chính năm 2025",
        "issuer": "Sở Tư pháp",
        "issuer_level": Level.DEPARTMENT,
        "province": "Tây Ninh",
        "number": "12/KH-STP",
        "issued_on": date(2025, 1, 15),
        "period": Period(start=date(2025, 1, 1), end=date(2025, 12, 31)),
    }
    return Head(**{**given, **fields})


def make_problem(**fields: Any) -> Problem:
    return Problem(**{"place": Source(page=3), "reason": "Không đọc được ô này (cell not read)", **fields})


def make_plan(document: str = "a-txt", **fields: Any) -> Plan:
    """A plan with one row and its one target, unless given."""
    given = {
        "id": document,
        "source": f"{document.removesuffix('-txt')}.txt",
        "sha256": "0" * 64,
        "head": make_head(),
        "rows": (make_row(document),),
        "targets": (make_target(document),),
        "citations": (),
        "problems": (),
    }
    return Plan(**{**given, **fields})


def make_link(**fields: Any) -> Link:
    """A link from row 1 of "a-txt" to target 1 of "tinh-txt"."""
    given = {
        "from_id": row_id("a-txt", 1),
        "to_id": target_id("tinh-txt", 1),
        "from_document": "a-txt",
        "to_document": "tinh-txt",
        "from_row": row_id("a-txt", 1),
        "relation": Relation.IMPLEMENTS,
        "confidence": 0.93,
        "evidence": {"similarity": 0.91},
        "method": "rules",
    }
    return Link(**{**given, **fields})

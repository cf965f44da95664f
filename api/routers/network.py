"""The network as a page, as JSON and as GraphML."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.answers import network, plans
from api.deps import LibraryDep
from api.web.chords import chords
from api.web.render import page

router = APIRouter(tags=["network"])


@router.get("/network", include_in_schema=False)
def network_page(request: Request, library: LibraryDep, plan: str = "", law: str = "", thing: str = "") -> HTMLResponse:
    """Who depends on whom, who carries most, what stands alone, how a law reaches a task."""
    found = network.overview(library, plan)
    chains = network.reach(library, law.strip(), thing.strip()) if law.strip() else None
    return page(
        request, "network.html", library, agencies=found["agencies"][:25], of=len(found["agencies"]),
        drawing=chords(found["agencies"], found["dependencies"]), edges=found["dependencies"][:25],
        names={one["key"]: one["name"] for one in found["agencies"]}, isolated=found["isolated"], chains=chains,
        plans=plans.status(library)["plans"], chosen={"plan": plan, "law": law, "thing": thing},
        laws=library.query("laws"),
    )  # fmt: skip


@router.get("/api/v1/network")
def network_data(library: LibraryDep, format: Literal["json", "graphml"] = "json") -> Response:
    """The network of plans, targets, rows, agencies and laws: nodes and edges, or GraphML for Gephi and yEd."""
    if format == "graphml":
        headers = {"Content-Disposition": 'attachment; filename="cchc-network.graphml"'}
        return Response(network.as_graphml(library), media_type="application/xml", headers=headers)
    return JSONResponse(network.as_json(library))


@router.get("/api/v1/network/overview")
def network_overview(library: LibraryDep, plan: str = "") -> dict[str, Any]:
    """Agencies by load, dependencies by weight, targets that no link touches."""
    return network.overview(library, plan)


@router.get("/api/v1/network/reach")
def network_reach(library: LibraryDep, law: str, thing: str = "") -> list[list[dict[str, str]]]:
    """How a legal document reaches tasks: chains of law, plan, target, row."""
    return network.reach(library, law, thing)

"""How a page is declared: a family of pages, one permission for each route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from fanal.errors import ContractError
from fanal.web.permissions import SEE, Permission
from fanal.web.visits import Needs

F = TypeVar("F", bound=Callable[..., Any])


class Routes(APIRouter):
    """Routes that each declare their permission."""

    def shows(self, path: str, permission: Permission, **more: Any) -> Callable[[F], F]:
        """Declare what is read."""
        return self._route("GET", path, permission, **more)

    def does(self, path: str, permission: Permission, **more: Any) -> Callable[[F], F]:
        """Declare what changes something."""
        return self._route("POST", path, permission, **more)

    def _route(
        self, method: str, path: str, permission: Permission, **more: Any
    ) -> Callable[[F], F]:
        needed = [Depends(Needs(permission))]
        declare: Callable[[F], F] = self.api_route(
            path, methods=[method], dependencies=needed, **more
        )
        return declare


class Pages(Routes):
    """A family of pages; with `home` it has a place in the navigation, under its name."""

    def __init__(self, name: str = "", *, home: str = "", permission: Permission = SEE) -> None:
        super().__init__(include_in_schema=False, default_response_class=HTMLResponse)
        self.name, self.home, self.permission = name, home, permission


def declared(routers: Iterable[APIRouter]) -> Iterator[tuple[APIRoute, Permission]]:
    """Yield each route with its permission.

    Raises:
        ContractError: a route declares none, or several, or is no route of ours.
    """
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                raise ContractError("what is no route declares no permission", where=str(route))
            needed = [d.dependency for d in route.dependencies if isinstance(d.dependency, Needs)]
            if len(needed) != 1:
                raise ContractError(
                    f"{len(needed)} permissions declared, not one", where=route.path
                )
            yield route, needed[0].permission
